public import CloudHSM
public import StrongroomModel
internal import Synchronization

extension StateDirectory: GroupStore {
    /// The groups that exist, in order of id, one whose file is missing included.
    public func groupIDs() -> [GroupID] {
        index.withLock { $0.groupIDs() }
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
        index.withLock { $0.index.observations.values.sorted { $0.place < $1.place } }
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

    /// What the last run saw and wanted of each cluster; `nil` before the first.
    ///
    /// - Returns: One entry for each cluster that a manifest meant.
    /// - Throws: When it is there but cannot be read; it is then left as it is.
    public func seen() throws(StateError) -> [GroupID: SeenGroup]? {
        try SeenFile.read(from: directory)
    }

    /// Keeps what a run saw and wanted, durably.
    ///
    /// - Parameter seen: One entry for each cluster that a manifest means.
    /// - Throws: When it could not be made durable; what was known is then whole.
    public func save(_ seen: [GroupID: SeenGroup]) throws(StateError) {
        try requireWriting()
        try SeenFile.write(seen, to: directory)
    }

    private func requireWriting() throws(StateError) {
        guard let lock else { throw .openedForReading(path: path) }
        try lock.require()
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
        index.withLock { $0.index.groups.contains(id) }
    }

    /// Changes the index, and its file if it is not as before; one thread after the other.
    func updateIndex(_ change: (inout StateIndex) -> Void) throws(StateError) {
        let result = index.withLock { held -> Result<Void, StateError> in
            var changed = held.index
            change(&changed)
            guard changed != held.index else { return .success(()) }
            return Result { () throws(StateError) in
                try changed.write(to: directory)
                held = HeldIndex(changed)
            }
        }
        try result.get()
    }
}
