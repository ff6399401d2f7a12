internal import CloudHSM
internal import StrongroomModel

/// Where HSMs stand and where the next one goes; every tie is broken by name or id, so that the
/// same input gives the same plan.
///
/// Source of the order: fact sheet, section 12, "Choosing".
struct ZoneChoice {
    /// Present HSMs by mapped zone; zones without one count zero.
    private(set) var present: [AvailabilityZone: Int]

    /// HSMs that could be removed, by zone, the next to go last.
    private var removable: [AvailabilityZone: [HSMID]]

    init(subnets: [AvailabilityZone: SubnetID], hsms: [HSM]) {
        present = subnets.mapValues { _ in 0 }
        removable = [:]
        // The API dates no HSM; the highest id stands in for the newest.
        for hsm in hsms.filter(\.state.isPresent).sorted(by: { $0.id < $1.id }) {
            guard let zone = hsm.zone else { continue }
            present[zone, default: 0] += 1
            if hsm.state == .active { removable[zone, default: []].append(hsm.id) }
        }
    }

    var total: Int { present.values.reduce(0, +) }

    /// The zone for one more HSM, or `nil` if enough are present everywhere.
    func nextAddition(towards desired: DesiredHSMs) -> AvailabilityZone? {
        switch desired {
        case .total(let count): return total < count ? emptiestZone() : nil
        case .perZone(let counts):
            return counts.keys.sorted().first { (present[$0] ?? 0) < (counts[$0] ?? 0) }
        }
    }

    /// The mapped zone with the fewest present HSMs.
    func emptiestZone() -> AvailabilityZone? {
        present.min { ($0.value, $0.key) < ($1.value, $1.key) }?.key
    }

    /// The HSM to remove next, or `nil` if none is too many or none can go.
    func nextRemoval(towards desired: DesiredHSMs) -> (zone: AvailabilityZone, hsm: HSMID)? {
        let zones = removable.filter { !$0.value.isEmpty }.keys
        let chosen: AvailabilityZone? =
            switch desired {
            case .total(let count):
                total > count
                    ? zones.max { (present[$0] ?? 0, $1) < (present[$1] ?? 0, $0) } : nil
            case .perZone(let counts):
                zones.sorted().first { (present[$0] ?? 0) > (counts[$0] ?? 0) }
            }
        guard let zone = chosen, let hsm = removable[zone]?.last else { return nil }
        return (zone, hsm)
    }

    mutating func add(in zone: AvailabilityZone) { present[zone, default: 0] += 1 }

    mutating func remove(_ hsm: HSMID, in zone: AvailabilityZone) {
        present[zone, default: 0] -= 1
        removable[zone]?.removeAll { $0 == hsm }
    }
}
