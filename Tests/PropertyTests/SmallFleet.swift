import CloudHSM
import StrongroomModel

/// Clusters that a seed has made directly, each with a manifest that a seed has written.
struct SmallFleet {
    let fleet: DesiredFleet
    let context: PlanContext
    let groups: [ProtectionGroup]

    /// How many manifests meet a group.
    var pairs: Int { fleet.clusters.count }

    /// The same, read in another order.
    func shuffled(by dice: inout Dice) -> SmallFleet {
        SmallFleet(
            fleet: DesiredFleet(
                name: fleet.name,
                service: fleet.service,
                stateDirectory: fleet.stateDirectory,
                accounts: fleet.accounts,
                regions: fleet.regions,
                safety: fleet.safety,
                quotas: fleet.quotas,
                clusters: fleet.clusters.shuffled(using: &dice)
            ),
            context: PlanContext(
                now: context.now,
                unreadPlaces: context.unreadPlaces,
                unreadGroups: context.unreadGroups,
                recentEntries: context.recentEntries,
                degradedSince: context.degradedSince
            ),
            groups: groups.shuffled(using: &dice)
        )
    }
}

/// What the small worlds are made of.
enum Parts {
    static let now = Timestamp(milliseconds: 1_795_435_200_000)
    static let account = AccountID.simulated
    static let home: Region = value("us-east-1")
    static let abroad: Region = value("eu-west-1")
    static let regions = [home, abroad]
    static let homePlace = Place(account: account, region: home)
    static let zones: [AvailabilityZone] = ["a", "b", "c"].map { value("us-east-1\($0)") }
    static let subnets: [AvailabilityZone: SubnetID] = Dictionary(
        uniqueKeysWithValues: zones.enumerated().map { ($1, value("subnet-0a1b2c3\($0)")) }
    )
    static let name = "acme"

    static func value<Value: LosslessStringConvertible>(_ text: String) -> Value {
        guard let value = Value(text) else { preconditionFailure("\(text) is none") }
        return value
    }

    /// An id whose order is that of the number.
    static func id<Kind>(_ number: Int) -> ResourceID<Kind> {
        var bytes = Array("\(Kind.prefix)".utf8) + [UInt8](repeating: UInt8(ascii: "a"), count: 11)
        var rest = number
        var index = bytes.endIndex
        while rest > 0 {
            index -= 1
            bytes[index] += UInt8(rest % 26)
            rest /= 26
        }
        return value(String(decoding: bytes, as: UTF8.self))
    }

    /// Ids made once: reading one costs more than much of a plan does.
    static let backups = (0..<1_000).map { id($0) as BackupID }
    static let hsms = (0..<1_000).map { id($0) as HSMID }
    static let interfaces = (0..<1_000).map { value("eni-0000\(1_000 + $0)") as ENIID }

    static func at<Value>(_ line: Int, _ value: Value) -> Located<Value> {
        Located(value, at: SourceLocation(file: "fleet.yaml", line: line, column: 3))
    }

    static func days(_ count: Int) -> RetentionPeriod {
        RetentionPeriod(days: count) ?? .serviceDefault
    }
}

extension Dice {
    /// So many clusters and their manifests, the clusters as a calm or a strange world has them.
    mutating func fleet(of count: Int, isStrange: Bool = true) -> SmallFleet {
        let names = (0..<count).map { "cluster-\($0)" }
        let groups = names.enumerated().compactMap { number, name -> ProtectionGroup? in
            guard !one(in: 9) else { return nil }
            // Some belong to a manifest that is gone, or to nobody.
            let owner = one(in: 12) ? (one(in: 2) ? "gone" : nil) : name
            return group(number + 1, owner: owner, isStrange: isStrange)
        }
        var unread: [Place: UnreadReason] = [:]
        if isStrange, one(in: 10) {
            unread[Place(account: Parts.account, region: pick(Parts.regions))] = "page 2 is missing"
        }
        let safety =
            one(in: 3)
            ? .standard
            : Safety(
                deletionsPerRun: upTo(8),
                deletionsPerDay: 3 + upTo(20),
                deletionRatio: pick([0, 0.34, 0.5, 1])
            )
        return SmallFleet(
            fleet: DesiredFleet(
                name: Parts.at(1, Parts.name),
                service: .simulator,
                stateDirectory: "state",
                accounts: [.standard],
                regions: Parts.regions,
                safety: safety,
                quotas: Quotas(clusters: count + upTo(3), hsms: count + upTo(4 * count)),
                clusters: names.map { manifest($0) }
            ),
            context: PlanContext(
                now: Parts.now,
                unreadPlaces: unread,
                recentEntries: isStrange ? journal(of: groups) : [],
                degradedSince: degradedSince(groups)
            ),
            groups: groups
        )
    }

