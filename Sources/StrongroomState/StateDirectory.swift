internal import CloudHSM
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

    private init(
        directory: HeldDirectory,
        format: StateFormat,
        lock: StateLock?,
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
        self.index = Mutex(HeldIndex(index))
    }

    /// Opens a state directory.
    ///
    /// - Parameters:
    ///   - path: Where it is.
    ///   - access: Whether anything is to be written.
    ///   - service: Which service's state it must hold; `nil` takes either.
    /// - Returns: The directory.
    /// - Throws: When it is not there, not a state directory, another service's, of a newer format,
    ///   not to be trusted, or held by another run; it is never taken for empty.
    public static func open(
        at path: String,
        for access: Access,
        service: ServiceKind? = nil
    ) throws(StateError) -> StateDirectory {
        guard let directory = try HeldDirectory.open(path) else { throw .noDirectory(path: path) }
        try FileTrust.checkParent(of: directory)
        guard let format = try StateFormat.read(from: directory) else {
            throw .notAStateDirectory(path: path)
        }
        if let service, service != format.service {
            throw .otherService(path: path, found: format.service, expected: service)
        }
        switch access {
        case .reading: return try openForReading(directory, format)
        case .writing(let request):
            let lock = try StateLock.take(in: directory, for: request)
            return try openForWriting(directory, format, lock)
        }
    }

    private static func openForReading(
        _ directory: HeldDirectory,
        _ format: StateFormat
    ) throws(StateError) -> StateDirectory {
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
            index: index,
            findings: findings,
            journal: try JournalDirectory.open(in: directory, lock: nil)
        )
    }

    private static func openForWriting(
        _ directory: HeldDirectory,
        _ format: StateFormat,
        _ lock: StateLock
    ) throws(StateError) -> StateDirectory {
        let survey = try StateSurvey(of: directory)
        try survey.removeTemporaries(in: directory)
        if lock.lastRunWasCutShort { try survey.sync(directory) }
        let index = try StateIndex.read(from: directory)
        let state = StateDirectory(
            directory: directory,
            format: format,
            lock: lock,
            index: index,
            findings: survey.findings(given: index),
            journal: try JournalDirectory.open(in: directory, lock: lock)
        )
        try state.updateIndex { $0.groups.formUnion(survey.groups) }
        return state
    }
}
