import CloudHSM
import StrongroomExecutor
import StrongroomModel
import StrongroomPlanner
import StrongroomReport
import StrongroomSimulator

/// A small fleet that is as its manifests ask, looked after by cron, and what its runs remember.
final class SteadyFleet {
    static let region = Geography.regions[0]
    static let elsewhere = Geography.regions[1]
    static let home = Place(account: Geography.account, region: region)
    static let account = DesiredAccount(name: "prod", id: Geography.account)

    let service: SimulatedService
    let journal = MemoryJournal()
    var clusters: [DesiredCluster]
    private(set) var ids: [String: GroupID] = [:]
    private(set) var seen: [GroupID: SeenGroup] = [:]

    /// Makes the clusters by hand, and lets cron look until there is nothing to do.
    init() async throws {
        service = try SimulatedService.begin(
            store: MemoryStore(),
            now: beginning,
            settings: SimulatorSettings(seed: 7, quotas: Quotas(clusters: 20, hsms: 60))
        )
        clusters = ["daily", "spread", "unmanaged"].map(Self.desired)
        for desired in clusters { ids[desired.name.value] = try await make(desired) }
        try await pass(.hours(30))
        try await settle()
    }

    /// What is asked of a cluster of that name.
    private static func desired(_ name: String) -> DesiredCluster {
        var desired = DesiredCluster(
            name: .somewhere(name, line: 2),
            region: .somewhere(region, line: 3),
            account: account
        )
        guard name != "unmanaged" else { return desired }
        desired.hsms = .somewhere(
            name == "spread" ? .perZone(Dictionary(counts) { $1 }) : .total(2),
            line: 9
        )
        desired.tags = .somewhere(["env": "prod"], line: 8)
        desired.backups.retention = RetentionPeriod(days: 30).map { .somewhere($0, line: 11) }
        desired.backups.maxAge = .somewhere(.hours(26), line: 12)
        desired.backups.whenStale = .force
        var copies = DesiredCopies(region: .somewhere(elsewhere, line: 15))
        copies.maxAge = .somewhere(.hours(48), line: 16)
        copies.retentionDays = .somewhere(20, line: 17)
        desired.copies = [copies]
        return desired
    }

    private static var counts: [(AvailabilityZone, Int)] {
        Geography.zones(of: region).prefix(2).map { ($0, 1) }
    }

    /// A cluster as asked, made with nobody's help.
    private func make(_ desired: DesiredCluster) async throws -> GroupID {
        let name = desired.name.value
        let request = CreateCluster(
            hsmType: .hsm2mMedium,
            subnets: Geography.subnets(in: Self.region, count: 2),
            mode: .fips,
            retention: RetentionPeriod(days: 30) ?? .serviceDefault,
            tags: ["env": "prod", OwnershipTag.cluster: name, OwnershipTag.fleet: RandomFleet.name]
        )
        let answer = try service.perform(.createCluster(request), at: Self.home, in: nil)
        guard case .cluster(let cluster) = answer else { throw Unexpected() }
        let id = GroupID(home: Self.home, cluster: cluster.id)
        try await pass(.minutes(10))
        let zones = Geography.zones(of: Self.region)
        try perform(.createHSM(CreateHSM(cluster: id.cluster, zone: zones[0])), id)
        try await pass(.minutes(30))
        guard let signing = try service.observe(id).cluster?.signingRequest else {
            throw Unexpected()
        }
        let claim = InitializeCluster(
            cluster: id.cluster,
            signedCertificate: SimulatedCertificate.signed(signing),
            trustAnchor: SimulatedCertificate.trustAnchor
        )
        try perform(.initializeCluster(claim), id)
        try await pass(.minutes(30))
        try service.activate(id.cluster)
        try await pass(.minutes(30))
        try perform(.createHSM(CreateHSM(cluster: id.cluster, zone: zones[1])), id)
        try await pass(.minutes(30))
        return id
    }

    /// The service did not answer as it should.
    struct Unexpected: Error {}
}

