import CloudHSM
import StrongroomExecutor
import StrongroomModel
import Synchronization

// Small builders: a test names only what it is about.

/// When every run begins: 2026-11-23T12:00:00Z.
let start = Timestamp(milliseconds: 1_795_435_200_000)

func known<Value>(_ value: Value?, _ text: String = "a literal of the tests") -> Value {
    guard let value else { preconditionFailure("\(text) is not valid") }
    return value
}

func region(_ name: String) -> Region { known(Region(name), name) }

let home = region("us-east-1")
let ireland = region("eu-west-1")
let zoneA = known(AvailabilityZone("us-east-1a"))
let zoneB = known(AvailabilityZone("us-east-1b"))
let homePlace = Place(account: .simulated, region: home)
let groupID = GroupID(home: homePlace, cluster: clusterID(1))

/// An id whose order is that of the number.
func id<Kind>(_ number: Int) -> ResourceID<Kind> {
    let letters = Array("abcdefghijklmnopqrstuvwxyz")
    var rest = number
    var suffix = ""
    for _ in 0..<11 {
        suffix = String(letters[rest % 26]) + suffix
        rest /= 26
    }
    return known(ResourceID<Kind>("\(Kind.prefix)\(suffix)"))
}

func backupID(_ number: Int) -> BackupID { id(number) }
func hsmID(_ number: Int) -> HSMID { id(number) }
func clusterID(_ number: Int) -> ClusterID { id(number) }
func days(_ number: Int) -> RetentionPeriod { known(RetentionPeriod(days: number)) }

func hsm(_ number: Int, _ zone: AvailabilityZone, _ state: HSMState = .active) -> HSM {
    let digits = String(number)
    let eni = ENIID("eni-" + String(repeating: "0", count: 8 - digits.count) + digits)
    return HSM(id: hsmID(number), zone: zone, eni: eni, state: state)
}

func backup(_ number: Int, age: Duration, _ state: BackupState = .ready) -> Backup {
    Backup(id: backupID(number), region: home, createdAt: start - age, state: state)
}

func copy(_ number: Int, of source: Int, age: Duration) -> Backup {
    Backup(
        id: backupID(number),
        region: ireland,
        createdAt: start - age,
        state: .ready,
        origin: CopyOrigin(backup: backupID(source), region: home, copiedAt: start - age)
    )
}

/// An ACTIVE cluster of two HSMs with two backups.
func group(
    _ number: Int = 1,
    hsms: [HSM] = [hsm(1, zoneA), hsm(2, zoneB)],
    backups: [Backup] = [backup(1, age: .days(2)), backup(2, age: .days(1))],
    _ change: (inout Cluster) -> Void = { _ in }
) -> ProtectionGroup {
    var cluster = Cluster(
        id: clusterID(number),
        state: .active,
        hsmType: .hsm2mMedium,
        subnets: [:],
        retention: .days(90)
    )
    cluster.hsms = hsms
    change(&cluster)
    let id = GroupID(home: homePlace, cluster: clusterID(number))
    return ProtectionGroup(id: id, cluster: cluster, backups: backups)
}

// MARK: Steps

func step(
    _ number: Int,
    _ action: Action,
    _ preconditions: [Fact] = [],
    then postcondition: Fact,
    after: [Int] = []
) -> Step {
    Step(
        id: StepID(number),
        action: action,
        reason: Reason(rule: "test", "", at: nil),
        preconditions: preconditions,
        postcondition: postcondition,
        after: after.map(StepID.init)
    )
}

func tagging(_ number: Int, _ key: String = "cost", after: [Int] = []) -> Step {
    step(
        number,
        .tagCluster(tags: [key: "1"], replacing: [:]),
        [.clusterExists],
        then: .clusterTags([key: "1"]),
        after: after
    )
}

func adding(_ number: Int, _ zone: AvailabilityZone = zoneA, total: Int = 2, after: [Int] = [])
    -> Step
{
    step(
        number,
        .addHSM(zone: zone, causesBackup: true),
        [.clusterState(.active), .hsmsSettled, .presentHSMs(total)],
        then: .healthyHSMs(in: zone, atLeast: 2),
        after: after
    )
}

