import CloudHSM
import StrongroomExecutor
import StrongroomModel
import StrongroomPlanner
import StrongroomReport
import StrongroomSimulator
import Synchronization
import Testing

/// One cluster on its way, tick by tick as cron would, while its manifest changes.
final class ClusterWalk {
    let service: SimulatedService
    let journal = MemoryJournal()
    var desired: DesiredCluster

    /// What earlier runs remember of DEGRADED HSMs.
    private var degradedSince: [String: Timestamp] = [:]
    private var story = ""

    static let home = Place(account: Geography.account, region: Geography.regions[0])
    static let zones = Geography.zones(of: home.region)
    static let id = GroupID(home: home, cluster: ClusterID(bits: 7))
    static let firstBackup = BackupID(bits: 11)

    /// A cluster with an HSM in each of so many zones, and a backup of an hour ago.
    init(
        hsms count: Int = 2,
        type: HSMType = .hsm2mMedium,
        state: ClusterState = .active,
        hsmReplace: Duration = .minutes(10)
    ) throws {
        let subnets = Geography.subnets(in: Self.home.region, count: 2)
        var cluster = Cluster(
            id: Self.id.cluster,
            state: state,
            hsmType: type,
            subnets: subnets,
            retention: .days(90)
        )
        cluster.tags = [OwnershipTag.cluster: "payments", OwnershipTag.fleet: "acme"]
        cluster.hsms = (0..<count).map { index in
            var hsm = HSM(
                id: HSMID(bits: UInt64(index) + 1),
                zone: Self.zones[index % 2],
                state: .active
            )
            hsm.eni = value("eni-0000000\(index)")
            hsm.type = type
            return hsm
        }
        let backup = Backup(
            id: Self.firstBackup,
            region: Self.home.region,
            createdAt: beginning - .hours(1),
            state: .ready
        )
        let group = ProtectionGroup(
            id: Self.id,
            cluster: cluster,
            backups: state == .active ? [backup] : []
        )
        var latencies = Latencies.usual
        latencies.hsmReplace = hsmReplace
        service = try SimulatedService.begin(
            store: MemoryStore([group]),
            now: beginning,
            settings: SimulatorSettings(latencies: latencies, readLag: .seconds(30))
        )
        desired = DesiredCluster(
            name: .somewhere("payments"),
            region: .somewhere(Self.home.region),
            account: DesiredAccount(name: "prod", id: Geography.account)
        )
        desired.hsms = .somewhere(.total(count))
    }

    /// What is true, whatever reads show.
    var group: ProtectionGroup {
        get throws { try service.state.withLock { try service.present(Self.id, state: $0).group } }
    }

    var hsms: [HSM] { get throws { try group.livingCluster?.presentHSMs ?? [] } }

    /// Every call that was carried out, in order.
    var calls: [String] { journal.entries.filter { $0.outcome != nil }.map(\.intent.operation) }

    /// Ticks until eight in a row plan nothing, or so many were made.
    ///
    /// - Parameters:
    ///   - most: The most ticks.
    ///   - happening: Is called before every tick, for what happens outside.
    /// - Throws: When the journal or the service fails as a whole.
    func settle(most: Int = 120, _ happening: (ClusterWalk) throws -> Void = { _ in }) async throws
    {
        var quiet = 0
        for _ in 0..<most where quiet < 8 {
            try happening(self)
            quiet = try await tick().isEmpty ? quiet + 1 : 0
            try await service.wait(.minutes(3))
        }
        #expect(quiet == 8, "\(story)")
    }

    /// One tick: what is open is decided, and what can be started is started.
    ///
    /// - Returns: The steps planned.
    /// - Throws: When the journal or the service fails as a whole.
    @discardableResult
    func tick() async throws -> [Step] {
        let executor = Executor(
            service: service,
            journal: journal,
            lease: HeldLock(),
            uptime: { .zero },
            jitter: { 1 },
            newIntentID: { [journal] in
                let digits = String(journal.callCount + 1, radix: 16)
                return String(repeating: "0", count: 32 - digits.count) + digits
            }
        )
        try await executor.resolve(journal.entries)
        let proved = try proved()
        let plan = proved.plan
        story += "at \(plan.now):\n\(PlanText(width: 100, colour: .never).text(of: plan))\n"
        let report = try await executor.tick(proved.approved)
        story += RunText(width: 100, colour: .never).text(of: report) + "\n"
        return plan.groups.flatMap(\.steps)
    }

    /// The plan for the present, and its proof.
    func proved() throws -> ProvedPlan {
        let seen = try service.inventory().groups.map(service.observe)
        let degraded = seen.flatMap { $0.livingCluster?.hsms ?? [] }
            .filter { $0.state == .degraded }
        degradedSince = Dictionary(
            degraded.map { ($0.place, degradedSince[$0.place] ?? service.now()) },
            uniquingKeysWith: min
        )
        let fleet = DesiredFleet(
            name: .somewhere("acme"),
            service: .simulator,
            stateDirectory: "state",
            accounts: [desired.account],
            regions: Geography.regions,
            safety: .standard,
            quotas: service.settings.quotas,
            clusters: [desired]
        )
        let context = PlanContext(
            now: service.now(),
            recentEntries: journal.entries,
            degradedSince: degradedSince
        )
        return ProvedPlan(of: seen, for: fleet, in: context)
    }

    /// The plan for the present.
    func plan() throws -> Plan { try proved().plan }

    /// What the plan for the present says that is no step.
    var notes: [String] { get throws { try plan().groups.flatMap(\.notes).map(\.reason.text) } }
}
