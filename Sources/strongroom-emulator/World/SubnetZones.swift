import CloudHSM
import StrongroomModel
import Synchronization

/// In which zone a subnet lies, which on AWS is for EC2 to say: the API carries only the subnets.
///
/// What the command line says counts first, then what clusters of the Region already show. Others
/// get zones `a`, `b`, `c` and so on, in the order in which a request names them.
final class SubnetZones: Sendable {
    private let given: [SubnetID: AvailabilityZone]
    private let learned = Mutex<[Place: [SubnetID: AvailabilityZone]]>([:])

    /// Begins with what is known.
    ///
    /// - Parameter given: The zones of subnets, as the command line gives them.
    init(given: [SubnetID: AvailabilityZone]) {
        self.given = given
    }

    /// Learns from clusters that exist.
    ///
    /// - Parameters:
    ///   - clusters: The clusters.
    ///   - place: Where they are.
    func learn(from clusters: [Cluster], at place: Place) {
        learned.withLock { known in
            for cluster in clusters {
                for (zone, subnet) in cluster.subnets { known[place, default: [:]][subnet] = zone }
            }
        }
    }

    /// The zones of the subnets of one request.
    ///
    /// - Parameter place: Where the request goes.
    /// - Returns: What tells the zone of one subnet after another; `nil` where all are taken.
    func ofRequest(at place: Place) -> (SubnetID) -> AvailabilityZone? {
        var used: Set<AvailabilityZone> = []
        return { subnet in
            let zone = self.zone(of: subnet, at: place, apartFrom: used)
            if let zone { used.insert(zone) }
            return zone
        }
    }

    private func zone(
        of subnet: SubnetID,
        at place: Place,
        apartFrom used: Set<AvailabilityZone>
    ) -> AvailabilityZone? {
        if let zone = given[subnet] { return zone }
        if let zone = learned.withLock({ $0[place]?[subnet] }) { return zone }
        return "abcdefghij".lazy.compactMap { AvailabilityZone("\(place.region)\($0)") }
            .first { !used.contains($0) }
    }
}
