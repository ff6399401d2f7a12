public import CloudHSM

/// The boundary to CloudHSM, simulated or real: what acts, and what sees.
public protocol HSMService: HSMCaller, FleetView {
    /// The clusters of a place, as one listing of it shows them.
    ///
    /// - Parameter place: The account and Region.
    /// - Returns: The clusters that are listed, those that are gone among them.
    /// - Throws: When the listing cannot be read whole.
    func clusters(at place: Place) async throws -> [Cluster]
}

extension HSMService {
    /// The clusters of a place, looked at one after the other.
    ///
    /// - Parameter place: The account and Region.
    /// - Returns: The clusters that are listed.
    /// - Throws: ``UnreadPlace``, and what looks throw.
    public func clusters(at place: Place) async throws -> [Cluster] {
        let inventory = try await inventory()
        if let reason = inventory.unreadPlaces[place] { throw UnreadPlace(place, because: reason) }
        var clusters: [Cluster] = []
        for id in inventory.groups where id.home == place {
            if let cluster = try await observe(id).cluster { clusters.append(cluster) }
        }
        return clusters
    }
}

/// A place of which a listing was not read whole.
public struct UnreadPlace: ReadingFailure, Hashable, CustomStringConvertible {
    /// The place.
    public let place: Place

    /// Why it was not read.
    public let unreadReason: UnreadReason

    /// States what was not read.
    ///
    /// - Parameters:
    ///   - place: The place.
    ///   - unreadReason: Why.
    public init(_ place: Place, because unreadReason: UnreadReason) {
        self.place = place
        self.unreadReason = unreadReason
    }

    /// Which place was not read, and why.
    public var description: String { "\(place) was not read whole: \(unreadReason)" }
}

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