extension SteadyFleet {
    /// The manifests as they are now.
    var fleet: DesiredFleet {
        DesiredFleet(
            name: .somewhere(RandomFleet.name),
            service: .simulator,
            stateDirectory: "state",
            accounts: [Self.account],
            regions: Geography.regions,
            safety: Safety(deletionsPerRun: 100, deletionsPerDay: 100, deletionRatio: 1),
            quotas: Quotas(clusters: 20, hsms: 60),
            clusters: clusters
        )
    }

    /// Edits the manifest of the cluster with everything in it.
    func edit(_ change: (inout DesiredCluster) -> Void) {
        change(&clusters[0])
    }

    /// The cluster with everything in its manifest.
    func group(_ name: String = "daily") throws -> ProtectionGroup {
        guard let id = ids[name] else { throw Unexpected() }
        return try service.observe(id)
    }

    /// A call that a person makes beside the manifests.
    func perform(_ call: Call, _ id: GroupID, in region: Region = region) throws {
        _ = try service.perform(call, at: Place(account: id.home.account, region: region), in: id)
    }

    func pass(_ span: Duration) async throws { _ = try await service.advance(by: span) }

    private var context: PlanContext {
        let now = service.now()
        return PlanContext(
            now: now,
            recentEntries: journal.recent(since: now - .days(30)),
            seen: seen
        )
    }

    /// The plan for the present.
    func plan() throws -> Plan {
        proved(try service.inventory().groups.map(service.observe)).plan
    }

    private func proved(_ groups: [ProtectionGroup]) -> ProvedPlan {
        ProvedPlan(of: groups, for: fleet, in: context)
    }

    /// One run of cron: `strongroom reconcile`, with what it remembers.
    @discardableResult
    func tick() async throws -> Plan {
        let executor = executor
        try await executor.resolve(journal.recent(since: service.now() - .days(30)))
        let planner = Planner(fleet: fleet, context: context)
        let groups = try service.inventory().groups.map(service.observe)
        let proved = proved(groups)
        let plan = proved.plan
        let report = try await executor.tick(proved.approved)
        var found: [GroupID: SeenGroup] = [:]
        for group in groups {
            guard var now = planner.seen(try service.observe(group.id)) else { continue }
            now.deletedByPeople = planner.seen(group)?.deletedByPeople ?? []
            found[group.id] = now
        }
        let new = seen.after(plan, found: found, report: report) { _ in false }
        if !new.isSame(as: seen, at: service.now()) { seen = new }
        return plan
    }

    /// Lets cron look every quarter of an hour until it finds nothing to do twice.
    ///
    /// - Returns: Every plan on the way.
    @discardableResult
    func settle() async throws -> [Plan] {
        var plans: [Plan] = []
        var quiet = 0
        while quiet < 2, plans.count < 60 {
            let plan = try await tick()
            plans.append(plan)
            quiet = plan.isSettled ? quiet + 1 : 0
            try await pass(.minutes(15))
        }
        return plans
    }

    private var executor: Executor {
        let limits = Executor.Limits(groupsAtOnce: 1)
        return Executor(
            service: service,
            journal: journal,
            lease: HeldLock(),
            limits: limits,
            uptime: { .zero },
            jitter: { 1 },
            newIntentID: { [journal] in
                let digits = String(journal.callCount + 1, radix: 16)
                return String(repeating: "0", count: 32 - digits.count) + digits
            }
        )
    }
}

extension Plan {
    /// The causes of every line about what differs or changed, and the rule or kind of each.
    var causes: [(line: String, cause: Cause?)] {
        groups.flatMap { group in
            group.steps.map { ($0.reason.rule, $0.reason.cause) }
                + group.notes.filter { $0.kind != .unchanged }.map {
                    ("\($0.kind.rawValue) \($0.reason.rule)", $0.reason.cause)
                }
        }
    }

    /// The plan as it is shown, for a failure's message.
    var shown: String { "at \(now):\n\(PlanText(width: 120, colour: .never).text(of: self))" }
}
