import CloudHSM

/// Type, mode and network type go together, and new clusters are of a type the service still makes.
///
/// Source: fact sheet, section 15: hsm1.medium is FIPS and IPv4 only, and refused for new clusters.
@Sendable func hardwareFits(_ subject: Subject) -> [PlacedMistake] {
    let cluster = subject.cluster
    guard let type = cluster.hardware.type, type.value == .hsm1Medium else { return [] }
    var mistakes: [PlacedMistake] = []
    if let mode = cluster.hardware.mode, mode.value != .fips {
        mistakes.append(PlacedMistake(HardwareMistake.modeOfOldType, at: mode.span))
    }
    if let network = cluster.hardware.network, network.value != .ipv4 {
        mistakes.append(PlacedMistake(HardwareMistake.networkOfOldType, at: network.span))
    }
    if !cluster.isAdopted, !cluster.ensure.isAbsent {
        mistakes.append(PlacedMistake(HardwareMistake.newOfOldType, at: type.span))
    }
    return mistakes
}

/// Every zone of `subnets` lies in the cluster's Region, and no subnet lies in two zones.
@Sendable func subnetsLieInTheRegion(_ subject: Subject) -> [PlacedMistake] {
    let subnets = subject.cluster.hardware.subnets?.value ?? []
    let outside = subnets.compactMap { subnet -> PlacedMistake? in
        guard let region = subject.cluster.region?.value, subnet.zone.value.region != region else {
            return nil
        }
        let mistake = HardwareMistake.zoneOutside("\(subnet.zone.value)", region: "\(region)")
        return PlacedMistake(mistake, at: subnet.zone.span)
    }
    var seen: Set<SubnetID> = []
    let repeated = subnets.filter { !seen.insert($0.id.value).inserted }.map { subnet in
        PlacedMistake(HardwareMistake.subnetTwice("\(subnet.id.value)"), at: subnet.id.span)
    }
    return outside + repeated
}

/// HSMs are asked for only in zones with a subnet, and not more than a cluster can have.
@Sendable func hsmsHaveSubnets(_ subject: Subject) -> [PlacedMistake] {
    guard case .perZone(let zones) = subject.cluster.hsms else { return [] }
    var mistakes: [PlacedMistake] = []
    let sum = zones.value.reduce(0) { $0 + $1.count }
    if sum > Quotas.hsmsPerCluster {
        mistakes.append(PlacedMistake(HardwareMistake.tooManyHSMs(sum), at: zones.span))
    }
    let mapped = subject.cluster.hardware.subnets?.value.map(\.zone.value)
    for zone in zones.value.map(\.zone) {
        if let region = subject.cluster.region?.value, zone.value.region != region {
            let mistake = HardwareMistake.zoneOutside("\(zone.value)", region: "\(region)")
            mistakes.append(PlacedMistake(mistake, at: zone.span))
        } else if let mapped, !mapped.contains(zone.value) {
            let known = mapped.map(\.description)
            let mistake = HardwareMistake.zoneWithoutSubnet("\(zone.value)", mapped: known)
            mistakes.append(PlacedMistake(mistake, at: zone.span))
        }
    }
    return mistakes
}

/// Hardware that does not fit together, or that the service does not make.
enum HardwareMistake: Mistake, Equatable {
    case modeOfOldType
    case networkOfOldType
    case newOfOldType
    case zoneOutside(String, region: String)
    case zoneWithoutSubnet(String, mapped: [String])
    case subnetTwice(String)
    case tooManyHSMs(Int)

    var rule: String {
        switch self {
        case .modeOfOldType: "mode-does-not-fit"
        case .networkOfOldType: "network-does-not-fit"
        case .newOfOldType: "type-not-made-any-more"
        case .zoneOutside: "zone-outside-region"
        case .zoneWithoutSubnet: "zone-without-subnet"
        case .subnetTwice: "duplicate-subnet"
        case .tooManyHSMs: "too-many-hsms"
        }
    }

    var message: String {
        switch self {
        case .modeOfOldType: "hsm1.medium runs in FIPS mode only"
        case .networkOfOldType: "hsm1.medium runs on IPV4 only"
        case .newOfOldType: "the service makes no new clusters of hsm1.medium"
        case .zoneOutside(let zone, let region): "\(zone) does not lie in \(region)"
        case .zoneWithoutSubnet(let zone, _): "\(zone) has no subnet, so no HSM can be there"
        case .subnetTwice(let id): "\(id) is given for two zones, but a subnet lies in one"
        case .tooManyHSMs(let sum):
            "hsms adds up to \(sum), but a cluster has at most \(Quotas.hsmsPerCluster)"
        }
    }

    var help: String {
        switch self {
        case .modeOfOldType: "write mode: FIPS, or hsmType: hsm2m.medium"
        case .networkOfOldType: "write networkType: IPV4, or hsmType: hsm2m.medium"
        case .newOfOldType:
            "write hsmType: hsm2m.medium, or name the existing cluster with clusterId"
        case .zoneOutside(_, let region): "write a zone of \(region), such as \(region)a"
        case .zoneWithoutSubnet(_, let mapped):
            "use one of \(mapped.joined(separator: ", ")); the subnets of a cluster cannot be changed"
        case .subnetTwice: "write the subnet of each zone"
        case .tooManyHSMs: "ask for fewer HSMs, or for a second cluster"
        }
    }
}
