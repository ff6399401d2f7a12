internal import CloudHSM
internal import StrongroomModel

/// Where HSMs stand and where the next one goes; every tie is broken by name or id, so that the
/// same input gives the same plan.
///
/// Source of the order: fact sheet, section 12, "Choosing".
struct ZoneChoice {
    /// Present HSMs by zone: every mapped zone, and those where an HSM stands all the same.
    private(set) var present: [AvailabilityZone: Int]

    /// The zones an HSM can be added in.
    private let mapped: [AvailabilityZone]

    /// HSMs that could be removed, by zone, the next to go last.
    private var removable: [AvailabilityZone: [HSMID]]

    /// The HSM that goes before any other that is too many.
    private let temporary: HSM?

    /// The zones in which none is added as long as there is another.
    private let avoided: Set<AvailabilityZone>

    init(
        subnets: [AvailabilityZone: SubnetID],
        hsms: [HSM],
        temporary: HSM? = nil,
        avoiding avoided: Set<AvailabilityZone> = []
    ) {
        self.temporary = temporary
        self.avoided = avoided
        mapped = subnets.keys.sorted()
        present = subnets.mapValues { _ in 0 }
        removable = [:]
        // The API dates no HSM; the highest id stands in for the newest.
        let order = { (hsm: HSM) in (hsm.id == temporary?.id ? 1 : 0, hsm.id) }
        for hsm in hsms.filter(\.state.isPresent).sorted(by: { order($0) < order($1) }) {
            guard let zone = hsm.zone else { continue }
            present[zone, default: 0] += 1
            if hsm.state == .active { removable[zone, default: []].append(hsm.id) }
        }
    }

    var total: Int { present.values.reduce(0, +) }

    /// A zone that wants more HSMs but has no subnet.
    func firstUnmappedZone(of desired: DesiredHSMs) -> AvailabilityZone? {
        guard case .perZone(let counts) = desired else { return nil }
        return counts.keys.sorted().first { zone in
            (counts[zone] ?? 0) > (present[zone] ?? 0) && !mapped.contains(zone)
        }
    }

    /// The zone for one more HSM, or `nil` if enough are present everywhere.
    func nextAddition(towards desired: DesiredHSMs) -> AvailabilityZone? {
        switch desired {
        case .total(let count): total < count ? emptiestZone() : nil
        case .perZone(let counts): mapped.first { (present[$0] ?? 0) < (counts[$0] ?? 0) }
        }
    }

    /// The mapped zone with the fewest present HSMs; `nil` if no zone is mapped.
    func emptiestZone() -> AvailabilityZone? {
        let others = mapped.filter { !avoided.contains($0) }
        return (others.isEmpty ? mapped : others)
            .min { (present[$0] ?? 0, $0) < (present[$1] ?? 0, $1) }
    }

    /// The HSM to move, if a mapped zone has at least two more than another.
    var unevenness: (hsm: HSMID, from: AvailabilityZone, to: AvailabilityZone)? {
        let fullest = mapped.max { (present[$0] ?? 0, $1) < (present[$1] ?? 0, $0) }
        guard
            let to = emptiestZone(), let from = fullest, let hsm = removable[from]?.last,
            (present[from] ?? 0) - (present[to] ?? 0) >= 2
        else { return nil }
        return (hsm, from, to)
    }

    /// The same after an HSM was moved.
    func moved(
        _ hsm: HSMID,
        from: AvailabilityZone,
        to: AvailabilityZone
    ) -> ZoneChoice {
        var choice = self
        choice.add(in: to)
        choice.remove(hsm, in: from)
        return choice
    }

    /// The HSM to remove next, or `nil` if none is too many or none can go.
    func nextRemoval(towards desired: DesiredHSMs) -> (zone: AvailabilityZone, hsm: HSMID)? {
        let zones = removable.filter { !$0.value.isEmpty }.keys
        let surplus: [AvailabilityZone] =
            switch desired {
            case .total(let count): total > count ? Array(zones) : []
            case .perZone(let counts): zones.filter { (present[$0] ?? 0) > (counts[$0] ?? 0) }
            }
        if let temporary, let zone = temporary.zone, surplus.contains(zone),
            removable[zone]?.last == temporary.id
        {
            return (zone, temporary.id)
        }
        let fullest = surplus.max { (present[$0] ?? 0, $1) < (present[$1] ?? 0, $0) }
        guard let zone = fullest, let hsm = removable[zone]?.last else { return nil }
        return (zone, hsm)
    }

    mutating func add(in zone: AvailabilityZone) { present[zone, default: 0] += 1 }

    mutating func remove(_ hsm: HSMID, in zone: AvailabilityZone) {
        present[zone, default: 0] -= 1
        removable[zone]?.removeAll { $0 == hsm }
    }
}

extension Cluster {
    /// The first HSM by id that is such a one; the order in which they are listed plays no part.
    func firstHSM(where isMeant: (HSM) -> Bool) -> HSM? {
        hsms.contains(where: isMeant) ? hsms.filter(isMeant).min { $0.id < $1.id } : nil
    }
}
