import CloudHSM
import StrongroomModel
import StrongroomPlanner
import Testing

/// What holds for every plan, whatever is asked and whatever is there.
@Suite struct PlanPropertiesTests {
    private static let seeds = 1...40
    private static let worldsPerSeed = 30

    private struct World {
        let fleet: DesiredFleet
        let context: PlanContext
        let groups: [ProtectionGroup]

        var plan: Plan { Planner(fleet: fleet, context: context).plan(for: groups) }
    }

    @Test(arguments: seeds) func noPlanBreaksAPromise(_ seed: Int) {
        for number in 0..<Self.worldsPerSeed {
            var dice = Dice(seed: seed * 1_000 + number)
            let world = dice.world()
            let plan = world.plan
            for part in plan.groups {
                let label = "seed \(seed), world \(number), \(part.subject.name ?? "")"
                let group = world.groups.first { $0.id == part.subject.group }
                let desired = world.fleet.clusters.first { $0.name.value == part.subject.name }
                checkOrder(part, label)
                guard part.standing == .managed, let desired else {
                    #expect(part.steps.isEmpty, "\(label)")
                    continue
                }
                checkHSMs(part, group, desired, label)
                if let group {
                    checkBackups(part, group, desired, label)
                    checkLastHSM(part, group, world.context, label)
                }
                checkDoubt(part, group, world.context, label)
            }
        }
    }

    @Test(arguments: seeds.prefix(10)) func orderMakesNoDifference(_ seed: Int) {
        for number in 0..<Self.worldsPerSeed {
            var dice = Dice(seed: seed * 1_000 + number)
            let world = dice.world()
            let shuffled = World(
                fleet: DesiredFleet(
                    name: world.fleet.name,
                    service: .simulator,
                    stateDirectory: "state",
                    accounts: [.standard],
                    regions: world.fleet.regions,
                    safety: world.fleet.safety,
                    quotas: world.fleet.quotas,
                    clusters: world.fleet.clusters.shuffled(using: &dice)
                ),
                context: world.context,
                groups: world.groups.shuffled(using: &dice).map { group in
                    var group = group
                    group.backups.shuffle(using: &dice)
                    group.cluster?.hsms.shuffle(using: &dice)
                    return group
                }
            )
            #expect(world.plan.groups.map(\.steps) == shuffled.plan.groups.map(\.steps))
            let notes = { (plan: Plan) in plan.groups.map { $0.notes.map(\.reason.text).sorted() } }
            #expect(notes(world.plan) == notes(shuffled.plan), "seed \(seed), world \(number)")
        }
    }

