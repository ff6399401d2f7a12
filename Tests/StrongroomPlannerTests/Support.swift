import CloudHSM
import StrongroomModel
import StrongroomPlanner
import Testing

// Small builders: a test names only what it is about. Every field of a manifest stands on a line of
// its own (``Line``), so that a reason's place tells which field it means.

/// The moment every plan is made for: 2026-11-23T12:00:00Z.
let now = Timestamp(milliseconds: 1_795_435_200_000)

/// The lines of the manifest that the builders pretend was read.
enum Line {
    static let name = 1
    static let region = 2
    static let clusterID = 3
    static let hsmType = 4
    static let mode = 5
    static let networkType = 6
    static let subnets = 7
    static let tags = 8
    static let hsms = 9
    static let retention = 10
    static let maxAge = 11
    static let floor = 12
    static let purge = 13
    static let restoreFrom = 14
    static let initialization = 15
    static let ensure = 16
    static let recoveryPoint = 17
    static let copies = 20
    static let copyMaxAge = 21
    static let copyRetention = 22
    static let copyFloor = 23
    static let freeze = 30
}

func at<Value>(_ line: Int, _ value: Value) -> Located<Value> {
    Located(value, at: place(line))
}

func place(_ line: Int) -> StrongroomModel.SourceLocation {
    StrongroomModel.SourceLocation(file: "fleet.yaml", line: line, column: 3)
}

// MARK: Names

func known<Value>(_ value: Value?, _ text: String = "a literal of the tests") -> Value {
    guard let value else { preconditionFailure("\(text) is not valid") }
    return value
}

func region(_ name: String) -> Region { known(Region(name), name) }

let home = region("us-east-1")
let ireland = region("eu-west-1")
let zoneA = zone("a")
let zoneB = zone("b")
let zoneC = zone("c")

func zone(_ letter: String) -> AvailabilityZone { known(AvailabilityZone("us-east-1\(letter)")) }

/// An id whose order is that of the number.
func id<Kind>(_ number: Int) -> ResourceID<Kind> {
    let digits = Array("abcdefghijklmnopqrstuvwxyz")
    var rest = number
    var suffix = ""
    for _ in 0..<11 {
        suffix = String(digits[rest % 26]) + suffix
        rest /= 26
    }
    return known(ResourceID<Kind>("\(Kind.prefix)\(suffix)"))
}

func backupID(_ number: Int) -> BackupID { id(number) }
func hsmID(_ number: Int) -> HSMID { id(number) }
func clusterID(_ number: Int) -> ClusterID { id(number) }

func subnet(_ zone: AvailabilityZone) -> SubnetID {
    known(SubnetID("subnet-0000000\(zone.description.last ?? "0")"))
}

func subnets(_ zones: [AvailabilityZone]) -> [AvailabilityZone: SubnetID] {
    Dictionary(uniqueKeysWithValues: zones.map { ($0, subnet($0)) })
}

let homePlace = Place(account: .simulated, region: home)

func groupID(_ number: Int, in region: Region = home) -> GroupID {
    GroupID(home: Place(account: .simulated, region: region), cluster: clusterID(number))
}

// MARK: What is desired

/// A cluster that asks for everything ``group(_:)`` has, changed by the test.
func desired(
    _ name: String = "payments",
    _ change: (inout DesiredCluster) -> Void = { _ in }
) -> DesiredCluster {
    var cluster = DesiredCluster(
        name: at(Line.name, name),
        region: at(Line.region, home),
        account: .standard
    )
    cluster.hsmType = at(Line.hsmType, .hsm2mMedium)
    cluster.mode = at(Line.mode, .fips)
    cluster.subnets = at(Line.subnets, subnets([zoneA, zoneB]))
    cluster.hsms = at(Line.hsms, .total(2))
    cluster.backups.retention = at(Line.retention, days(90))
    change(&cluster)
    return cluster
}

func days(_ number: Int) -> RetentionPeriod { known(RetentionPeriod(days: number)) }

func copies(
    in region: Region = ireland,
    maxAge: Duration? = nil,
    retentionDays: Int? = nil,
    floor: Int? = nil
) -> DesiredCopies {
    var copies = DesiredCopies(region: at(Line.copies, region))
    copies.maxAge = maxAge.map { at(Line.copyMaxAge, $0) }
    copies.retentionDays = retentionDays.map { at(Line.copyRetention, $0) }
    copies.keepAtLeast = floor.map { at(Line.copyFloor, $0) }
    return copies
}

func recoveryPoint(
    _ selector: DesiredRecoveryPoint.Selector,
    name: String = "before-rotation",
    in regions: [Region] = []
) -> DesiredRecoveryPoint {
    DesiredRecoveryPoint(
        name: at(Line.recoveryPoint, name),
        selector: selector,
        regions: regions.map { at(Line.recoveryPoint, $0) }
    )
}

/// Budgets that hold nothing back.
let boundless = Safety(deletionsPerRun: 1_000, deletionsPerDay: 1_000, deletionRatio: 1)

