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

    private let directory: HeldDirectory
    private let lock: StateLock?
    private let index: Mutex<StateIndex>
    private let readers = ReaderPool()

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
        self.index = Mutex(index)
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

extension StateDirectory: GroupStore {
    /// The groups that exist, in order of id, one whose file is missing included.
    public func groupIDs() -> [GroupID] {
        index.withLock { $0.groups.sorted() }
    }

    /// One group as its file holds it.
    public func record(of id: GroupID) throws(StateError) -> GroupRecord {
        try readers.withReader { (reader) throws(StateError) in
            try reader.read(id, in: directory)
        }
    }

    /// Keeps a group; when it returns, the record survives a power cut.
    public func save(_ record: GroupRecord) throws(StateError) {
        try save([record])
    }

    /// Keeps groups; many new ones are kept faster together than one by one.
    ///
    /// - Parameter records: The groups, new or known.
    /// - Throws: When one could not be made durable; the others before it are, and every file is
    ///   whole.
    public func save(_ records: [GroupRecord]) throws(StateError) {
        try requireWriting()
        for record in records { try write(record) }
        let ids = records.map(\.group.id)
        // The file first, then the index: a crash between leaves a file that the next run lists.
        try updateIndex { $0.groups.formUnion(ids) }
    }

    /// What the simulated service keeps for the whole fleet; `nil` before its first use.
    public func simulatedWorld() throws(StateError) -> JSONValue? {
        try SimulatedWorldFile.read(from: directory)
    }

    /// Keeps what the simulated service knows of the whole fleet, durably.
    public func saveSimulatedWorld(_ world: JSONValue) throws(StateError) {
        try requireWriting()
        try SimulatedWorldFile.write(world, to: directory)
    }
}

extension StateDirectory {
    /// When each account and Region was last observed, in their order.
    public var observations: [PlaceObservation] {
        index.withLock { $0.observations.values.sorted { $0.place < $1.place } }
    }

    /// Keeps when accounts and Regions were observed, durably.
    ///
    /// - Parameter observations: One for each place that was observed; others stay as they are.
    /// - Throws: When it could not be made durable; what was known is then whole.
    public func save(_ observations: [PlaceObservation]) throws(StateError) {
        try requireWriting()
        try updateIndex { index in
            for observation in observations {
                index.observations[observation.place] = observation
            }
        }
    }

    private func requireWriting() throws(StateError) {
        guard lock != nil else { throw .openedForReading(path: path) }
    }

    private func write(_ record: GroupRecord) throws(StateError) {
        let id = record.group.id
        let file = directory.path(of: "\(id.path).json")
        let bytes: [UInt8]
        do {
            bytes = try GroupWriter.bytes(record)
        } catch {
            throw .unwritable(file: file, reason: "\(error)")
        }
        try readers.withReader { (reader) throws(StateError) in
            try reader.write(bytes, of: id, to: directory, isNew: !isListed(id))
        }
    }

    private func isListed(_ id: GroupID) -> Bool {
        index.withLock { $0.groups.contains(id) }
    }

    private func updateIndex(_ change: (inout StateIndex) -> Void) throws(StateError) {
        let result = index.withLock { index -> Result<Void, StateError> in
            var changed = index
            change(&changed)
            guard changed != index else { return .success(()) }
            return Result { () throws(StateError) in
                try changed.write(to: directory)
                index = changed
            }
        }
        try result.get()
    }
}