    /// Every step refers only to steps before it, and HSMs change one at a time.
    private func checkOrder(_ plan: GroupPlan, _ label: String) {
        var before: Set<StepID> = []
        var chain: [StepID: Set<StepID>] = [:]
        var lastHSMChange: StepID?
        for step in plan.steps {
            #expect(before.isSuperset(of: step.after), "\(label): \(step.short)")
            #expect(before.insert(step.id).inserted, "\(label): \(step.short)")
            let reached = step.after.reduce(into: Set(step.after)) { $0.formUnion(chain[$1] ?? []) }
            chain[step.id] = reached
            guard step.action.changesHSMs else { continue }
            if let lastHSMChange { #expect(reached.contains(lastHSMChange), "\(label)") }
            lastHSMChange = step.id
        }
    }

    /// Healthy HSMs never fall below what is there or asked, whichever is less, under any prefix.
    private func checkHSMs(
        _ plan: GroupPlan,
        _ group: ProtectionGroup?,
        _ desired: DesiredCluster,
        _ label: String
    ) {
        let cluster = group?.livingCluster
        let there = cluster?.healthyHSMs.count ?? 0
        let isToGo = desired.hsms?.value.count == 0 || desired.ensure.value != .present
        let asked = isToGo ? 0 : desired.hsms?.value.count ?? there
        var healthy = there
        var present = cluster?.presentHSMs.count ?? 0
        for step in plan.steps {
            switch step.action {
            case .addHSM:
                if cluster?.isActivated != true {
                    #expect(present == 0, "\(label): a second HSM before activation")
                }
                present += 1
                healthy += 1
            case .removeHSM(let hsm, _, _):
                let isBroken = step.preconditions.contains {
                    if case .hsmDegraded(let id) = $0 { return hsm == .known(id) }
                    return false
                }
                healthy -= isBroken ? 0 : 1
                // Where the quota leaves no room, a move removes first, and two stay in service.
                let isMove = step.reason.rule == "rebalance"
                let least = isMove ? max(min(there, asked) - 1, 2) : min(there, asked)
                #expect(healthy >= least, "\(label): \(step.short)")
                #expect(healthy >= (isToGo || isBroken ? 0 : 1), "\(label): \(step.short)")
            default: break
            }
        }
    }

    /// The last HSM goes only where what it holds is in a backup, or it never was in service.
    private func checkLastHSM(
        _ plan: GroupPlan,
        _ group: ProtectionGroup,
        _ context: PlanContext,
        _ label: String
    ) {
        guard let cluster = group.livingCluster, cluster.state == .active else { return }
        let ready = group.backups.filter { $0.isReady && !$0.isCopy }.map(\.createdAt).max()
        if cluster.healthyHSMs.isEmpty {
            for case .removeHSM(.known(let id), _, _) in plan.steps.map(\.action) {
                let place = cluster.hsms.first { $0.id == id }?.place ?? ""
                let since = context.degradedSince[place] ?? now
                let made = context.recentEntries.first { $0.outcome?.made == id.description }
                let wasNeverThere =
                    made.map { since - $0.intent.writtenAt <= .minutes(30) } ?? false
                let isSaved = ready.map { $0 > since } ?? false
                #expect(wasNeverThere || isSaved, "\(label): \(id) is the last")
            }
        }
        for step in plan.steps where step.preconditions.contains(.presentHSMs(1)) {
            guard case .removeHSM(_, _, causesBackup: true) = step.action else { continue }
            let isSure = step.preconditions.contains { fact in
                switch fact {
                case .freshBackup, .readyContent: true
                default: false
                }
            }
            #expect(isSure, "\(label): \(step.short)")
        }
    }

    /// READY backups fall neither to zero nor below a floor in any Region, under any prefix.
    private func checkBackups(
        _ plan: GroupPlan,
        _ group: ProtectionGroup,
        _ desired: DesiredCluster,
        _ label: String
    ) {
        var ready = Set(group.backups.filter(\.isReady).map(\.id))
        let nominated = desired.recoveryPoints.compactMap { point -> BackupID? in
            guard case .backup(let id) = point.selector else { return nil }
            return id
        }
        for step in plan.steps where !step.action.lostBackups.isEmpty {
            for id in step.action.lostBackups {
                #expect(ready.remove(id) != nil, "\(label): \(id) is lost twice or was not READY")
                #expect(!nominated.contains(id), "\(label): \(id) is a recovery point")
                #expect(group.backup(id)?.neverExpires == false, "\(label): \(id) is pinned")
                let region = group.backup(id)?.region ?? home
                // A copy that is READY before the call counts.
                let copied = plan.steps.count { earlier in
                    guard case .copyBackup(_, region) = earlier.action else { return false }
                    return step.after.contains(earlier.id)
                }
                let left = group.backups.count { $0.region == region && ready.contains($0.id) }
                let floor =
                    region == home
                    ? desired.backups.floor
                    : desired.copies.first { $0.region.value == region }?.floor ?? .max
                #expect(left + copied >= floor, "\(label): \(left) left in \(region)")
                #expect(left >= 1, "\(label): none of those there now left in \(region)")
            }
        }
    }

    /// Nothing is deleted or made of what was not read whole or is dated in the future.
    private func checkDoubt(
        _ plan: GroupPlan,
        _ group: ProtectionGroup?,
        _ context: PlanContext,
        _ label: String
    ) {
        let isFromTheFuture = group?.backups.contains { $0.createdAt > now + .minutes(1) } ?? false
        if isFromTheFuture || context.unreadPlaces[plan.subject.home] != nil {
            #expect(plan.steps.isEmpty, "\(label)")
        }
        guard !context.unreadPlaces.isEmpty else { return }
        #expect(plan.steps.allSatisfy { $0.action.lostBackups.isEmpty }, "\(label)")
        for place in context.unreadPlaces.keys {
            for case .copyBackup(_, let region) in plan.steps.map(\.action) {
                #expect(region != place.region, "\(label): a copy where nothing was read")
            }
        }
    }

    /// Numbers that a seed decides.
    private struct Dice: RandomNumberGenerator {
        private var state: UInt64

        init(seed: Int) { state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 }

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var bits = state
            bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
            bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
            return bits ^ (bits >> 31)
        }

        mutating func one(in count: Int) -> Bool { Int.random(in: 0..<count, using: &self) == 0 }

        mutating func upTo(_ most: Int) -> Int { Int.random(in: 0...most, using: &self) }

        mutating func pick<Value>(_ values: [Value]) -> Value { values[upTo(values.count - 1)] }

        mutating func world() -> World {
            let names = ["ledger", "payments", "vault"]
            let clusters = names.map { manifest($0) }
            let groups = (0..<4).compactMap { number -> ProtectionGroup? in
                one(in: 5) ? nil : thing(number + 1, name: number < 3 ? names[number] : "gone")
            }
            var unread: [Place: UnreadReason] = [:]
            if one(in: 8) { unread[pick([homePlace, awayPlace])] = "throttled" }
            return World(
                fleet: StrongroomPlannerTests.fleet(
                    clusters,
                    safety: one(in: 3) ? .standard : boundless,
                    quotas: Quotas(clusters: 1 + upTo(5), hsms: upTo(20))
                ),
                context: PlanContext(
                    now: now,
                    unreadPlaces: unread,
                    recentEntries: journal(),
                    degradedSince: degradedSince(groups)
                ),
                groups: groups
            )
        }

        private mutating func manifest(_ name: String) -> DesiredCluster {
            desired(name) { cluster in
                cluster.hsms = one(in: 6) ? nil : at(Line.hsms, count())
                cluster.backups.retention = at(Line.retention, days(pick([7, 30, 90, 379])))
                cluster.backups.maxAge = one(in: 3) ? nil : at(Line.maxAge, .hours(1 + upTo(90)))
                cluster.backups.whenStale = one(in: 3) ? .report : .force
                cluster.backups.keepAtLeast = one(in: 2) ? nil : at(Line.floor, upTo(4))
                if !one(in: 3) {
                    cluster.copies = [
                        copies(
                            maxAge: one(in: 3) ? nil : .hours(1 + upTo(90)),
                            retentionDays: one(in: 4) ? nil : 1 + upTo(60),
                            floor: one(in: 2) ? nil : upTo(4)
                        )
                    ]
                }
                if one(in: 4) {
                    cluster.recoveryPoints = [
                        recoveryPoint(
                            one(in: 2)
                                ? .backup(backupID(upTo(20)))
                                : .takenBefore(now - .days(upTo(90)))
                        )
                    ]
                }
                if one(in: 4) { cluster.tags = at(Line.tags, ["cost": "\(upTo(2))"]) }
                if one(in: 20) {
                    cluster.ensure = at(Line.ensure, .absent(reason: "over", finalBackup: .keep))
                }
            }
        }

        private mutating func count() -> DesiredHSMs {
            one(in: 3)
                ? .perZone([zoneA: upTo(2), pick([zoneB, zoneC]): upTo(3)]) : .total(upTo(4))
        }

        private mutating func thing(_ number: Int, name: String) -> ProtectionGroup {
            let state: ClusterState = pick([
                .active, .active, .active, .active, .active, .active, .uninitialized, .initialized,
                .degraded, .modifyInProgress, .deleted, .unrecognised("ODD"),
            ])
            let hsms = (0..<upTo(state == .active ? 5 : 1)).map { index in
                hsm(
                    100 * number + index,
                    one(in: 40) ? nil : pick([zoneA, zoneB, zoneB, zoneC]),
                    pick([
                        .active, .active, .active, .active, .createInProgress, .degraded,
                        .deleteInProgress, .unrecognised("ODD"),
                    ])
                )
            }
            return group(number, name: name, hsms: hsms, backups: backups(of: number)) { cluster in
                cluster.state = state
                if one(in: 8) { cluster.hsmType = .hsm1Medium }
                cluster.retention = one(in: 5) ? .unmanaged : .days(pick([7, 30, 90, 455]))
                if one(in: 10) { cluster.sourceBackup = backupID(100 + upTo(20)) }
                if one(in: 5) { cluster.subnets = subnets([zoneA, zoneB, zoneC]) }
            }
        }

        private mutating func backups(of number: Int) -> [Backup] {
            let states: [BackupState] = [
                .ready, .ready, .ready, .ready, .createInProgress, .pendingDeletion, .deleted,
                .unrecognised("ODD"),
            ]
            var backups = (0..<upTo(8)).map { index in
                backup(
                    100 * number + index,
                    age: .hours(upTo(2_400)),
                    pick(states),
                    pinned: one(in: 6)
                )
            }
            backups += (0..<upTo(6)).map { index in
                copy(
                    100 * number + 50 + index,
                    of: 100 * number + upTo(8),
                    age: .hours(upTo(2_400)),
                    pick(states),
                    copied: .hours(upTo(50))
                )
            }
            if one(in: 4), let index = backups.indices.filter({ !backups[$0].isCopy }).first {
                let tags = [OwnershipTag.pin: OwnershipTag.pinForParking]
                backups[index].details = BackupDetails().with(tags: tags)
            }
            if one(in: 15) { backups.append(backup(100 * number + 90, age: .hours(-3))) }
            return backups
        }

        private mutating func degradedSince(
            _ groups: [ProtectionGroup]
        ) -> [String: Timestamp] {
            let places = groups.flatMap { $0.livingCluster?.hsms ?? [] }
                .filter { $0.state == .degraded }.map(\.place)
            return Dictionary(
                places.map { ($0, now - .hours(upTo(9))) },
                uniquingKeysWith: min
            )
        }

        private mutating func journal() -> [JournalEntry] {
            (0..<upTo(2)).map { _ in
                let number = 1 + upTo(3)
                return entry(
                    pick(["CreateHsm", "DeleteBackup", "CopyBackupToRegion"]),
                    pick(["us-east-1a", "\(backupID(100 * number))"]),
                    rule: pick(["freshness", "hsm-count"]),
                    group: groupID(number),
                    destination: ireland,
                    ago: .minutes(upTo(60)),
                    losing: [backupID(upTo(9))],
                    outcome: pick([nil, .accepted, .accepted, .refused]),
                    made: one(in: 2) ? nil : "\(hsmID(100 * number + upTo(4)))"
                )
            }
        }
    }
}

private let awayPlace = Place(account: .simulated, region: ireland)

extension Action {
    fileprivate var changesHSMs: Bool {
        switch self {
        case .addHSM, .removeHSM: true
        case .createCluster, .initializeCluster, .setRetention, .copyBackup, .deleteBackup,
            .restoreBackup, .pinBackup, .unpinBackup, .tagBackup, .untagBackup, .tagCluster,
            .changeType, .deleteCluster:
            false
        }
    }
}
