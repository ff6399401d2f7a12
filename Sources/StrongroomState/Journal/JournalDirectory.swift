public import CloudHSM
public import StrongroomModel
internal import Synchronization

/// What was begun on the service and how it ended.
///
/// There is one file for each group, and one for what is about none. Each record is a line, tied to
/// the one before by its digest, added durably before anyone is told, and never edited.
public final class JournalDirectory: Sendable {
    static let directoryName = "journal"

    /// Which journal is read.
    private enum Source {
        /// One of format 1, which is only read.
        case old(HeldDirectory)
        case present(HeldDirectory)
    }

    private let root: HeldDirectory
    private let source: Source
    private let lock: StateLock?
    private let care: JournalCare?
    /// The files this run has written to.
    private let writers = Mutex<[JournalPart: JournalWriter]>([:])

    private init(
        root: HeldDirectory,
        source: Source,
        lock: StateLock? = nil,
        care: JournalCare? = nil
    ) {
        self.root = root
        self.source = source
        self.lock = lock
        self.care = care
    }

    /// Opens the journal of a state directory for reading.
    static func openForReading(
        in root: HeldDirectory,
        _ format: StateFormat
    ) throws(StateError) -> JournalDirectory {
        if format.version < StateFormat.newest {
            let directory = try JournalMigration.oldJournal(in: root)
            return JournalDirectory(root: root, source: .old(directory))
        }
        return JournalDirectory(root: root, source: .present(try directory(in: root)))
    }

    /// Opens the journal of a state directory for writing, and sees to what the last run left.
    static func openForWriting(
        in root: HeldDirectory,
        lock: StateLock
    ) throws(StateError) -> (JournalDirectory, JournalCare) {
        let directory = try directory(in: root)
        let care = try JournalCare(of: directory, lastRunWasCutShort: lock.lastRunWasCutShort)
        let source = Source.present(directory)
        let journal = JournalDirectory(root: root, source: source, lock: lock, care: care)
        return (journal, care)
    }

    private static func directory(in root: HeldDirectory) throws(StateError) -> HeldDirectory {
        guard let directory = try root.directory(directoryName) else {
            throw .missing(file: root.path(of: directoryName))
        }
        return directory
    }

    private var directory: HeldDirectory {
        switch source {
        case .old(let directory), .present(let directory): directory
        }
    }
}

extension JournalDirectory {
    /// What the journal says: entries without an outcome, those of lately, the records of recovery
    /// points, what people agreed to and was used lately, and what cannot be read.
    ///
    /// - Parameter moment: What was begun, ended or used then or later is of lately.
    /// - Returns: The journal, its entries in the order they were begun.
    /// - Throws: When it cannot be listed; damage of a part is in the reading's gaps.
    public func reading(since moment: Timestamp) throws(StateError) -> JournalReading {
        var reading = try wholeReading()
        let points = RecoveryPointRecords(reading.entries)
        reading.entries.removeAll { entry in
            entry.outcome != nil && entry.newest < moment && !points.isStanding(entry)
        }
        reading.uses.removeAll { $0.at < moment }
        return reading
    }

    /// Everything the journal says.
    private func wholeReading() throws(StateError) -> JournalReading {
        switch source {
        case .old(let directory):
            return JournalReading(entries: try OldJournal(of: directory).entries)
        case .present(let directory):
            let scan = try JournalScan(of: directory) { isBeingWritten }
            return JournalReading(
                entries: scan.entries,
                uses: scan.chains[.fleet]?.uses ?? [],
                gaps: scan.gaps,
                losses: scan.losses
            )
        }
    }

    /// Whether a run is at work, this one perhaps, or was cut short.
    private var isBeingWritten: Bool { lock != nil || root.contains(StateLock.ownerFileName) }

    /// Keeps how far the journal's files reach, so that one that is cut or removed later is
    /// noticed.
    func finish() throws(StateError) {
        // Heads that cannot be read are damage, and mended by a person's consent only.
        guard let care, var heads = care.heads else { return }
        heads.links.merge(care.links) { _, new in new }
        for (part, writer) in writers.withLock({ $0 }) {
            heads.links[part] = writer.head ?? care.heads?.links[part]
        }
        try heads.write(to: directory)
    }
}

extension JournalDirectory: Journal {
    /// Records an intent; when it returns, the record survives a power cut.
    ///
    /// - Parameter intent: What is about to be asked for.
    /// - Throws: ``StateError`` when it could not be made durable, or the file is damaged;
    ///   ``StrongroomModel/LeaseLost`` when the lock was lost.
    public func begin(_ intent: Intent) async throws {
        try requireWriting()
        guard Intent.isID(intent.id) else {
            throw StateError.journalRefusal(intent: intent.id, .malformedID)
        }
        try writer(of: JournalPart(of: intent.group)).begin(intent)
    }

    /// Records how an intent ended; when it returns, the record survives a power cut.
    public func end(_ intent: Intent, _ outcome: Outcome) async throws {
        try requireWriting()
        try writer(of: JournalPart(of: intent.group)).end(intent.id, outcome)
    }

    /// Records that something a person agreed to was used.
    public func record(_ use: ApprovalUse) async throws {
        try requireWriting()
        try writer(of: .fleet).record(use)
    }

    private func requireWriting() throws {
        guard let lock else { throw StateError.openedForReading(path: directory.path) }
        try lock.check()
    }

    private func writer(of part: JournalPart) throws(StateError) -> JournalWriter {
        let result = writers.withLock { writers in
            Result { () throws(StateError) in
                if let writer = writers[part] { return writer }
                let writer = try JournalWriter.open(part, in: directory, knownTo: care?.heads)
                writers[part] = writer
                return writer
            }
        }
        return try result.get()
    }
}

extension JournalScan {
    /// All entries, in the order they were begun.
    ///
    /// Within a file the order is the file's, whatever the moments say.
    var entries: [JournalEntry] {
        let parts = chains.sorted { $0.key.path < $1.key.path }
        var all: [(at: Timestamp, part: Int, position: Int, entry: JournalEntry)] = []
        for (part, (_, chain)) in parts.enumerated() {
            var latest: Timestamp?
            for (position, entry) in chain.entries.enumerated() {
                let at = max(latest ?? entry.intent.writtenAt, entry.intent.writtenAt)
                latest = at
                all.append((at, part, position, entry))
            }
        }
        return all.sorted { ($0.at, $0.part, $0.position) < ($1.at, $1.part, $1.position) }
            .map(\.entry)
    }

    /// The parts that lost records in a repair, and when.
    var losses: [JournalLoss] {
        chains.values.sorted { $0.part.path < $1.part.path }.compactMap { chain in
            chain.start?.lostAt.map { JournalLoss(of: chain.part.group, at: $0) }
        }
    }
}