func fleet(
    _ clusters: [DesiredCluster],
    safety: Safety = boundless,
    quotas: Quotas = Quotas(clusters: 100, hsms: 100)
) -> DesiredFleet {
    DesiredFleet(
        name: at(Line.name, "acme"),
        service: .simulator,
        stateDirectory: "state",
        accounts: [.standard],
        regions: [home, ireland],
        safety: safety,
        quotas: quotas,
        clusters: clusters
    )
}

// MARK: What is there

func hsm(
    _ number: Int,
    _ zone: AvailabilityZone?,
    _ state: HSMState = .active,
    interface: Int? = nil
) -> HSM {
    let digits = String(interface ?? number)
    let eni = ENIID("eni-" + String(repeating: "0", count: 8 - digits.count) + digits)
    return HSM(id: hsmID(number), zone: zone, eni: eni, state: state)
}

func backup(
    _ number: Int,
    age: Duration,
    _ state: BackupState = .ready,
    pinned: Bool = false,
    tags: [String: String] = [:]
) -> Backup {
    var backup = Backup(
        id: backupID(number),
        region: home,
        createdAt: now - age,
        state: state,
        mode: .fips,
        neverExpires: pinned,
        details: tags.isEmpty ? nil : BackupDetails().with(tags: tags)
    )
    if state == .pendingDeletion { backup.deletesAt = now + .days(3) }
    return backup
}

extension Backup {
    /// The backup with tags; our pin's mark and the records of recovery points among them.
    func tagged(_ tags: [String: String]) -> Backup {
        var backup = self
        backup.details = (details ?? BackupDetails()).with(tags: self.tags.merging(tags) { $1 })
        return backup
    }

    /// The backup as it is once it is recorded as a recovery point and pinned by us.
    func kept(as name: String = "before-rotation") -> Backup {
        var backup = recorded(as: name).tagged([OwnershipTag.pin: OwnershipTag.pinForRecoveryPoint])
        backup.neverExpires = true
        return backup
    }

    /// The backup with the record of a recovery point.
    func recorded(as name: String = "before-rotation") -> Backup {
        tagged([OwnershipTag.recoveryPoint + name: "2026-11-01T00:00:00Z"])
    }

    /// The backup with the time until which it can be restored.
    func gone(in span: Duration) -> Backup {
        var backup = self
        backup.state = .pendingDeletion
        backup.deletesAt = now + span
        return backup
    }
}

func copy(
    _ number: Int,
    of source: Int,
    age: Duration,
    in region: Region = ireland,
    _ state: BackupState = .ready,
    copied: Duration = .minutes(30)
) -> Backup {
    Backup(
        id: backupID(number),
        region: region,
        createdAt: now - age,
        state: state,
        origin: CopyOrigin(backup: backupID(source), region: home, copiedAt: now - copied)
    )
}

func ownership(_ name: String = "payments", fleet: String = "acme") -> [String: String] {
    [OwnershipTag.cluster: name, OwnershipTag.fleet: fleet]
}

/// An ACTIVE cluster of two zones with an HSM in each, as ``desired(_:_:)`` wants it.
func group(
    _ number: Int = 1,
    name: String = "payments",
    hsms: [HSM] = [hsm(1, zoneA), hsm(2, zoneB)],
    backups: [Backup] = [],
    in region: Region = home,
    _ change: (inout Cluster) -> Void = { _ in }
) -> ProtectionGroup {
    var cluster = Cluster(
        id: clusterID(number),
        state: .active,
        hsmType: .hsm2mMedium,
        subnets: subnets([zoneA, zoneB]),
        retention: .days(90)
    )
    cluster.mode = .fips
    cluster.networkType = .ipv4
    cluster.tags = ownership(name)
    cluster.hsms = hsms
    change(&cluster)
    return ProtectionGroup(id: groupID(number, in: region), cluster: cluster, backups: backups)
}

func entry(
    _ operation: String,
    _ target: String,
    rule: String = "test",
    group: GroupID? = groupID(1),
    name: String? = "payments",
    destination: Region? = nil,
    recoveryPoint: String? = nil,
    ago: Duration = .minutes(1),
    losing: [BackupID] = [],
    hsmsBefore: [String] = [],
    outcome: Outcome.Result? = .accepted,
    made: String? = nil,
    preconditions: [Fact]? = nil
) -> JournalEntry {
    let intent = Intent(
        id: "0123456789abcdef0123456789abcdef",
        name: name,
        group: group,
        place: homePlace,
        operation: operation,
        target: target,
        destination: destination,
        recoveryPoint: recoveryPoint,
        step: StepID(1),
        rule: rule,
        writtenAt: now - ago,
        losing: losing,
        hsmsBefore: hsmsBefore,
        preconditions: preconditions?.map(\.description)
    )
    let end = outcome.map { Outcome($0, made: made, at: now - ago) }
    return JournalEntry(intent: intent, outcome: end)
}

// MARK: Plans in short

