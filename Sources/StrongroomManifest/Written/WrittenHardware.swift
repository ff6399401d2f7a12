import CloudHSM

/// What a cluster is made of: type, mode, network and subnets, all of them fixed at creation.
struct WrittenHardware {
    private(set) var type: Spanned<HSMType>?
    private(set) var mode: Spanned<ClusterMode>?
    private(set) var network: Spanned<NetworkType>?

    /// Zone to subnet, and where `subnets` is written.
    private(set) var subnets: Spanned<[WrittenSubnet]>?

    /// How many subnets a cluster has (botocore service model, shape `SubnetIds`).
    static let subnetCounts = 1...10

    /// Says nothing.
    init() {}

    /// Reads the four keys of a cluster's `spec`.
    init(of fields: Fields<WrittenCluster.Key>) {
        type = fields[.hsmType]?.value(.hsmType)
        mode = fields[.mode]?.choice(ClusterMode.self)
        network = fields[.networkType]?.choice(NetworkType.self)
        subnets = fields[.subnets].flatMap { WrittenSubnet.all(of: $0) }
    }

    /// Notes what creating a cluster needs and the manifest does not say.
    func requireForCreation(_ fields: Fields<WrittenCluster.Key>) {
        _ = fields.required(.hsmType, example: "hsm2m.medium")
        _ = fields.required(.mode, example: "FIPS")
        _ = fields.required(.subnets, example: "{ us-east-1a: subnet-0a1b2c3d }")
    }

    /// Zone to subnet as the other rooms know it.
    var subnetMap: Spanned<[AvailabilityZone: SubnetID]>? {
        subnets?.map { subnets in
            Dictionary(subnets.map { ($0.zone.value, $0.id.value) }) { first, _ in first }
        }
    }
}

/// One line of `subnets`.
struct WrittenSubnet {
    /// The zone.
    let zone: Spanned<AvailabilityZone>

    /// The subnet in it.
    let id: Spanned<SubnetID>

    /// Reads `subnets`.
    static func all(of field: Field) -> Spanned<[WrittenSubnet]>? {
        guard let pairs = field.pairs(keyName: "a key of \(field.name)") else { return nil }
        guard !pairs.isEmpty else {
            field.report(ValueMistake.tooFew(field.name, least: "one zone and its subnet"))
            return nil
        }
        let most = WrittenHardware.subnetCounts.upperBound
        if pairs.count > most {
            field.report(ValueMistake.tooMany(field.name, count: pairs.count, most: most))
        }
        let subnets = pairs.compactMap { key, value -> WrittenSubnet? in
            let zone = key.value(.zone)
            let id = value.value(.subnetID)
            guard let zone, let id else { return nil }
            return WrittenSubnet(zone: zone, id: id)
        }
        return Spanned(subnets, at: field.keySpan)
    }
}
