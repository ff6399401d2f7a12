public import CloudHSM
public import StrongroomModel
internal import Synchronization

/// What was begun on the service and how it ended: one file for each intent, and one beside it for
/// its outcome, each durable before anyone is told, and neither ever edited.
public final class JournalDirectory: Sendable {
    static let directoryName = "journal"

    /// Version control drops empty directories; a missing journal must not look like an empty one.
    static let keeperName = ".keep"

    /// How long an ended intent is kept, counted back from the newest entry.
    static let keepsEndedFor = Duration.days(30)

    /// What has been begun and how it ended, as far as writing needs it.
    private struct Known {
        var sequences: [String: Int] = [:]
        var outcomes: [String: Outcome] = [:]
        var lastSequence = 0
    }

    private let directory: HeldDirectory
    private let lock: StateLock?
    private let known: Mutex<Known>

    private init(directory: HeldDirectory, lock: StateLock?, known: Known) {
        self.directory = directory
        self.lock = lock
        self.known = Mutex(known)
    }

    /// Opens the journal of a state directory, for reading if there is no lock.
    static func open(
        in root: HeldDirectory,
        lock: StateLock?
    ) throws(StateError) -> JournalDirectory {
        guard let directory = try root.directory(directoryName) else {
            throw .missing(file: root.path(of: directoryName))
        }
        var known = Known()
        if lock != nil {
            try directory.removeTemporaries(among: try directory.names())
            let contents = try JournalContents(of: directory)
            try contents.removeEnded(from: directory)
            for record in contents.records {
                known.sequences[record.entry.intent.id] = record.sequence
                known.outcomes[record.entry.intent.id] = record.entry.outcome
                known.lastSequence = max(known.lastSequence, record.sequence)
            }
        }
        return JournalDirectory(directory: directory, lock: lock, known: known)
    }
}

extension JournalDirectory {
    /// Every entry, in the order they were begun.
    ///
    /// - Returns: The entries; ended ones of long ago may have been removed.
    /// - Throws: When one cannot be read; none is ever passed over.
    public func entries() throws(StateError) -> [JournalEntry] {
        try JournalContents(of: directory).records.map(\.entry)
    }

    /// The entries that matter still: those without an outcome, those of lately, and the records of
    /// recovery points.
    ///
    /// - Parameter moment: Entries begun or ended then or later are of lately.
    /// - Returns: The entries in the order they were begun.
    /// - Throws: When one cannot be read; none is ever passed over.
    public func recent(since moment: Timestamp) throws(StateError) -> [JournalEntry] {
        let entries = try entries()
        let points = RecoveryPointRecords(entries)
        return entries.filter { entry in
            guard let outcome = entry.outcome else { return true }
            return max(entry.intent.writtenAt, outcome.at) >= moment || points.isStanding(entry)
        }
    }
}

extension JournalDirectory: Journal {
    /// Records an intent; when it returns, the record survives a power cut.
    public func begin(_ intent: Intent) async throws(StateError) {
        try requireWriting()
        guard JournalFileName.isIntentID(intent.id) else {
            throw .journalRefusal(intent: intent.id, .malformedID)
        }
        let sequence = known.withLock { known -> Int? in
            guard known.sequences[intent.id] == nil else { return nil }
            known.lastSequence += 1
            // Also if the writing fails: the number is not given away again.
            known.sequences[intent.id] = known.lastSequence
            return known.lastSequence
        }
        guard let sequence else { throw .journalRefusal(intent: intent.id, .alreadyBegun) }
        try JournalFile.write(intent, sequence: sequence, to: directory)
    }

    /// Records how an intent ended; when it returns, the record survives a power cut.
    public func end(_ intent: Intent, _ outcome: Outcome) async throws(StateError) {
        try requireWriting()
        let (sequence, ended) = known.withLock { known in
            (known.sequences[intent.id], known.outcomes[intent.id])
        }
        guard let sequence else { throw .journalRefusal(intent: intent.id, .neverBegun) }
        if let ended {
            guard ended == outcome else {
                throw .journalRefusal(intent: intent.id, .alreadyEnded)
            }
            return
        }
        try JournalFile.write(outcome, of: intent.id, sequence: sequence, to: directory)
        known.withLock { $0.outcomes[intent.id] = outcome }
    }

    private func requireWriting() throws(StateError) {
        guard lock != nil else { throw .openedForReading(path: directory.path) }
    }
}