func removing(_ number: Int, _ hsm: HSMReference, leaving: Int, after: [Int] = []) -> Step {
    step(
        number,
        .removeHSM(hsm, zone: zoneA, causesBackup: true),
        [.clusterState(.active), .hsmsSettled, .healthyHSMsApart(from: hsm, atLeast: leaving)],
        then: .hsmGone(hsm),
        after: after
    )
}

func copying(_ number: Int, _ source: BackupReference, after: [Int] = []) -> Step {
    step(
        number,
        .copyBackup(source, to: ireland),
        [.backupReady(source), .notCopied(source, to: ireland)],
        then: .copyReady(of: source, in: ireland),
        after: after
    )
}

func deleting(_ number: Int, _ backup: Int, floor: Int = 1, after: [Int] = []) -> Step {
    let id = backupID(backup)
    return step(
        number,
        .deleteBackup(id, in: ireland, createdAt: start),
        [.backupReady(.known(id)), .readyBackupsApart(from: id, in: ireland, atLeast: floor)],
        then: .backupGone(id),
        after: after
    )
}

func shortening(_ number: Int, to period: Int, losing: [Int]) -> Step {
    step(
        number,
        .setRetention(from: .days(90), to: days(period), losing: losing.map { backupID($0) }),
        [.clusterState(.active), .retention(.days(90))],
        then: .retention(.days(period))
    )
}

func creating(_ number: Int = 1) -> Step {
    step(
        number,
        .createCluster(
            CreateCluster(
                hsmType: .hsm2mMedium,
                subnets: [zoneA: known(SubnetID("subnet-00000000"))],
                mode: .fips,
                tags: [OwnershipTag.cluster: "payments", OwnershipTag.fleet: "acme"]
            )
        ),
        then: .clusterState(.uninitialized)
    )
}

func plan(_ steps: [Step], of number: Int? = 1) -> GroupPlan {
    GroupPlan(
        subject: PlanSubject(name: "payments", home: homePlace, cluster: number.map(clusterID)),
        standing: .managed,
        steps: steps,
        notes: [],
        unchangedCount: 0
    )
}

func approved(_ groups: [GroupPlan]) throws -> ApprovedPlan {
    let plan = Plan(fleet: "acme", now: start, groups: groups)
    return try ApprovedPlan(plan, provedBy: taken(for: plan), approving: .everything)
}

func approved(_ steps: Step..., of number: Int? = 1) throws -> ApprovedPlan {
    try approved([plan(steps, of: number)])
}

// MARK: Runs

/// A lock that nobody takes away.
struct HeldLock: Lease {
    let epoch = 1

    func check() {}
}

func executor(
    _ service: ScriptedService,
    groupsAtOnce: Int = 8,
    patience: Duration = .minutes(60),
    lease: any Lease = HeldLock(),
    uptime: @escaping @Sendable () -> Duration = { .zero },
    underWay: CallsUnderWay = CallsUnderWay()
) -> Executor {
    let count = Mutex(0)
    return Executor(
        service: service,
        journal: service,
        lease: lease,
        limits: Executor.Limits(groupsAtOnce: groupsAtOnce, patience: patience),
        uptime: uptime,
        jitter: { 1 },
        newIntentID: {
            count.withLock {
                $0 += 1; return "intent-\($0)"
            }
        },
        underWay: underWay
    )
}

extension RunReport {
    /// Where the steps stand, in plan order, texts aside.
    var statuses: [String] { steps.map { $0.status.short } }
}

extension StepStatus {
    var short: String {
        switch self {
        case .waiting: "waiting"
        case .notReached: "not reached"
        case .started: "started"
        case .done: "done"
        case .refused: "refused"
        case .unsafe: "unsafe"
        case .inDoubt: "in doubt"
        }
    }

    var text: String {
        switch self {
        case .waiting(let text), .refused(let text), .unsafe(let text), .inDoubt(let text): text
        case .notReached(.unread(let reason)): "\(reason)"
        case .notReached(.notSent(let text)), .notReached(.unmet(let text)): text
        case .notReached(.stopped): "stopped"
        case .started, .done: ""
        }
    }
}

/// A proof taken for granted: these tests are about carrying out, not about what may be planned.
func taken(for plan: Plan, findings: [Proof.Finding] = []) -> Proof {
    Proof(
        fleet: plan.fleet,
        now: plan.now,
        stepCount: plan.groups.reduce(0) { $0 + $1.steps.count },
        worstCases: [],
        findings: findings,
        facts: []
    )
}
