/// The boundary to CloudHSM, simulated or real: what acts, and what sees.
public protocol HSMService: HSMCaller, FleetView {}

/// The half of the boundary to CloudHSM that sees: live, or as it was read once.
public protocol FleetView: Sendable {
    /// Which groups exist, and which places could be read.
    ///
    /// - Returns: The groups in a fixed order.
    /// - Throws: When nothing can be said at all.
    func inventory() async throws -> Inventory

    /// One group, every Region and page read.
    ///
    /// - Parameter id: The group.
    /// - Returns: The group.
    /// - Throws: When it, or a part of it, cannot be read.
    func observe(_ id: GroupID) async throws -> ProtectionGroup
}

/// Which groups exist, and which places could not be read whole.
public struct Inventory: Hashable, Sendable {
    /// Every group, in order of id.
    public let groups: [GroupID]

    /// The places that could not be read whole, and why.
    public let unreadPlaces: [Place: UnreadReason]

    /// Lists what exists.
    ///
    /// - Parameters:
    ///   - groups: Every group, in any order.
    ///   - unreadPlaces: The places that could not be read whole, and why.
    public init(groups: [GroupID], unreadPlaces: [Place: UnreadReason] = [:]) {
        self.groups = groups.sorted()
        self.unreadPlaces = unreadPlaces
    }
}
