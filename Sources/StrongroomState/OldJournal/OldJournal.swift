internal import CloudHSM
internal import StrongroomModel

/// A journal of format 1: a file for each intent, and one beside it for its outcome.
struct OldJournal {
    /// The entries, in the order they were begun.
    let entries: [JournalEntry]

    /// Reads every file.
    ///
    /// - Throws: When one is broken or is no journal file, when an intent stands twice, or when an
    ///   outcome has no intent although it is too young to have been removed.
    init(of directory: HeldDirectory) throws(StateError) {
        let parser = JSONParser()
        var intents: [String: (name: OldJournalName, intent: Intent)] = [:]
        var outcomes: [String: (name: OldJournalName, outcome: Outcome)] = [:]
        for text in try directory.names() where !text.hasPrefix(".") {
            let name = try OldJournalName(text, in: directory)
            // A file that is gone by now was removed because it had ended long ago.
            guard try directory.load(text, into: parser) else { continue }
            let file = directory.path(of: text)
            if name.isOutcome {
                let outcome = try OldJournalFile.readOutcome(parser, of: name.intent, file: file)
                outcomes[name.intent] = (name, outcome)
            } else {
                let intent = try OldJournalFile.readIntent(parser, id: name.intent, file: file)
                guard intents.updateValue((name, intent), forKey: name.intent) == nil else {
                    let problem = StateError.ContentProblem.repeated(name: name.intent)
                    throw .content(file: file, key: "intent.id", problem)
                }
            }
        }
        entries = intents.values
            .map { name, intent in
                (name.sequence, JournalEntry(intent: intent, outcome: outcomes[intent.id]?.outcome))
            }
            .sorted { ($0.0, $0.1.intent.id) < ($1.0, $1.1.intent.id) }
            .map(\.1)
        let orphans = outcomes.filter { intents[$0.key] == nil }.values
        let newest = (entries.map(\.newest) + orphans.map(\.outcome.at)).max()
        // The intent of what ended long ago was removed before its outcome.
        for orphan in orphans {
            guard let newest, orphan.outcome.at < newest - JournalCompaction.keepsEndedFor else {
                let intent = OldJournalName(
                    sequence: orphan.name.sequence,
                    intent: orphan.name.intent,
                    isOutcome: false
                )
                throw .missing(file: directory.path(of: intent.description))
            }
        }
    }
}
