public import CloudHSM
internal import StrongroomModel

/// How many HSMs a cluster has and is to have.
public struct HSMStatus: Hashable, Sendable, Codable {
    /// HSMs that bill.
    public let present: Int

    /// HSMs in service.
    public let healthy: Int

    /// HSMs asked for; absent where the number is unmanaged.
    public let wanted: Int?

    /// The same for each zone, ordered by zone.
    public let zones: [Zone]

    /// The HSMs of a zone.
    public struct Zone: Hashable, Sendable, Codable {
        /// The zone.
        public let zone: AvailabilityZone

        /// HSMs that bill.
        public let present: Int

        /// HSMs in service.
        public let healthy: Int

        /// HSMs asked for there; absent where only a total is asked for.
        public let wanted: Int?
    }

    init(of cluster: Cluster?, desired: DesiredHSMs?) {
        let all = cluster?.presentHSMs ?? []
        let inService = cluster?.healthyHSMs ?? []
        present = all.count
        healthy = inService.count
        wanted = desired?.count
        var perZone: [AvailabilityZone: Int]?
        if case .perZone(let counts) = desired { perZone = counts }
        let names = Set(cluster?.subnets.keys.map { $0 } ?? [])
            .union(all.compactMap(\.zone)).union(perZone?.keys.map { $0 } ?? [])
        zones = names.sorted().map { zone in
            Zone(
                zone: zone,
                present: all.count { $0.zone == zone },
                healthy: inService.count { $0.zone == zone },
                wanted: perZone.map { $0[zone] ?? 0 }
            )
        }
    }
}
