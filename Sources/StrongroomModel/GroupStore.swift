public import CloudHSM

/// The boundary to where protection groups are kept between runs.
public protocol GroupStore: Sendable {
    /// The groups that exist, in order of id.
    ///
    /// - Throws: When the list cannot be read; never answers with too few.
    func groupIDs() throws -> [GroupID]

    /// One group as it was kept.
    ///
    /// - Parameter id: A group of ``groupIDs()``.
    /// - Returns: The record.
    /// - Throws: When it is missing, broken, unreadable or of a newer format.
    func record(of id: GroupID) throws -> GroupRecord

    /// Keeps a group; when it returns, the record survives a power cut.
    ///
    /// - Parameter record: The group, new or known.
    /// - Throws: When it could not be made durable; the old record is then whole.
    func save(_ record: GroupRecord) throws

    /// What the simulated service keeps for the whole fleet; `nil` before its first use.
    ///
    /// - Throws: When it is there but cannot be read.
    func simulatedWorld() throws -> JSONValue?

    /// Keeps what the simulated service knows of the whole fleet, durably.
    ///
    /// - Parameter world: The value; its shape is the simulator's own.
    /// - Throws: When it could not be made durable; the old value is then whole.
    func saveSimulatedWorld(_ world: JSONValue) throws
}

/// A protection group as one file holds it.
public struct GroupRecord: Hashable, Sendable {
    /// The group.
    public var group: ProtectionGroup

    /// What the simulated service keeps beside it; its shape is the simulator's own.
    public var simulator: JSONValue?

    /// Joins a group and what the simulator keeps beside it.
    ///
    /// - Parameters:
    ///   - group: The group.
    ///   - simulator: What the simulated service keeps beside it.
    public init(group: ProtectionGroup, simulator: JSONValue? = nil) {
        self.group = group
        self.simulator = simulator
    }
}
