internal import CloudHSM
internal import StrongroomModel

/// One group's steps on their way, as a value: a round takes it and gives it back further on.
struct GroupRun: Sendable {
    private let plan: GroupPlan
    private let service: any HSMService
    private let journal: any Journal
    private let newIntentID: @Sendable () -> String

    private var id: GroupID?
    private var bindings = Bindings()
    private var statuses: [StepID: StepStatus] = [:]
    private var changedAt: [StepID: Timestamp] = [:]
    private var intents: [StepID: Intent] = [:]
    private var news: [StepReport] = []
    private var lastCallAt: Timestamp?
    private var seen: ProtectionGroup?
    private var seenIsCurrent = false

    init(
        plan: GroupPlan,
        service: any HSMService,
        journal: any Journal,
        newIntentID: @escaping @Sendable () -> String
    ) {
        self.plan = plan
        self.service = service
        self.journal = journal
        self.newIntentID = newIntentID
        id = plan.subject.group
    }

    /// Whether nothing is left to do or to wait for.
    var isThrough: Bool {
        plan.steps.allSatisfy { step in
            switch statuses[step.id] {
            case .done, .refused, .unsafe: true
            case nil, .pending, .started, .inDoubt: false
            }
        }
    }

    /// Whether waiting may bring anything: a call under way, or something moving at the service.
    func mayMove(at now: Timestamp) -> Bool {
        guard !isThrough else { return false }
        let isCalled = statuses.values.contains { $0 == .started || $0.isInDoubt }
        let mayBeUnseen = lastCallAt.map { now < $0 + ReadDelay.allowance } ?? false
        return isCalled || mayBeUnseen || seen.map(\.isMoving) ?? false
    }

    /// The steps that came to stand somewhere else since the last time, in plan order.
    mutating func takeNews() -> [StepReport] {
        defer { news = [] }
        return news.sorted { $0.step.id < $1.step.id }
    }

    /// Every step and where it stands.
    ///
    /// - Parameter now: The service's clock.
    /// - Returns: The steps in plan order.
    func reports(at now: Timestamp) -> [StepReport] {
        plan.steps.map { step in
            StepReport(
                subject: plan.subject,
                step: step,
                status: statuses[step.id] ?? .pending("it was not reached"),
                at: changedAt[step.id] ?? now
            )
        }
    }

    /// One round: looks, notes what is done, and makes every call that can be made now.
    func advanced() async throws -> GroupRun {
        var run = self
        run.seenIsCurrent = false
        for step in plan.steps {
            guard !Task.isCancelled else { break }
            try await run.advance(step)
        }
        return run
    }

    private mutating func advance(_ step: Step) async throws {
        switch statuses[step.id] {
        case .done, .refused, .unsafe: return
        case .started:
            try await look()
            if step.postcondition.holds(in: seen, bindings: bindings) { try await set(step, .done) }
        case .inDoubt: try await decide(step)
        case nil, .pending: try await begin(step)
        }
    }

    /// Looks at the group, once a round and again after each call.
    private mutating func look() async throws {
        guard let id, !seenIsCurrent else { return }
        seen = try await service.observe(id)
        seenIsCurrent = true
    }

    private mutating func begin(_ step: Step) async throws {
        try await look()
        if step.postcondition.holds(in: seen, bindings: bindings) {
            return try await set(step, .done)
        }
        if let obstacle = obstacle(to: step) { return try await set(step, obstacle) }
        try await call(step)
    }

    /// What keeps a step from being begun now: earlier steps, or a precondition.
    private func obstacle(to step: Step) -> StepStatus? {
        // What destroys waits for everything before it, whether it names it or not.
        let destroys = !step.action.lostBackups.isEmpty
        for earlier in plan.steps.prefix(while: { $0.id != step.id }) {
            guard destroys || step.after.contains(earlier.id) else { continue }
            guard statuses[earlier.id] == .done else {
                return .pending("it comes after step \(earlier.id)")
            }
        }
        if case .createCluster = step.action { return nil }
        for fact in step.preconditions where !fact.holds(in: seen, bindings: bindings) {
            let text = "not so: \(fact)"
            let isSettled = seen.map { !$0.isMoving } ?? false
            return fact.protectsData && isSettled ? .unsafe(text) : .pending(text)
        }
        return nil
    }

