import CloudHSM
import StrongroomExecutor
import StrongroomModel
import StrongroomPlanner
import StrongroomReport
import StrongroomSimulator
import Synchronization
import Testing

/// One cluster in a simulated world, its manifest, and cron: every tick plans and carries out.
final class BackupWalk {
    static let home = Place(account: Geography.account, region: Geography.regions[0])
    static let ireland = Geography.regions[1]
    static let mumbai = Geography.regions[2]

    let service: SimulatedService
    let journal = MemoryJournal()
    let id: GroupID
    var desired: DesiredCluster

    /// What was asked of the service by ticks, in order.
    private(set) var actions: [Action] = []
    private let intents = IntentIDs()

    /// Begins with an activated cluster of two HSMs and its first backups.
    init(retentionDays: Int) async throws {
        service = try SimulatedService.begin(
            store: MemoryStore(),
            now: beginning,
            settings: SimulatorSettings(readLag: .seconds(30))
        )
        let zones = Geography.zones(of: Self.home.region)
        let request = CreateCluster(
            hsmType: .hsm2mMedium,
            subnets: Geography.subnets(in: Self.home.region, count: 2),
            mode: .fips,
            retention: RetentionPeriod(days: retentionDays) ?? .serviceDefault,
            tags: [OwnershipTag.cluster: "payments", OwnershipTag.fleet: "acme"]
        )
        let answer = try service.perform(.createCluster(request), at: Self.home, in: nil)
        guard case .cluster(let cluster) = answer else { throw Stuck(story: "no cluster") }
        id = GroupID(home: Self.home, cluster: cluster.id)
        desired = DesiredCluster(
            name: .somewhere("payments"),
            region: .somewhere(Self.home.region),
            account: DesiredAccount(name: "prod", id: Geography.account)
        )
        desired.hsms = .somewhere(.total(2))
        desired.backups.retention = RetentionPeriod(days: retentionDays).map { .somewhere($0) }
        try await service.wait(.minutes(10))
        try ask(.createHSM(CreateHSM(cluster: cluster.id, zone: zones[0])))
        try await service.wait(.minutes(10))
        let csr = try service.observe(id).cluster?.signingRequest
        let claim = InitializeCluster(
            cluster: cluster.id,
            signedCertificate: SimulatedCertificate.signed(try #require(csr)),
            trustAnchor: SimulatedCertificate.trustAnchor
        )
        try ask(.initializeCluster(claim))
        try await service.wait(.minutes(10))
        try service.activate(cluster.id)
        try await service.wait(.minutes(10))
        try ask(.createHSM(CreateHSM(cluster: cluster.id, zone: zones[1])))
        try await service.wait(.minutes(30))
    }

    /// What somebody else asks of the service.
    func ask(_ call: Call, in region: Region = home.region) throws {
        let place = Place(account: Self.home.account, region: region)
        _ = try service.perform(call, at: place, in: id)
    }

    /// The group as it is.
    var group: ProtectionGroup { get throws { try service.observe(id) } }

    /// The cluster's own READY backups, oldest first.
    var ready: [Backup] { get throws { try group.readyBackups(in: Self.home.region) } }

    /// The plan for the present, and its proof.
    func proved() throws -> ProvedPlan {
        let now = service.now()
        let fleet = DesiredFleet(
            name: .somewhere("acme"),
            service: .simulator,
            stateDirectory: "state",
            accounts: [DesiredAccount(name: "prod", id: Geography.account)],
            regions: Geography.regions,
            safety: Safety(deletionsPerRun: 100, deletionsPerDay: 100, deletionRatio: 1),
            clusters: [desired]
        )
        let context = PlanContext(
            now: now,
            recentEntries: journal.recent(since: now - .hours(24))
        )
        return ProvedPlan(of: [try group], for: fleet, in: context)
    }

    /// The plan for the present.
    func plan() throws -> Plan { try proved().plan }

    /// One tick of cron.
    ///
    /// - Returns: Whether there was anything to do.
    @discardableResult
    func tick() async throws -> Bool {
        let proved = try proved()
        let plan = proved.plan
        let steps = plan.groups.flatMap(\.steps)
        let executor = Executor(
            service: service,
            journal: journal,
            lease: HeldLock(),
            uptime: { .zero },
            jitter: { 1 },
            newIntentID: { [intents] in intents.next() }
        )
        let before = journal.entries.count
        _ = try await executor.tick(proved.approved)
        let begun = journal.entries.dropFirst(before).map(\.intent.step)
        actions += steps.filter { begun.contains($0.id) }.map(\.action)
        let left = try ready.filter { !$0.isCopy }.count
        let story = try story()
        #expect(left >= desired.backups.floor, "\(story)")
        return !steps.isEmpty
            || plan.groups.contains { part in
                part.notes.contains { $0.reason.rule == "journal" }
            }
    }

    /// Ticks every five minutes until nothing is to be done.
    func settle() async throws {
        for _ in 0..<60 {
            guard try await tick() else { return }
            try await service.wait(.minutes(5))
        }
        throw Stuck(story: try story())
    }

    /// Ticks every six hours.
    func pass(days: Int) async throws {
        for _ in 0..<(4 * days) {
            try await settle()
            try await service.wait(.hours(6))
        }
        try await settle()
    }

    /// What the plan says now, for a failure's message.
    func story() throws -> String {
        PlanText(width: 100, colour: .never).text(of: try plan())
    }

    /// The walk came to no end.
    struct Stuck: Error {
        let story: String
    }
}

/// Ids for intents, one after the other.
private final class IntentIDs: Sendable {
    private let count = Mutex(0)

    func next() -> String {
        let number = count.withLock { count in
            count += 1
            return count
        }
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 32 - digits.count) + digits
    }
}
