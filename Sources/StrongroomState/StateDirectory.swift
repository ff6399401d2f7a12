public import CloudHSM
public import StrongroomModel
internal import Synchronization

/// The actual state of a fleet, as JSON in a directory: the simulated service's memory, or the last
/// observation of the real one.
///
/// Whoever opens it for writing holds it alone until the value and its ``journal`` are gone; readers
/// are never kept out, and see every file whole. It can be used from several threads at once.
public final class StateDirectory: Sendable {
    /// What a state directory is opened for.
    public enum Access: Hashable, Sendable {
        /// Nothing is written, and nobody is kept out.
        case reading
        /// Only this run writes.
        case writing(LockRequest)
    }

    /// The path it was opened by.
    public let path: String

    /// Which service's state it holds.
    public let service: ServiceKind

    /// Tells it from every other state directory.
    public let lineage: LineageID

    /// What was begun on the service, and how it ended.
    public let journal: JournalDirectory

    /// What was found beside the files that belong there.
    public let findings: [StateFinding]

    let directory: HeldDirectory
    let lock: StateLock?
    let index: Mutex<HeldIndex>
    let readers = ReaderPool()

    /// What is kept about the last run, as it was when this was opened for reading.
    private let lastRun: RunRecord?

    private init(
        directory: HeldDirectory,
        format: StateFormat,
        lock: StateLock?,
        lastRun: RunRecord? = nil,
        index: StateIndex,
        findings: [StateFinding],
        journal: JournalDirectory
    ) {
        path = directory.path
        service = format.service
        lineage = format.lineage
        self.journal = journal
        self.findings = findings
        self.directory = directory
        self.lock = lock
        self.lastRun = lastRun
        self.index = Mutex(HeldIndex(index))
    }

    /// Opens a state directory.
    ///
    /// - Parameters:
    ///   - path: Where it is.
    ///   - access: Whether anything is to be written.
    ///   - service: Which service's state it must hold; `nil` takes either.
    ///   - anchor: What was kept of it elsewhere; one put back from an older copy is then noticed.
    ///   - storage: Whether one that is written to may lie where nothing lasts.
    /// - Returns: The directory.
    /// - Throws: When it is not there, not a state directory, another service's, of a newer format,
    ///   not to be trusted, or held by another run; it is never taken for empty.
    public static func open(
        at path: String,
        for access: Access,
        service: ServiceKind? = nil,
        anchor: StateAnchor? = nil,
        storage: StorageDemand = .lasting
    ) throws(StateError) -> StateDirectory {
        guard let directory = try HeldDirectory.open(path) else { throw .noDirectory(path: path) }
        try FileTrust.checkParent(of: directory)
        guard let format = try StateFormat.read(from: directory) else {
            throw .notAStateDirectory(path: path)
        }
        if let service, service != format.service {
            throw .otherService(path: path, found: format.service, expected: service)
        }
        if let anchor, anchor.lineage != format.lineage { throw .otherAnchor(path: path) }
        switch access {
        case .reading: return try openForReading(directory, format, anchor)
        case .writing(let request):
            try storage.check(directory)
            let lock = try StateLock.take(in: directory, for: request)
            return try openForWriting(directory, format, lock, anchor)
        }
    }

    private static func openForReading(
        _ directory: HeldDirectory,
        _ format: StateFormat,
        _ anchor: StateAnchor?
    ) throws(StateError) -> StateDirectory {
        var lastRun = try RunFile.read(from: directory)
        let lastEpoch = lastRun?.epoch ?? 0
        lastRun?.compare(with: anchor, lastEpoch: lastEpoch)
        // A writer makes a group's file first and lists it then, so the files are looked at first:
        // one it lists in between is no finding.
        let survey = try StateSurvey(of: directory)
        var index = try StateIndex.read(from: directory)
        let findings = survey.findings(given: index)
        index.groups.formUnion(survey.groups)
        return StateDirectory(
            directory: directory,
            format: format,
            lock: nil,
            lastRun: lastRun,
            index: index,
            findings: findings,
            journal: try JournalDirectory.openForReading(in: directory, format)
        )
    }

    /// Opens a directory whose lock is held.
    static func openForWriting(
        _ directory: HeldDirectory,
        _ format: StateFormat,
        _ lock: StateLock,
        _ anchor: StateAnchor?
    ) throws(StateError) -> StateDirectory {
        try OwnerOnly.tighten(directory)
        let survey = try StateSurvey(of: directory)
        try survey.removeTemporaries(in: directory)
        if lock.lastRunWasCutShort { try survey.sync(directory) }
        let migrated = try JournalMigration.run(in: directory, format)
        let (journal, care) = try JournalDirectory.openForWriting(in: directory, lock: lock)
        let lastEpoch = lock.lastRun?.epoch ?? 0
        try lock.update { run in
            run.compare(with: anchor, lastEpoch: lastEpoch)
            run.compare(withJournalOf: care.newestEpoch, lastEpoch: lastEpoch)
        }
        let index = try StateIndex.read(from: directory)
        let state = StateDirectory(
            directory: directory,
            format: format,
            lock: lock,
            index: index,
            findings: storageFindings(directory) + survey.findings(given: index) + migrated
                + care.findings,
            journal: journal
        )
        try state.updateIndex { $0.groups.formUnion(survey.groups) }
        return state
    }

    private static func storageFindings(_ directory: HeldDirectory) -> [StateFinding] {
        guard case .network(let kind) = FileSystemKind(of: directory) else { return [] }
        return [.networkFileSystem(path: directory.path, kind: kind)]
    }
}

extension StateDirectory {
    /// What is kept about the run that holds the directory, or else about the last that did; `nil`
    /// if none ever wrote.
    public var run: RunRecord? { lock?.run ?? lastRun }

    /// How often the lock of the directory was taken.
    public var epoch: Int { run?.epoch ?? 0 }

    /// The right to write to the directory; `nil` if it is open for reading.
    public var lease: (any Lease)? { lock }

    /// What to keep elsewhere, so that a directory put back from an older copy is noticed; `nil`
    /// if no run ever wrote.
    public var anchor: StateAnchor? {
        run.map { StateAnchor(lineage: lineage, epoch: $0.epoch, timeline: $0.timeline) }
    }

    /// Keeps what is known about this run, durably.
    ///
    /// - Parameter run: What ``run`` was, with other values where that is allowed.
    /// - Throws: When it could not be made durable; what was known is then whole.
    public func save(_ run: RunRecord) throws(StateError) {
        guard let lock else { throw .openedForReading(path: path) }
        try lock.require()
        try lock.update { $0 = run }
    }

    /// Ends a run that wrote: keeps how far the journal reaches, so that a file that is cut or
    /// removed later is noticed.
    ///
    /// Call it last, however the run ended; one that never gets there counts as cut short.
    ///
    /// - Parameter moment: The present moment, by the machine's clock.
    /// - Throws: When it could not be made durable.
    public func finish(at moment: Timestamp) throws(StateError) {
        guard let lock else { return }
        try lock.require()
        try journal.finish()
        try lock.update { $0.ended = moment }
    }
}
