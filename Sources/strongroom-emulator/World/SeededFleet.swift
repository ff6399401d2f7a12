import CloudHSM
import StrongroomModel

/// A large fleet at rest that follows from its sizes and a seed: for benchmarks of clients.
struct SeededFleet: Hashable, Sendable {
    /// How many Regions have clusters.
    let regionCount: Int

    /// How many clusters each Region has.
    let clustersPerRegion: Int

    /// How many backups each cluster has, copies in the next Region included.
    let backupsPerCluster: Int

    /// The account that everything is in.
    let account: AccountID

    /// Decides every id.
    let seed: UInt64

    /// The Regions a fleet may be in, in this order.
    static let regions = [
        "us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "eu-west-1",
        "eu-central-1", "ap-northeast-1", "ap-southeast-1", "sa-east-1", "eu-west-2", "eu-west-3",
        "eu-north-1", "ap-south-1", "ap-northeast-2", "ap-southeast-2",
    ].compactMap { Region($0) }

    private static let retentionDays = 90

    /// The fleet's groups.
    ///
    /// - Parameter now: The present in their world.
    /// - Returns: One for each cluster, ACTIVE with two HSMs.
    func groups(at now: Timestamp) -> [ProtectionGroup] {
        (0..<regionCount).flatMap { number in
            var bits = SeededBits(seed: seed &* 0x9E37_79B9 &+ UInt64(number))
            return (0..<clustersPerRegion).map { _ in group(in: number, at: now, from: &bits) }
        }
    }

    private func group(
        in number: Int,
        at now: Timestamp,
        from bits: inout SeededBits
    ) -> ProtectionGroup {
        let region = Self.regions[number]
        let id = GroupID(
            home: Place(account: account, region: region),
            cluster: ClusterID(bits: bits.next())
        )
        let isAlone = regionCount < 2
        return ProtectionGroup(
            id: id,
            cluster: cluster(id, createdAt: now - .days(400), from: &bits),
            backups: backups(
                in: region,
                copiedTo: isAlone ? nil : Self.regions[(number + 1) % regionCount],
                at: now,
                from: &bits
            )
        )
    }

    private func cluster(
        _ id: GroupID,
        createdAt: Timestamp,
        from bits: inout SeededBits
    ) -> Cluster {
        let hexadecimal = bits.hexadecimal
        let letters = ["a", "b"]
        var subnets: [AvailabilityZone: SubnetID] = [:]
        for letter in letters {
            guard
                let zone = AvailabilityZone("\(id.home.region)\(letter)"),
                let subnet = SubnetID("subnet-\(letter)\(hexadecimal)")
            else { continue }
            subnets[zone] = subnet
        }
        var cluster = Cluster(
            id: id.cluster,
            state: .active,
            hsmType: .hsm2mMedium,
            subnets: subnets,
            retention: .days(Self.retentionDays)
        )
        cluster.mode = .fips
        cluster.networkType = .ipv4
        cluster.vpc = "vpc-\(hexadecimal)"
        cluster.securityGroup = "sg-\(hexadecimal)"
        cluster.createdAt = createdAt
        cluster.tags = ["env": "prod", "owner": "team-\(bits.next() % 37)"]
        cluster.hsms = subnets.sorted { $0.key < $1.key }.map { zone, subnet in
            HSM(
                id: HSMID(bits: bits.next()),
                zone: zone,
                subnet: subnet,
                eni: ENIID("eni-\(bits.hexadecimal)"),
                address: "10.0.\(bits.next() % 250).\(4 + bits.next() % 250)",
                type: .hsm2mMedium,
                state: .active
            )
        }
        return cluster
    }

    /// Nine in ten are the cluster's own, a day apart, and the newest of them are copied.
    private func backups(
        in region: Region,
        copiedTo other: Region?,
        at now: Timestamp,
        from bits: inout SeededBits
    ) -> [Backup] {
        let copies = other == nil ? 0 : backupsPerCluster / 10
        let own = backupsPerCluster - copies
        let newest = Duration.minutes(60 + Int(bits.next() % 1_200))
        let span = Duration.days(Self.retentionDays - 1).wholeMilliseconds
        let step = min(Duration.hours(24).wholeMilliseconds, span / Int64(max(own, 1)))
        var backups: [Backup] = []
        for age in (0..<own).reversed() {
            let backup = Backup(
                id: BackupID(bits: bits.next()),
                region: region,
                createdAt: now - newest - .milliseconds(step * Int64(age)),
                state: .ready,
                mode: .fips,
                details: Self.details
            )
            backups.append(backup)
            guard age < copies, let other else { continue }
            backups.append(copy(of: backup, in: other, as: BackupID(bits: bits.next())))
        }
        return backups
    }

    private func copy(of backup: Backup, in region: Region, as id: BackupID) -> Backup {
        Backup(
            id: id,
            region: region,
            createdAt: backup.createdAt,
            state: .ready,
            origin: CopyOrigin(
                backup: backup.id,
                region: backup.region,
                copiedAt: backup.createdAt + .minutes(30)
            ),
            mode: .fips,
            details: Self.details
        )
    }

    private static let details = BackupDetails(
        tags: ["env": "prod", "made-by": "strongroom"],
        hsmType: .hsm2mMedium
    )
}

extension SeededBits {
    /// Sixteen hexadecimal digits.
    fileprivate var hexadecimal: String {
        mutating get {
            let digits = String(next(), radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }
    }
}
