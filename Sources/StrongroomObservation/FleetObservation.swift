public import CloudHSM
public import StrongroomModel

/// What one reading of every account and Region of a fleet shows.
public struct FleetObservation: Hashable, Sendable {
    /// When the reading began, by the service's clock.
    public let at: Timestamp

    /// Every group of which anything was seen, in order of id.
    public let groups: [ProtectionGroup]

    /// The places that were not read whole, and why, naming the page.
    public let unreadPlaces: [Place: String]

    /// The groups that were not read as one thing, and why; what is shown of them is the reading
    /// under which least harm is done, and nothing may be planned from it.
    public let unreadGroups: [GroupID: String]

    /// Joins what was read.
    init(
        at: Timestamp,
        groups: [ProtectionGroup],
        unreadPlaces: [Place: String],
        unreadGroups: [GroupID: String]
    ) {
        self.at = at
        self.groups = groups.sorted { $0.id < $1.id }
        self.unreadPlaces = unreadPlaces
        self.unreadGroups = unreadGroups
    }

    /// Which groups exist, and which places were not read whole.
    public var inventory: Inventory {
        Inventory(groups: groups.map(\.id), unreadPlaces: unreadPlaces)
    }
}
