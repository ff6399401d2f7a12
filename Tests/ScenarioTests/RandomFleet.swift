import CloudHSM
import StrongroomModel
import StrongroomSimulator

/// Manifests that a seed has written for a world, within what validation accepts.
struct RandomFleet {
    static let name = "acme"

    private var chance: Chance
    private let world: RandomWorld

    /// Writes the manifests of a world.
    ///
    /// - Parameters:
    ///   - world: The world.
    ///   - seed: Decides everything about them.
    /// - Returns: The fleet.
    /// - Throws: When the world's store fails, which it does not.
    static func fleet(for world: RandomWorld, seed: UInt64) throws -> DesiredFleet {
        var writer = RandomFleet(chance: Chance(seed: ~seed), world: world)
        return try writer.fleet()
    }

    private mutating func fleet() throws -> DesiredFleet {
        var clusters: [DesiredCluster] = []
        for (id, owner) in world.owners.sorted(by: { $0.key < $1.key })
        where owner == .managed || owner == .adopted {
            clusters.append(try existing(id, owner))
        }
        for index in 0..<chance.one(0, 0, 1, 2) { clusters.append(new(index)) }
        return DesiredFleet(
            name: .somewhere(Self.name),
            service: .simulator,
            stateDirectory: "state",
            accounts: [DesiredAccount(name: "prod", id: Geography.account)],
            regions: Geography.regions,
            safety: safety(),
            quotas: world.service.settings.quotas,
            clusters: clusters.shuffled(using: &chance)
        )
    }

    private mutating func safety() -> Safety {
        guard chance.happens(50) else { return .standard }
        let perRun = chance.one(0, 1, 3, 10)
        let freeze = Freeze(
            reason: "year end",
            until: beginning + .days(30),
            at: SourceLocation(file: "fleet.yaml", line: 9, column: 3)
        )
        return Safety(
            deletionsPerRun: perRun,
            deletionsPerDay: perRun + chance.one(0, 2, 10),
            deletionRatio: chance.one(0, 0.34, 0.5, 1),
            freeze: chance.happens(5) ? freeze : nil
        )
    }

    private mutating func existing(_ id: GroupID, _ owner: RandomWorld.Owner) throws
        -> DesiredCluster
    {
        let group = try world.truth(id)
        var desired = DesiredCluster(
            name: .somewhere(world.names[id] ?? "adopted", line: 2),
            region: .somewhere(id.home.region, line: 3),
            account: DesiredAccount(name: "prod", id: Geography.account)
        )
        if owner == .adopted { desired.clusterID = .somewhere(id.cluster, line: 4) }
        if let request = group.cluster?.signingRequest, chance.happens(70) {
            desired.initialization = initialization(SimulatedCertificate.signed(request))
        }
        write(zones: group.cluster?.subnets.keys.sorted() ?? [], into: &desired)
        if chance.happens(15) { desired.recoveryPoints = recoveryPoints(of: group) }
        if chance.happens(6) { desired.purge = purge() }
        if chance.happens(7) {
            let finalBackup: FinalBackup = chance.one(.keep, .keep, .none)
            desired.ensure = .somewhere(.absent(reason: "gone", finalBackup: finalBackup), line: 30)
        }
        return desired
    }

    private mutating func new(_ index: Int) -> DesiredCluster {
        let region = chance.one(Geography.regions[0], Geography.regions[1])
        var desired = DesiredCluster(
            name: .somewhere("new-\(index)", line: 2),
            region: .somewhere(region, line: 3),
            account: DesiredAccount(name: "prod", id: Geography.account)
        )
        let subnets = Geography.subnets(in: region, count: chance.number(1...3))
        desired.hsmType = .somewhere(.hsm2mMedium, line: 5)
        desired.mode = .somewhere(.fips, line: 6)
        desired.subnets = .somewhere(subnets, line: 7)
        if chance.happens(60) { desired.initialization = initialization(nil) }
        write(zones: subnets.keys.sorted(), into: &desired)
        if desired.backups.retention == nil {
            desired.backups.retention = .somewhere(.serviceDefault, line: 11)
        }
        return desired
    }

    private func initialization(_ certificate: String?) -> Located<DesiredInitialization> {
        .somewhere(
            DesiredInitialization(
                certificate: CertificateFile(path: "certs/own.crt", content: certificate),
                trustAnchor: CertificateFile(
                    path: "certs/root.crt",
                    content: SimulatedCertificate.trustAnchor
                )
            ),
            line: 20
        )
    }

    private mutating func write(zones: [AvailabilityZone], into desired: inout DesiredCluster) {
        if chance.happens(85) { desired.hsms = .somewhere(hsms(in: zones), line: 8) }
        if chance.happens(40) {
            desired.tags = .somewhere(["cost-center": "\(chance.number(1...3))"], line: 9)
        }
        desired.backups = backups()
        let others = Geography.regions.filter { $0 != desired.region.value }
        for region in others where chance.happens(45) {
            desired.copies.append(copies(in: region))
        }
    }

    private mutating func hsms(in zones: [AvailabilityZone]) -> DesiredHSMs {
        guard chance.happens(35) else {
            return .total(chance.happens(10) ? 0 : chance.number(1...4))
        }
        var counts: [AvailabilityZone: Int] = [:]
        for zone in zones { counts[zone] = chance.number(0...2) }
        if counts.values.allSatisfy({ $0 == 0 }), let first = zones.first { counts[first] = 1 }
        return .perZone(counts)
    }

    private mutating func backups() -> DesiredBackups {
        var backups = DesiredBackups()
        if chance.happens(70) {
            let period = RetentionPeriod(days: chance.one(7, 8, 10, 14, 30, 90))
            backups.retention = period.map { .somewhere($0, line: 11) }
        }
        if chance.happens(65) {
            let hours = chance.one(13, 20, 26, 48, 72)
            backups.maxAge = .somewhere(.hours(hours), line: 12)
            backups.whenStale = chance.one(.force, .force, .report)
        }
        if chance.happens(50) { backups.keepAtLeast = .somewhere(chance.number(1...5), line: 13) }
        return backups
    }

    private mutating func copies(in region: Region) -> DesiredCopies {
        var copies = DesiredCopies(region: .somewhere(region, line: 15))
        if chance.happens(70) {
            copies.maxAge = .somewhere(.hours(chance.one(13, 26, 48, 96)), line: 16)
        }
        if chance.happens(60) {
            copies.retentionDays = .somewhere(chance.one(5, 8, 14, 30), line: 17)
        }
        if chance.happens(50) { copies.keepAtLeast = .somewhere(chance.number(1...3), line: 18) }
        return copies
    }

    private mutating func purge() -> Located<DesiredPurge> {
        let removedAt = world.service.now() - chance.span(minutes: 0...(10 * 24 * 60))
        return .somewhere(
            DesiredPurge(
                materialRemovedAt: removedAt,
                reason: "expired keys",
                includePinned: chance.happens(50)
            ),
            line: 28
        )
    }

    private mutating func recoveryPoints(of group: ProtectionGroup) -> [DesiredRecoveryPoint] {
        guard let backup = chance.one(of: group.backups) else { return [] }
        let selector: DesiredRecoveryPoint.Selector = chance.one(
            .backup(backup.id),
            .takenBefore(backup.createdAt + .milliseconds(1)),
            .takenAfter(backup.createdAt),
            .newest
        )
        return [DesiredRecoveryPoint(name: .somewhere("kept", line: 25), selector: selector)]
    }
}