/// The plan of one manifest and its group, if there is one.
func plan(
    _ desired: DesiredCluster,
    _ group: ProtectionGroup?,
    safety: Safety = boundless,
    quotas: Quotas = Quotas(clusters: 100, hsms: 100),
    journal: [JournalEntry] = [],
    degradedSince: [String: Timestamp] = [:],
    unreadPlaces: [Place: UnreadReason] = [:],
    unreadGroups: [GroupID: UnreadReason] = [:],
    seen: [GroupID: SeenGroup]? = [:]
) -> GroupPlan {
    let context = PlanContext(
        now: now,
        unreadPlaces: unreadPlaces,
        unreadGroups: unreadGroups,
        recentEntries: journal,
        seen: seen,
        degradedSince: degradedSince
    )
    let planner = Planner(
        fleet: fleet([desired], safety: safety, quotas: quotas),
        context: context
    )
    return known(planner.plan(for: group.map { [$0] } ?? []).groups.first, "the only group")
}

extension GroupPlan {
    /// The steps in short: `1 + add us-east-1b (hsm-count:9)`.
    var stepLines: [String] { steps.map(\.short) }

    /// The notes in short: `held HSMs (hsm-count:9)`.
    var noteLines: [String] {
        notes.map { "\($0.kind.rawValue) \($0.subject) (\($0.reason.short))" }
    }

    /// The texts of the notes, in order.
    var texts: [String] { notes.map(\.reason.text) }
}

extension Step {
    var short: String {
        let after = after.isEmpty ? "" : " after " + after.map(\.description).joined(separator: ",")
        return "\(id) \(action.short)\(after) (\(reason.short))"
    }
}

extension Reason {
    var short: String { "\(rule):\(location?.line ?? 0)" }
}

extension Action {
    var short: String {
        switch self {
        case .createCluster: "+ create"
        case .initializeCluster: "~ initialise"
        case .addHSM(let zone, let causes): "+ add \(zone)\(causes ? ", backed up" : "")"
        case .removeHSM(.known(let id), _, _): "- remove \(id)"
        case .removeHSM(.added(let step), _, _): "- remove that of \(step)"
        case .setRetention(let old, let new, let losing):
            "~ retention \(old) to \(new.days), losing \(losing.count)"
        case .copyBackup(.known(let id), let region): "> copy \(id) to \(region)"
        case .copyBackup(.caused(let step), let region): "> copy that of \(step) to \(region)"
        case .deleteBackup(let id, let region, _): "- delete \(id) in \(region)"
        case .tagCluster(let tags, _): "~ tag \(tags.keys.sorted().joined(separator: ","))"
        case .restoreBackup(let id, let region, _): "~ restore \(id) in \(region)"
        case .pinBackup(.known(let id)): "~ pin \(id)"
        case .pinBackup(.caused(let step)): "~ pin that of \(step)"
        case .unpinBackup(let id, _, let losing): "~ unpin \(id), losing \(losing.count)"
        case .tagBackup(.known(let id), let tags): "~ tag \(id) \(tags.keys.sorted())"
        case .tagBackup(.caused(let step), let tags):
            "~ tag that of \(step) \(tags.keys.sorted())"
        case .untagBackup(let id, let keys): "~ untag \(id) \(keys)"
        case .changeType(let old, let new, _): "~ type \(old) to \(new)"
        case .deleteCluster(let id): "- delete \(id)"
        }
    }
}

/// One row of a rule's table: what is wanted and there, and what the plan says in short.
struct Row: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let desired: DesiredCluster
    let group: ProtectionGroup?
    let journal: [JournalEntry]
    let degradedSince: [String: Timestamp]
    let unreadPlaces: [Place: UnreadReason]
    let steps: [String]
    let notes: [String]

    init(
        _ name: String,
        _ desired: DesiredCluster,
        _ group: ProtectionGroup?,
        journal: [JournalEntry] = [],
        degradedSince: [String: Timestamp] = [:],
        unreadPlaces: [Place: UnreadReason] = [:],
        steps: [String] = [],
        notes: [String] = []
    ) {
        testDescription = name
        self.desired = desired
        self.group = group
        self.journal = journal
        self.degradedSince = degradedSince
        self.unreadPlaces = unreadPlaces
        self.steps = steps
        self.notes = notes
    }

    func check(sourceLocation: Testing.SourceLocation = #_sourceLocation) {
        let plan = plan(
            desired,
            group,
            journal: journal,
            degradedSince: degradedSince,
            unreadPlaces: unreadPlaces
        )
        #expect(plan.stepLines == steps, sourceLocation: sourceLocation)
        #expect(plan.noteLines == notes, sourceLocation: sourceLocation)
        let isSettled = !plan.hasOpenNotes && plan.steps.isEmpty
        let isQuiet = steps.isEmpty && notes.allSatisfy { $0.hasPrefix("noticed") }
        #expect(isSettled == isQuiet, sourceLocation: sourceLocation)
    }
}
