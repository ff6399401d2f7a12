import CloudHSM
import StrongroomExecutor
import StrongroomModel

/// A service and a journal in memory, for tests that let calls fail, lose their answers or take
/// their time. Everything that happens stands in ``events``, in order.
actor ScriptedService: HSMService, Journal {
    /// What becomes of one call.
    enum Reaction {
        /// It is refused, or fails, with or without having been carried out.
        case exception(ServiceException.Kind, isDone: Bool = false)
        /// It is turned away before the service looks at it.
        case turnedAway
        /// No answer comes.
        case noAnswer(isDone: Bool)
        /// Something breaks that nobody foresaw.
        case breakage
        /// It is accepted, and what it begins fails.
        case failsLater
    }

    struct Broken: Error {}

    private(set) var clock = start
    private(set) var groups: [GroupID: ProtectionGroup]
    private(set) var events: [String] = []
    private(set) var intents: [Intent] = []
    private(set) var outcomes: [String: Outcome] = [:]
    private(set) var uses: [ApprovalUse] = []
    private(set) var mostAtOnce = 0
    private(set) var waits = 0
    private var atOnce = 0
    private var due: [(at: Timestamp, change: (inout [GroupID: ProtectionGroup]) -> Void)] = []
    private var made = 0

    /// What becomes of the next calls of an operation; those after them are accepted.
    var reactions: [String: [Reaction]] = [:]

    /// How long nothing shows what an accepted call did.
    var lag = Duration.zero

    /// How often a group cannot be read before it can.
    var unreadable: [GroupID: Int] = [:]

    /// The Regions that no look at a group shows.
    var lostRegions: Set<Region> = []

    var unreadPlaces: [Place: UnreadReason] = [:]
    var brokenJournal: Set<String> = []

    /// Is told of every event, and may change the world or stop the run.
    var onEvent: @Sendable (isolated ScriptedService, String) -> Void = { _, _ in }

    init(_ groups: [ProtectionGroup] = []) {
        self.groups = Dictionary(uniqueKeysWithValues: groups.map { ($0.id, $0) })
    }

    func set(_ change: @Sendable (isolated ScriptedService) -> Void) { change(self) }

    func change(_ id: GroupID = groupID, _ change: (inout ProtectionGroup) -> Void) {
        guard var group = groups[id] else { return }
        change(&group)
        groups[id] = group
    }

    func react(to operation: String, _ reactions: Reaction...) {
        self.reactions[operation, default: []] += reactions
    }

    func calls(_ operation: String) -> Int { events.count { $0.hasPrefix("call \(operation)") } }

    private func note(_ event: String) {
        events.append(event)
        onEvent(self, event)
    }

    // MARK: The service

    func now() -> Timestamp { clock }

    func inventory() -> Inventory {
        Inventory(groups: Array(groups.keys), unreadPlaces: unreadPlaces)
    }

    func observe(_ id: GroupID) async throws -> ProtectionGroup {
        atOnce += 1
        mostAtOnce = max(mostAtOnce, atOnce)
        for _ in 0..<20 { await Task.yield() }
        atOnce -= 1
        if let times = unreadable[id], times > 0 {
            unreadable[id] = times - 1
            throw Broken()
        }
        guard var group = groups[id] else { throw Broken() }
        guard let lost = lostRegions.min() else { return group }
        group.backups.removeAll { lostRegions.contains($0.region) }
        group.unreadRegions = lostRegions
        let place = Place(account: id.home.account, region: lost)
        throw PartlyRead(group, without: place, because: "no answer")
    }

    func wait(_ span: Duration) throws {
        try Task.checkCancellation()
        waits += 1
        pass(span)
    }

    func pass(_ span: Duration) {
        clock = clock + span
        let (now, later) = (due.filter { $0.at <= clock }, due.filter { $0.at > clock })
        due = later
        for entry in now.sorted(by: { $0.at < $1.at }) { entry.change(&groups) }
    }

    func sign(_ call: Call, at place: Place, in group: GroupID?) -> SignedCall {
        SignedCall(call, at: place, in: group, signedAt: clock)
    }

    func send(_ signed: SignedCall) throws -> Answer {
        let (call, place, group) = (signed.call, signed.place, signed.group)
        note("call \(call.operation)")
        let script = reactions[call.operation] ?? []
        reactions[call.operation] = Array(script.dropFirst())
        switch script.first {
        case nil: return carryOut(call, at: place, in: group, fails: false)
        case .failsLater: return carryOut(call, at: place, in: group, fails: true)
        case .breakage: throw Broken()
        case .turnedAway: throw CallNotDone("a redirect")
        case .exception(let kind, let isDone):
            if isDone { _ = carryOut(call, at: place, in: group, fails: false) }
            throw ServiceException(kind, "scripted")
        case .noAnswer(let isDone):
            if isDone { _ = carryOut(call, at: place, in: group, fails: false) }
            throw CallInDoubt("the connection was reset")
        }
    }

    /// Does what a call asks for: some of it at once, or after the lag, and the rest in minutes.
    private func carryOut(_ call: Call, at place: Place, in id: GroupID?, fails: Bool) -> Answer {
        made += 1
        let number = 900 + made
        switch call {
        case .createCluster(let request):
            let cluster = clusterID(number)
            let id = GroupID(home: place, cluster: cluster)
            var new = Cluster(
                id: cluster,
                state: .createInProgress,
                hsmType: request.hsmType,
                subnets: request.subnets,
                retention: .days(request.retention.days)
            )
            new.tags = request.tags
            later(.zero) { [new] in $0[id] = ProtectionGroup(id: id, cluster: new) }
            later(.minutes(1)) { $0[id]?.cluster?.state = .uninitialized }
            return .cluster(new)
        case .createHSM(let request):
            let hsm = hsm(number, request.zone, .createInProgress)
            guard let id else { return .empty }
            later(.zero) { $0[id]?.cluster?.hsms.append(hsm) }
            later(.minutes(2)) { $0[id]?.setState(fails ? .degraded : .active, of: hsm.id) }
            cause(backup: number, in: id)
            return .hsm(hsm)
        case .deleteHSM(let request):
            guard let id, let hsm = request.hsm else { return .empty }
            later(.zero) { $0[id]?.setState(.deleteInProgress, of: hsm) }
            later(.minutes(1)) { $0[id]?.cluster?.hsms.removeAll { $0.id == hsm } }
            cause(backup: number, in: id)
            return .hsmID(hsm)
        case .modifyCluster(let request):
            guard let id, case .retention(let period) = request.change else { return .empty }
            later(.zero) { $0[id]?.cluster?.retention = .days(period.days) }
        case .tagResource(let request):
            guard let id else { return .empty }
            later(.zero) { groups in
                switch request.resource {
                case .cluster: groups[id]?.cluster?.tags.merge(request.tags) { $1 }
                case .backup(let backup): groups[id]?.tag(backup) { $0.merge(request.tags) { $1 } }
                }
            }
        case .untagResource(let request):
            guard let id, case .backup(let backup) = request.resource else { return .empty }
            later(.zero) { groups in
                groups[id]?.tag(backup) { tags in
                    for key in request.keys { tags[key] = nil }
                }
            }
        case .copyBackup(let request):
            guard let id, let source = groups[id]?.backup(request.backup) else { return .empty }
            let copiedAt = clock
            let copy = { (state: BackupState) in
                Backup(
                    id: backupID(number),
                    region: request.destination,
                    createdAt: source.createdAt,
                    state: state,
                    origin: CopyOrigin(backup: source.id, region: home, copiedAt: copiedAt)
                )
            }
            let (begun, ended) = (copy(.createInProgress), copy(fails ? .deleted : .ready))
            later(.zero) { $0[id]?.backups.append(begun) }
            later(.minutes(5)) { $0[id]?.replace(ended) }
        case .deleteBackup(let request):
            guard let id else { return .empty }
            later(.zero) { $0[id]?.setState(.pendingDeletion, of: request.backup) }
        case .restoreBackup(let request):
            guard let id else { return .empty }
            later(.zero) { $0[id]?.setState(.ready, of: request.backup) }
        case .initializeCluster:
            guard let id else { return .empty }
            later(.minutes(1)) { $0[id]?.cluster?.state = .initialized }
        default: break
        }
        return .empty
    }

    private func cause(backup number: Int, in id: GroupID) {
        guard groups[id]?.cluster?.state == .active else { return }
        let backup = Backup(
            id: backupID(number),
            region: home,
            createdAt: clock,
            state: .createInProgress
        )
        later(.zero) { $0[id]?.backups.append(backup) }
        later(.minutes(1)) { $0[id]?.setState(.ready, of: backup.id) }
    }

    private func later(
        _ span: Duration,
        _ change: @escaping (inout [GroupID: ProtectionGroup]) -> Void
    ) {
        guard span + lag > .zero else { return change(&groups) }
        due.append((clock + span + lag, change))
    }

    // MARK: The journal

    func begin(_ intent: Intent) throws {
        guard !brokenJournal.contains("begin") else { throw Broken() }
        note("begin \(intent.operation)")
        intents.append(intent)
    }

    func record(_ use: ApprovalUse) { uses.append(use) }

    func end(_ intent: Intent, _ outcome: Outcome) throws {
        guard !brokenJournal.contains("end") else { throw Broken() }
        note("end \(intent.operation) \(outcome.result.rawValue)")
        outcomes[intent.id] = outcome
    }
}

extension ProtectionGroup {
    mutating func setState(_ state: HSMState, of id: HSMID) {
        guard let index = cluster?.hsms.firstIndex(where: { $0.id == id }) else { return }
        cluster?.hsms[index].state = state
    }

    mutating func setState(_ state: BackupState, of id: BackupID) {
        guard let index = backups.firstIndex(where: { $0.id == id }) else { return }
        backups[index].state = state
    }

    mutating func tag(_ id: BackupID, _ change: (inout [String: String]) -> Void) {
        guard let index = backups.firstIndex(where: { $0.id == id }) else { return }
        var tags = backups[index].tags
        change(&tags)
        backups[index].details = (backups[index].details ?? BackupDetails()).with(tags: tags)
    }

    mutating func replace(_ backup: Backup) {
        guard let index = backups.firstIndex(where: { $0.id == backup.id }) else { return }
        backups[index] = backup
    }
}