    private mutating func manifest(_ name: String) -> DesiredCluster {
        var cluster = DesiredCluster(
            name: Parts.at(1, name),
            region: Parts.at(2, Parts.home),
            account: .standard
        )
        cluster.hsmType = Parts.at(4, .hsm2mMedium)
        cluster.mode = Parts.at(5, .fips)
        cluster.subnets = Parts.at(6, Parts.subnets)
        cluster.hsms = one(in: 6) ? nil : Parts.at(7, count())
        cluster.backups.retention = Parts.at(8, Parts.days(pick([7, 30, 90, 379])))
        if !one(in: 3) { cluster.backups.maxAge = Parts.at(9, .hours(1 + upTo(90))) }
        cluster.backups.whenStale = one(in: 3) ? .report : .force
        if one(in: 2) { cluster.backups.keepAtLeast = Parts.at(10, upTo(4)) }
        if !one(in: 3) { cluster.copies = [copies()] }
        if one(in: 4) { cluster.recoveryPoints = [recoveryPoint()] }
        if one(in: 4) { cluster.tags = Parts.at(11, ["cost": "\(upTo(2))"]) }
        if one(in: 12) {
            cluster.purge = Parts.at(
                12,
                DesiredPurge(
                    materialRemovedAt: Parts.now - .hours(1 + upTo(900)),
                    reason: "old keys",
                    includePinned: one(in: 2)
                )
            )
        }
        if one(in: 16) {
            let final: FinalBackup = one(in: 3) ? .none : .keep
            cluster.ensure = Parts.at(13, .absent(reason: "over", finalBackup: final))
        }
        return cluster
    }

    private mutating func count() -> DesiredHSMs {
        guard one(in: 3) else { return .total(upTo(4)) }
        return .perZone([Parts.zones[0]: 1 + upTo(1), Parts.zones[1 + upTo(1)]: upTo(3)])
    }

    private mutating func copies() -> DesiredCopies {
        var copies = DesiredCopies(region: Parts.at(20, Parts.abroad))
        if !one(in: 3) { copies.maxAge = Parts.at(21, .hours(1 + upTo(90))) }
        if !one(in: 4) { copies.retentionDays = Parts.at(22, 1 + upTo(60)) }
        if one(in: 2) { copies.keepAtLeast = Parts.at(23, upTo(4)) }
        return copies
    }

    private mutating func recoveryPoint() -> DesiredRecoveryPoint {
        DesiredRecoveryPoint(
            name: Parts.at(30, "before-rotation"),
            selector: one(in: 2)
                ? .backup(Parts.backups[100 * (1 + upTo(7)) + upTo(8)])
                : .takenBefore(Parts.now - .days(upTo(90))),
            regions: one(in: 3) ? [Parts.at(31, Parts.abroad)] : []
        )
    }

    private mutating func group(
        _ number: Int,
        owner: String?,
        isStrange: Bool
    ) -> ProtectionGroup {
        let state: ClusterState =
            one(in: 4)
            ? pick([.uninitialized, .initialized, .active])
            : isStrange && one(in: 6)
                ? pick([.degraded, .modifyInProgress, .deleted, .unrecognised("ODD")]) : .active
        var cluster = Cluster(
            id: Parts.id(number),
            state: state,
            hsmType: isStrange && one(in: 8) ? .hsm1Medium : .hsm2mMedium,
            subnets: Parts.subnets,
            retention: one(in: 6) ? .unmanaged : .days(pick([7, 30, 90, 379]))
        )
        cluster.mode = .fips
        cluster.networkType = .ipv4
        if let owner {
            cluster.tags = [OwnershipTag.cluster: owner, OwnershipTag.fleet: Parts.name]
        }
        let hsmStates: [HSMState] =
            isStrange
            ? [
                .active, .active, .active, .active, .createInProgress, .degraded,
                .deleteInProgress, .unrecognised("ODD"),
            ] : [.active]
        cluster.hsms = (0..<upTo(state == .active ? 4 : 1)).map { index in
            HSM(
                id: Parts.hsms[100 * number + index],
                zone: isStrange && one(in: 40) ? nil : pick(Parts.zones),
                eni: Parts.interfaces[10 * number + index],
                state: pick(hsmStates)
            )
        }
        return ProtectionGroup(
            id: GroupID(home: Parts.homePlace, cluster: cluster.id),
            cluster: cluster,
            backups: state == .uninitialized ? [] : backups(of: number, isStrange: isStrange)
        )
    }

