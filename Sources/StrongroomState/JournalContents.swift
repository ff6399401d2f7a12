internal import CloudHSM
internal import StrongroomModel

/// Everything the journal's files say.
struct JournalContents {
    /// An entry and its number.
    struct Record {
        let sequence: Int
        let entry: JournalEntry
    }

    /// The entries, in the order they were begun.
    private(set) var records: [Record] = []

    /// Outcomes whose intents were removed before a removal was cut short.
    private var leftovers: [JournalFileName] = []

    /// Reads every file.
    ///
    /// - Throws: When one is broken or is no journal file, when an intent stands twice, or when an
    ///   outcome has no intent although it is too young to have been removed.
    init(of directory: HeldDirectory) throws(StateError) {
        let parser = JSONParser()
        var intents: [String: (name: JournalFileName, intent: Intent)] = [:]
        var outcomes: [String: (name: JournalFileName, outcome: Outcome)] = [:]
        for text in try directory.names() where !text.hasPrefix(".") {
            let name = try JournalFileName(text, in: directory)
            // A file that is gone by now was removed because it had ended long ago.
            guard try directory.load(text, into: parser) else { continue }
            let file = directory.path(of: text)
            if name.isOutcome {
                let outcome = try JournalFile.readOutcome(parser, of: name.intent, file: file)
                outcomes[name.intent] = (name, outcome)
            } else {
                let intent = try JournalFile.readIntent(parser, id: name.intent, file: file)
                guard intents.updateValue((name, intent), forKey: name.intent) == nil else {
                    let problem = StateError.ContentProblem.repeated(name: name.intent)
                    throw .content(file: file, key: "intent.id", problem)
                }
            }
        }
        records = intents.values
            .map { name, intent in
                let entry = JournalEntry(intent: intent, outcome: outcomes[intent.id]?.outcome)
                return Record(sequence: name.sequence, entry: entry)
            }
            .sorted { ($0.sequence, $0.entry.intent.id) < ($1.sequence, $1.entry.intent.id) }
        let orphans = outcomes.filter { intents[$0.key] == nil }.values
        let newest = (records.map(\.entry.newest) + orphans.map(\.outcome.at)).max()
        for orphan in orphans {
            guard let newest, orphan.outcome.at < newest - JournalDirectory.keepsEndedFor else {
                let intent = JournalFileName(
                    sequence: orphan.name.sequence,
                    intent: orphan.name.intent,
                    isOutcome: false
                )
                throw .missing(file: directory.path(of: intent.description))
            }
        }
        leftovers = orphans.map(\.name).sorted { $0.description < $1.description }
    }

    /// Removes what ended so long before the newest entry that nothing asks for it any more.
    ///
    /// The intents go first, durably: an outcome without its intent is known to be over, while an
    /// intent without its outcome would be taken for one in doubt.
    func removeEnded(from directory: HeldDirectory) throws(StateError) {
        guard let newest = records.map(\.entry.newest).max() else { return }
        let horizon = newest - JournalDirectory.keepsEndedFor
        // Which backup a recovery point means is never decided anew.
        let points = RecoveryPointRecords(records.lazy.map(\.entry))
        let over = records.filter {
            $0.entry.outcome != nil && $0.entry.newest < horizon && !points.isStanding($0.entry)
        }
        guard !over.isEmpty || !leftovers.isEmpty else { return }
        for record in over { try directory.remove(record.name(isOutcome: false).description) }
        try directory.sync()
        for record in over { try directory.remove(record.name(isOutcome: true).description) }
        for name in leftovers { try directory.remove(name.description) }
        try directory.sync()
    }
}

extension JournalContents.Record {
    fileprivate func name(isOutcome: Bool) -> JournalFileName {
        JournalFileName(sequence: sequence, intent: entry.intent.id, isOutcome: isOutcome)
    }
}

extension JournalEntry {
    /// When it was begun or ended, whichever is later.
    fileprivate var newest: Timestamp { max(intent.writtenAt, outcome?.at ?? intent.writtenAt) }
}
