import CloudHSM
import StrongroomExecutor
import StrongroomModel
import StrongroomPlanner
import StrongroomReport
import StrongroomSimulator
import Synchronization
import Testing

/// A world and the manifests for it; every run begins with the same world.
struct Scenario {
    let seed: UInt64
    let fleet: DesiredFleet
    private let records: [GroupRecord]
    private let clock: JSONValue?

    private static let made = Mutex<[UInt64: Scenario]>([:])

    /// The scenario of a seed; several properties are tried on the same ones.
    static func of(_ seed: UInt64) throws -> Scenario {
        if let scenario = made.withLock({ $0[seed] }) { return scenario }
        let scenario = try Scenario(seed: seed)
        // A long run tries so many that keeping them all would take more memory than there is.
        if seed <= 1_000 { made.withLock { $0[seed] = scenario } }
        return scenario
    }

    private init(seed: UInt64) throws {
        let world = try RandomWorld(seed: seed)
        self.seed = seed
        fleet = try RandomFleet.fleet(for: world, seed: seed)
        records = try world.store.groupIDs().map(world.store.record(of:))
        clock = world.store.simulatedWorld()
    }

    /// The same world's manifests as somebody else would write them.
    func edited(by seed: UInt64) throws -> DesiredFleet {
        try RandomFleet.fleet(for: try RandomWorld(seed: self.seed), seed: seed)
    }

    /// A service over a store of its own.
    func service() throws -> SimulatedService {
        let store = MemoryStore()
        for record in records { store.save(record) }
        if let clock { store.saveSimulatedWorld(clock) }
        return try SimulatedService.open(store: store)
    }

    /// A play of the scenario, from its beginning.
    func play(_ trouble: WatchedService.Trouble = .init(), groupsAtOnce: Int = 1) throws -> Play {
        try Play(self, trouble: trouble, groupsAtOnce: groupsAtOnce)
    }

    /// What is asked of a group; `nil` if no manifest means it.
    static func asked(
        by fleet: DesiredFleet,
        from first: [GroupID: ProtectionGroup]
    ) -> @Sendable (ProtectionGroup) -> Watch.Asked? {
        { group in
            let tags = group.cluster?.tags ?? [:]
            let meant = fleet.clusters.first { desired in
                if let id = desired.clusterID?.value { return id == group.id.cluster }
                return tags[OwnershipTag.fleet] == fleet.name.value
                    && tags[OwnershipTag.cluster] == desired.name.value
            }
            guard let meant else { return nil }
            let cluster = first[group.id]?.livingCluster
            let before = cluster?.presentHSMs ?? []
            let floors = Dictionary(
                meant.copies.map { ($0.region.value, max($0.keepAtLeast?.value ?? 1, 1)) },
                uniquingKeysWith: { first, _ in first }
            )
            let isToGo = meant.ensure.value != .present
            let count = isToGo ? 0 : meant.hsms?.value.count ?? before.count
            var most = count
            if case .perZone(let counts)? = meant.hsms?.value {
                let zones = Set(counts.keys).union(before.compactMap(\.zone))
                most = zones.reduce(0) { sum, zone in
                    sum + max(counts[zone] ?? 0, before.count { $0.zone == zone })
                }
            }
            return Watch.Asked(
                floor: max(meant.backups.keepAtLeast?.value ?? 1, 1),
                copyFloors: floors,
                hsms: count,
                most: most + 1,
                purgeCut: meant.purge.map { PurgeCut($0.value, in: nil).cut },
                nominated: meant.nominated,
                needsNoFinalBackup: meant.needsNoFinalBackup
            )
        }
    }
}

extension DesiredCluster {
    /// The names of recovery points, and the ids of those that name a backup.
    fileprivate var nominated: Set<String> {
        recoveryPoints.reduce(into: []) { all, point in
            if case .backup(let id) = point.selector {
                all.insert(id.description)
            } else {
                all.insert(point.name.value)
            }
        }
    }

    fileprivate var needsNoFinalBackup: Bool {
        if case .absent(_, FinalBackup.none) = ensure.value { return true }
        return false
    }
}

/// A scenario on its way: its service, its journal, and what was done so far.
final class Play: Sendable {
    let scenario: Scenario
    let service: WatchedService
    let journal = MemoryJournal()
    let limits: Executor.Limits
    private let intents = Mutex<UInt64>(0)
    private let wanted: Mutex<DesiredFleet>
    private let history = Mutex<[(Plan, RunReport?)]>([])

    init(_ scenario: Scenario, trouble: WatchedService.Trouble, groupsAtOnce: Int) throws {
        self.scenario = scenario
        wanted = Mutex(scenario.fleet)
        let inner = try scenario.service()
        var first: [GroupID: ProtectionGroup] = [:]
        for id in try inner.inventory().groups {
            first[id] = try inner.state.withLock { try inner.present(id, state: $0).group }
        }
        let watch = Watch(
            safety: scenario.fleet.safety,
            asked: Scenario.asked(by: scenario.fleet, from: first)
        )
        let journal = journal
        service = WatchedService(inner, watch: watch, trouble: trouble) { hsm in
            // Where the quota leaves no room, a move removes first.
            journal.entries.contains { entry in
                let isMoved =
                    entry.intent.rule == "rebalance" && entry.intent.target == hsm.description
                return isMoved
                    || ["freshness", "purge"].contains(entry.intent.rule)
                        && entry.outcome?.made == hsm.description
            }
        }
        limits = Executor.Limits(groupsAtOnce: groupsAtOnce, pollInterval: .seconds(90))
    }