    private mutating func call(_ step: Step) async throws {
        let now = try await service.now()
        guard let (call, region) = step.action.call(on: seen, bindings: bindings) else {
            return try await set(step, .pending("what it refers to is not there yet"))
        }
        let place = Place(
            account: plan.subject.home.account,
            region: region ?? plan.subject.home.region
        )
        let intent = intent(for: step, call, at: place, now)
        try await journal.begin(intent)
        intents[step.id] = intent
        bindings.calledAt[step.id] = now
        lastCallAt = now
        seenIsCurrent = false
        do {
            let answer = try await service.perform(call.marked(by: intent), at: place, in: id)
            let made = take(answer, of: step)
            try await journal.end(intent, Outcome(.accepted, made: made, at: now))
            try await set(step, .started)
        } catch let refusal as ServiceException where refusal.certainlyNotDone {
            let outcome = Outcome(.refused, message: refusal.description, at: now)
            try await journal.end(intent, outcome)
            try await set(
                step,
                refusal.kind == .throttling
                    ? .pending(refusal.description) : .refused(refusal.description)
            )
        } catch let fault as ServiceException {
            try await set(step, .inDoubt(fault.description))
        } catch let doubt as CallInDoubt {
            try await set(step, .inDoubt(doubt.description))
        }
    }

    /// Looks whether a call without an answer was carried out; never repeats it blindly.
    private mutating func decide(_ step: Step) async throws {
        guard let intent = intents[step.id] else { return }
        try await look()
        let open = OpenIntent(intent: intent, service: service)
        let now = try await service.now()
        let outcome: Outcome?
        if step.postcondition.holds(in: seen, bindings: bindings) {
            outcome = Outcome(.foundDone, at: now)
        } else {
            outcome = try await open.outcome()
        }
        guard let outcome else { return }
        try await journal.end(intent, outcome)
        if case .createCluster = step.action, let made = outcome.made.flatMap({ ClusterID($0) }) {
            id = GroupID(home: plan.subject.home, cluster: made)
        }
        if case .addHSM = step.action, let made = outcome.made.flatMap({ HSMID($0) }) {
            bindings.hsms[step.id] = made
        }
        try await set(
            step,
            outcome.result == .foundDone ? .started : .pending("it turned out not to be done")
        )
    }

    private mutating func take(_ answer: Answer, of step: Step) -> String? {
        switch answer {
        case .cluster(let cluster):
            guard case .createCluster = step.action else { return nil }
            id = GroupID(home: plan.subject.home, cluster: cluster.id)
            return cluster.id.description
        case .hsm(let hsm):
            bindings.hsms[step.id] = hsm.id
            return hsm.id.description
        case .clusters, .initialization, .hsmID, .backup, .backups, .destinationBackup, .tags,
            .empty:
            return nil
        }
    }

    private mutating func set(_ step: Step, _ status: StepStatus) async throws {
        guard statuses[step.id] != status else { return }
        let now = try await service.now()
        statuses[step.id] = status
        changedAt[step.id] = now
        if case .pending = status { return }
        news.append(StepReport(subject: plan.subject, step: step, status: status, at: now))
    }

    private func intent(
        for step: Step,
        _ call: Call,
        at place: Place,
        _ now: Timestamp
    ) -> Intent {
        Intent(
            id: newIntentID(),
            name: plan.subject.name,
            group: id,
            place: place,
            operation: call.operation,
            target: call.target,
            destination: call.destination,
            step: step.id,
            rule: step.reason.rule,
            writtenAt: now,
            losing: step.action.lostBackups,
            hsmsBefore: (seen?.cluster?.hsms ?? []).map(\.place)
        )
    }
}

extension StepStatus {
    fileprivate var isInDoubt: Bool {
        if case .inDoubt = self { return true }
        return false
    }
}

extension Fact {
    /// Whether going on without the fact could cost data or redundancy.
    fileprivate var protectsData: Bool {
        switch self {
        case .healthyHSMsApart, .readyBackupsApart, .readyContent, .retention: true
        case .clusterExists, .clusterState, .signingRequestShown, .clusterClaimed, .hsmsSettled,
            .presentHSMs, .healthyHSMs, .hsmGone, .freshBackup, .backupReady, .backupGone,
            .notCopied, .copyReady, .clusterTags:
            false
        }
    }
}

extension ProtectionGroup {
    /// Whether the service is at work on anything in the group.
    fileprivate var isMoving: Bool {
        let cluster = livingCluster
        return cluster?.state.isBusy ?? false
            || cluster?.hsms.contains(where: \.state.isBusy) ?? false
            || backups.contains { $0.state == .createInProgress }
    }
}