    private mutating func backups(of number: Int, isStrange: Bool) -> [Backup] {
        let states: [BackupState] =
            isStrange
            ? [
                .ready, .ready, .ready, .ready, .createInProgress, .pendingDeletion, .deleted,
                .unrecognised("ODD"),
            ] : [.ready, .ready, .ready, .ready, .pendingDeletion]
        var backups = (0..<upTo(8)).map { index in
            let state = pick(states)
            var backup = Backup(
                id: Parts.backups[100 * number + index],
                region: Parts.home,
                createdAt: Parts.now - .hours(upTo(2_400)) - .seconds(upTo(3_599)),
                state: state,
                deletesAt: state == .pendingDeletion ? Parts.now + .hours(1 + upTo(160)) : nil,
                mode: .fips,
                neverExpires: one(in: 6)
            )
            if one(in: 8) {
                let tags = [OwnershipTag.pin: OwnershipTag.pinForParking]
                backup.details = BackupDetails(tags: tags)
            }
            return backup
        }
        let own = backups
        backups += (0..<upTo(6)).map { index in
            let source = own.isEmpty ? nil : pick(own)
            let state = pick(states)
            return Backup(
                id: Parts.backups[100 * number + 50 + index],
                region: Parts.abroad,
                createdAt: source?.createdAt ?? Parts.now - .hours(2_500),
                state: state,
                deletesAt: state == .pendingDeletion ? Parts.now + .hours(1 + upTo(160)) : nil,
                origin: CopyOrigin(
                    backup: source?.id ?? Parts.backups[100 * number + 99],
                    region: Parts.home,
                    copiedAt: Parts.now - .hours(upTo(50))
                ),
                mode: .fips
            )
        }
        if isStrange, one(in: 20) {
            backups.append(
                Backup(
                    id: Parts.backups[100 * number + 90],
                    region: Parts.home,
                    createdAt: Parts.now + .hours(3),
                    state: .ready
                )
            )
        }
        return backups
    }

    private mutating func degradedSince(_ groups: [ProtectionGroup]) -> [String: Timestamp] {
        var since: [String: Timestamp] = [:]
        for hsm in groups.flatMap({ $0.livingCluster?.hsms ?? [] }) where hsm.state == .degraded {
            since[hsm.place] = Parts.now - .hours(upTo(9))
        }
        return since
    }

    private mutating func journal(of groups: [ProtectionGroup]) -> [JournalEntry] {
        guard !groups.isEmpty else { return [] }
        return (0..<upTo(3)).map { number in
            let group = pick(groups)
            let operation = pick(["CreateHsm", "DeleteBackup", "CopyBackupToRegion"])
            let sentAt = Parts.now - .minutes(upTo(90))
            let intent = Intent(
                id: "0123456789abcdef0123456789abcde\(number)",
                name: group.ownedName,
                group: group.id,
                place: group.id.home,
                operation: operation,
                target: operation == "CreateHsm"
                    ? "\(pick(Parts.zones))" : "\(group.backups.first?.id ?? Parts.id(1))",
                destination: operation == "CopyBackupToRegion" ? Parts.abroad : nil,
                step: StepID(1),
                rule: pick(["freshness", "hsm-count", "copy"]),
                writtenAt: sentAt,
                losing: operation == "DeleteBackup" ? [Parts.id(9_000 + number)] : []
            )
            let result: Outcome.Result? = pick([nil, .accepted, .accepted, .refused])
            let made = operation == "CreateHsm" && !one(in: 2) ? "\(Parts.id(9_500) as HSMID)" : nil
            return JournalEntry(
                intent: intent,
                outcome: result.map { Outcome($0, made: made, at: sentAt) }
            )
        }
    }
}
