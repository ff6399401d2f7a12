import CloudHSM
import StrongroomModel
import StrongroomProof
import Testing

// Small builders: a test names only what it is about.

/// The moment every plan is made for: 2026-11-23T12:00:00Z.
let now = Timestamp(milliseconds: 1_795_435_200_000)

func known<Value>(_ value: Value?, _ text: String = "a literal of the tests") -> Value {
    guard let value else { preconditionFailure("\(text) is not valid") }
    return value
}

let home = known(Region("us-east-1"))
let ireland = known(Region("eu-west-1"))
let tokyo = known(Region("ap-northeast-1"))
let homePlace = Place(account: .simulated, region: home)
let zones = ["a", "b", "c"].map { known(AvailabilityZone("us-east-1\($0)")) }
let line = StrongroomModel.SourceLocation(file: "fleet.yaml", line: 1, column: 1)

func at<Value>(_ value: Value) -> Located<Value> { Located(value, at: line) }
func backupID(_ number: Int) -> BackupID { BackupID(bits: UInt64(number)) }
func hsmID(_ number: Int) -> HSMID { HSMID(bits: UInt64(number)) }
func clusterID(_ number: Int) -> ClusterID { ClusterID(bits: UInt64(number)) }
func days(_ number: Int) -> RetentionPeriod { known(RetentionPeriod(days: number)) }

// MARK: What is desired

func desired(
    _ name: String = "payments",
    _ change: (inout DesiredCluster) -> Void = { _ in }
) -> DesiredCluster {
    var cluster = DesiredCluster(name: at(name), region: at(home), account: .standard)
    change(&cluster)
    return cluster
}

func copies(in region: Region, keeping floor: Int? = nil, for retention: Int? = nil)
    -> DesiredCopies
{
    var copies = DesiredCopies(region: at(region))
    copies.keepAtLeast = floor.map(at)
    copies.retentionDays = retention.map(at)
    return copies
}

func point(
    _ name: String,
    _ selector: DesiredRecoveryPoint.Selector,
    in regions: [Region] = []
) -> DesiredRecoveryPoint {
    DesiredRecoveryPoint(name: at(name), selector: selector, regions: regions.map(at))
}

/// Budgets that hold nothing back.
let boundless = Safety(
    deletionsPerRun: 1_000_000,
    deletionsPerDay: 1_000_000,
    deletionRatio: 1
)

func fleet(_ clusters: [DesiredCluster], safety: Safety = boundless) -> DesiredFleet {
    DesiredFleet(
        name: at("acme"),
        service: .simulator,
        stateDirectory: "state",
        accounts: [.standard],
        regions: [home, ireland, tokyo],
        safety: safety,
        clusters: clusters
    )
}

// MARK: What is there

func own(
    _ number: Int,
    age: Int,
    _ state: BackupState = .ready,
    pinned: Bool = false,
    tags: [String: String] = [:]
) -> Backup {
    Backup(
        id: backupID(number),
        region: home,
        createdAt: now - .days(age),
        state: state,
        deletesAt: state == .pendingDeletion ? now + .days(3) : nil,
        neverExpires: pinned,
        details: tags.isEmpty ? nil : BackupDetails(tags: tags)
    )
}

func copy(
    _ number: Int,
    of source: Int,
    age: Int,
    in region: Region = ireland,
    _ state: BackupState = .ready
) -> Backup {
    Backup(
        id: backupID(number),
        region: region,
        createdAt: now - .days(age),
        state: state,
        deletesAt: state == .pendingDeletion ? now + .days(3) : nil,
        origin: CopyOrigin(backup: backupID(source), region: home, copiedAt: now - .days(1))
    )
}

func hsm(_ number: Int, zone: Int = 0, _ state: HSMState = .active) -> HSM {
    HSM(id: hsmID(number), zone: zones[zone], state: state)
}

func group(
    _ number: Int = 1,
    name: String = "payments",
    hsms: [HSM] = [hsm(1), hsm(2, zone: 1)],
    backups: [Backup] = [],
    retention: RetentionPolicy = .days(90),
    _ change: (inout Cluster) -> Void = { _ in }
) -> ProtectionGroup {
    var cluster = Cluster(
        id: clusterID(number),
        state: .active,
        hsmType: .hsm2mMedium,
        subnets: [:],
        retention: retention
    )
    cluster.tags = [OwnershipTag.cluster: name, OwnershipTag.fleet: "acme"]
    cluster.hsms = hsms
    change(&cluster)
    return ProtectionGroup(
        id: GroupID(home: homePlace, cluster: clusterID(number)),
        cluster: cluster,
        backups: backups
    )
}

// MARK: Plans

func step(
    _ number: Int,
    _ action: Action,
    when preconditions: [Fact] = [],
    until postcondition: Fact,
    after: [Int] = []
) -> Step {
    Step(
        id: StepID(number),
        action: action,
        reason: Reason(rule: "test", "a test asks for it", at: nil),
        preconditions: preconditions,
        postcondition: postcondition,
        after: after.map { StepID($0) }
    )
}

func plan(
    _ steps: [Step],
    of group: ProtectionGroup?,
    name: String = "payments",
    standing: GroupPlan.Standing = .managed
) -> GroupPlan {
    GroupPlan(
        subject: PlanSubject(
            name: name,
            home: group?.id.home ?? homePlace,
            cluster: group?.id.cluster
        ),
        standing: standing,
        steps: steps,
        notes: [],
        unchangedCount: 0
    )
}

/// Everything that is proved together in a test: what is desired, what is there, what is planned.
struct Case: Sendable {
    var desired: DesiredCluster
    var group: ProtectionGroup?
    var steps: [Step]
    var safety = boundless
    var context = PlanContext(now: now)
    var standing = GroupPlan.Standing.managed

    var fleet: DesiredFleet { StrongroomProofTests.fleet([desired], safety: safety) }

    var plan: GroupPlan {
        StrongroomProofTests.plan(
            steps,
            of: group,
            name: desired.name.value,
            standing: standing
        )
    }

    var proof: Proof {
        let prover = Prover(fleet: fleet, context: context)
        return prover.conclude([prover.check(plan, of: group)])
    }
}

/// Reproducible dice (SplitMix64).
struct Dice: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func roll(_ count: Int) -> Int { Int(next() % UInt64(count)) }
    mutating func happens(_ percent: Int) -> Bool { roll(100) < percent }
    mutating func pick<Value>(_ values: [Value]) -> Value { values[roll(values.count)] }
}
