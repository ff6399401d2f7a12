public import CloudHSM
public import StrongroomModel
internal import Synchronization

/// A store that keeps everything in memory: for tests, and for worlds nobody needs to keep.
public final class MemoryStore: GroupStore {
    private struct Contents {
        var records: [GroupID: GroupRecord] = [:]
        var world: JSONValue?
    }

    private let contents: Mutex<Contents>

    /// Makes a store.
    ///
    /// - Parameter groups: What it holds, as if put there by hand.
    public init(_ groups: [ProtectionGroup] = []) {
        var contents = Contents()
        for group in groups { contents.records[group.id] = GroupRecord(group: group) }
        self.contents = Mutex(contents)
    }

    /// A group that is not there was asked for.
    public struct Missing: Error, Hashable, Sendable, CustomStringConvertible {
        /// The group.
        public let id: GroupID

        /// What is missing.
        public var description: String { "\(id.cluster) is not in the store" }
    }

    /// The groups, in order of id.
    public func groupIDs() -> [GroupID] { contents.withLock { $0.records.keys.sorted() } }

    /// One group as it was kept.
    ///
    /// - Parameter id: The group.
    /// - Returns: The record.
    /// - Throws: ``Missing`` if it is not there.
    public func record(of id: GroupID) throws -> GroupRecord {
        guard let record = contents.withLock({ $0.records[id] }) else { throw Missing(id: id) }
        return record
    }

    /// Keeps a group.
    ///
    /// - Parameter record: The group.
    public func save(_ record: GroupRecord) {
        contents.withLock { $0.records[record.group.id] = record }
    }

    /// What the simulated service keeps for the whole fleet.
    public func simulatedWorld() -> JSONValue? { contents.withLock { $0.world } }

    /// Keeps what the simulated service knows of the whole fleet.
    ///
    /// - Parameter world: The value.
    public func saveSimulatedWorld(_ world: JSONValue) {
        contents.withLock { $0.world = world }
    }
}