    /// Edits the manifests: from now on that is what is asked for.
    func edit(_ fleet: DesiredFleet) throws {
        wanted.withLock { $0 = fleet }
        service.watch(
            Watch(
                safety: fleet.safety,
                asked: Scenario.asked(by: fleet, from: try service.truth())
            )
        )
    }

    /// Carries plans out on the watched service.
    var executor: Executor {
        Executor(
            service: service,
            journal: journal,
            lease: HeldLock(),
            limits: limits,
            uptime: { .zero },
            jitter: { 1 },
            newIntentID: { [self] in
                let number = intents.withLock { number in
                    number += 1
                    return number
                }
                let digits = String(number, radix: 16)
                return String(repeating: "0", count: 32 - digits.count) + digits
            }
        )
    }

    /// The plan for the present, as any command makes it.
    func plan(shuffledBy shuffle: UInt64? = nil) throws -> Plan {
        try proved(shuffledBy: shuffle).plan
    }

    /// The plan for the present, and its proof.
    func proved(shuffledBy shuffle: UInt64? = nil) throws -> ProvedPlan {
        let now = service.now()
        let inventory = try service.inventory()
        let context = PlanContext(
            now: now,
            unreadPlaces: inventory.unreadPlaces,
            recentEntries: journal.recent(since: now - .hours(24))
        )
        var groups = try inventory.groups.map(service.observe)
        var fleet = wanted.withLock { $0 }
        if let shuffle {
            var chance = Chance(seed: shuffle)
            groups.shuffle(using: &chance)
            fleet = fleet.shuffled(using: &chance)
        }
        return ProvedPlan(of: groups, for: fleet, in: context)
    }

    /// Makes a plan and carries it out to its end: `strongroom apply --yes`.
    @discardableResult
    func apply() async throws -> RunReport {
        try await carryOut { try await $0.run($1) }
    }

    /// Makes a plan and starts what can be started: `strongroom reconcile`.
    @discardableResult
    func tick() async throws -> RunReport {
        try await carryOut { try await $0.tick($1) }
    }

    private func carryOut(
        _ run: (Executor, ApprovedPlan) async throws -> RunReport
    ) async throws -> RunReport {
        service.beginRun()
        let executor = executor
        try await executor.resolve(journal.recent(since: service.now() - .hours(24)))
        let proved = try proved()
        let plan = proved.plan
        history.withLock { $0.append((plan, nil)) }
        let report = try await run(executor, proved.approved)
        history.withLock { $0[$0.count - 1].1 = report }
        return report
    }

    /// Whether anything is to be done now.
    func hasSteps() throws -> Bool { try plan().groups.contains { !$0.steps.isEmpty } }

    /// Whether nothing is left to do but what time alone brings: copies and backups grow old, and
    /// how many copies there are depends on when they were made.
    func isDone() throws -> Bool {
        try plan().groups.flatMap(\.steps).allSatisfy { step in
            ["copy", "copy-cleanup", "freshness"].contains(step.reason.rule)
        }
    }

    /// What the groups have come to, apart from what depends on when things happened.
    func lastingEnd() throws -> [String: End.Lasting] { try end().mapValues(\.lasting) }

    /// Everything that was planned and done, for a failure's message.
    func story() throws -> Comment {
        let plans = PlanText(width: 100, colour: .never)
        let runs = RunText(width: 100, colour: .never)
        let past = history.withLock { $0 }.map { plan, report in
            "at \(plan.now):\n\(plans.text(of: plan))\n\(report.map { runs.text(of: $0) } ?? "broken off\n")"
        }
        let present = try plan()
        return """
            seed \(scenario.seed)
            \(past.joined(separator: "\n"))
            then, at \(present.now):
            \(plans.text(of: present))
            """
    }

    /// What the groups a manifest means have come to, apart from ids and times.
    func end() throws -> [String: End] {
        var ends: [String: End] = [:]
        let asked = Scenario.asked(by: wanted.withLock { $0 }, from: [:])
        for group in try service.truth().values where asked(group) != nil {
            let name = group.ownedName ?? group.id.cluster.description
            ends[name] = End(group)
        }
        return ends
    }
}

/// What a group has come to.
struct End: Hashable {
    let state: ClusterState?
    let hsms: [AvailabilityZone: Int]
    let retention: RetentionPolicy?
    let tags: [String: String]
    let copies: [Region: Int]

    init(_ group: ProtectionGroup) {
        let cluster = group.livingCluster
        state = cluster?.state
        hsms = (cluster?.presentHSMs ?? []).reduce(into: [:]) { counts, hsm in
            if let zone = hsm.zone { counts[zone, default: 0] += 1 }
        }
        retention = cluster?.retention
        tags = (cluster?.tags ?? [:]).filter { $0.key != OwnershipTag.intent }
        copies = group.backups.filter { $0.isCopy && $0.state != .deleted }
            .reduce(into: [:]) { $0[$1.region, default: 0] += 1 }
    }

    /// What does not depend on when things happened.
    struct Lasting: Hashable {
        let state: ClusterState?
        let hsmCount: Int
        let retention: RetentionPolicy?
        let tags: [String: String]
    }

    var lasting: Lasting {
        Lasting(
            state: state,
            hsmCount: hsms.values.reduce(0, +),
            retention: retention,
            tags: tags
        )
    }
}

extension DesiredFleet {
    /// The same fleet with its manifests read in another order.
    func shuffled(using chance: inout Chance) -> DesiredFleet {
        DesiredFleet(
            name: name,
            service: service,
            stateDirectory: stateDirectory,
            accounts: accounts,
            regions: regions,
            safety: safety,
            quotas: quotas,
            clusters: clusters.shuffled(using: &chance)
        )
    }
}
