internal import CloudHSM
internal import StrongroomModel

/// One group's steps on their way, as a value: a round takes it and gives it back further on.
struct GroupRun: Sendable {
    private let plan: GroupPlan
    private let approval: String?
    private let sender: Sender
    private let journal: any Journal
    private let newIntentID: @Sendable () -> String

    private var view: GroupView
    private var bindings = Bindings()
    private var statuses: [StepID: StepStatus] = [:]
    private var changedAt: [StepID: Timestamp] = [:]
    private var intents: [StepID: Intent] = [:]
    private var news: [StepReport] = []
    private var lastCallAt: Timestamp?

    /// The steps whose call something unreadable kept from being sent: a file does not mend itself
    /// while a run goes on, so the next run tries again, and this one does not.
    private var hindered: Set<StepID> = []

    /// When the present look at the world began, by the sender's clock.
    private var seenAt = Duration.zero

    /// The service's clock when it was last asked.
    private var clock = Timestamp(milliseconds: 0)

    init(
        plan: GroupPlan,
        approval: String?,
        sender: Sender,
        journal: any Journal,
        newIntentID: @escaping @Sendable () -> String
    ) {
        self.plan = plan
        self.approval = approval
        self.sender = sender
        self.journal = journal
        self.newIntentID = newIntentID
        view = GroupView(of: plan.subject.group, through: sender.service)
    }

    private var service: any HSMService { sender.service }

    /// The first deadline of a backup that the plan restores: after it the backup is gone for ever.
    var deadline: Timestamp? {
        plan.steps.compactMap { step in
            guard case .restoreBackup(_, _, let until) = step.action else { return nil }
            return until
        }
        .min()
    }

    /// Whether nothing is left to do or to wait for.
    var isThrough: Bool {
        plan.steps.allSatisfy { step in
            switch statuses[step.id] {
            case .done, .refused, .unsafe: true
            case nil, .waiting, .notReached, .started, .inDoubt: false
            }
        }
    }

    /// Whether waiting may bring anything: a call under way, or something moving at the service.
    func mayMove(at now: Timestamp) -> Bool {
        guard hasHope else { return false }
        let isCalled = statuses.values.contains { $0 == .started || $0.isInDoubt }
        let mayBeUnseen = lastCallAt.map { now < $0 + ReadDelay.allowance } ?? false
        let mayBeSeenAgain = view.blindSince.map { now < $0 + ReadDelay.allowance } ?? false
        return isCalled || mayBeUnseen || mayBeSeenAgain || view.group.map(\.isMoving) ?? false
    }

    /// Whether any step can still be done: not one that must come after a step that failed.
    private var hasHope: Bool {
        var hopeless: Set<StepID> = []
        for step in plan.steps {
            switch statuses[step.id] {
            case .refused, .unsafe: hopeless.insert(step.id)
            case nil, .waiting, .notReached:
                let isHopeless =
                    hindered.contains(step.id)
                    || !hopeless.isDisjoint(with: plan.predecessors(of: step))
                if isHopeless { hopeless.insert(step.id) }
            case .done, .started, .inDoubt: break
            }
        }
        return plan.steps.contains { statuses[$0.id] != .done && !hopeless.contains($0.id) }
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
                status: statuses[step.id] ?? statusNotBegun(of: step),
                at: changedAt[step.id] ?? now
            )
        }
    }

    /// Where a step stands that a stopped run never came to.
    private func statusNotBegun(of step: Step) -> StepStatus {
        let earlier = plan.predecessors(of: step).first { statuses[$0] != .done }
        return earlier.map { .waiting("it comes after step \($0)") } ?? .notReached(.stopped)
    }

    /// One round: looks, notes what is done, and makes every call that can be made now.
    ///
    /// A group that cannot be read is left for the next round; the others are not disturbed.
    func advanced() async throws -> GroupRun {
        var run = self
        run.outdate()
        do {
            for step in plan.steps {
                guard !Task.isCancelled else { break }
                run.clock = try await service.now()
                try await run.advance(step)
            }
        } catch is CancellationError {
            // Calls are seen through; only a look was given up, and nothing depends on it.
        }
        return run
    }

    private mutating func advance(_ step: Step) async throws {
        guard !hindered.contains(step.id) else { return }
        switch statuses[step.id] {
        case .done, .refused, .unsafe: return
        case .started: try await follow(step)
        case .inDoubt: try await decide(step)
        case nil, .waiting, .notReached: try await begin(step)
        }
    }

    private mutating func begin(_ step: Step) async throws {
        if let blindness = try await view.look(at: clock) {
            return set(step, .notReached(.unread(blindness)))
        }
        // An HSM that an earlier step adds may not be listed yet: it is not gone because of that.
        let isNext = plan.predecessors(of: step).allSatisfy { statuses[$0] == .done }
        if isNext, step.postcondition.holds(in: view.group, bindings: bindings) {
            return set(step, .done)
        }
        let obstacle = Obstacle(
            plan: plan,
            statuses: statuses,
            seen: view.group,
            bindings: bindings,
            now: clock,
            isSettling: lastCallAt.map { clock < $0 + ReadDelay.allowance } ?? false
        )
        if let found = obstacle.to(step) { return set(step, found) }
        if case .createCluster(let request) = step.action,
            let found = try await rival(of: request)
        {
            return set(step, found)
        }
        try await call(step)
    }

    /// A cluster that has the name already: the plan is carried out twice, or someone was faster.
    private mutating func rival(of request: CreateCluster) async throws -> StepStatus? {
        guard let name = request.tags[OwnershipTag.cluster] else { return nil }
        let home = plan.subject.home
        do {
            let twin = try await service.clusters(at: home).first { cluster in
                cluster.exists && cluster.tags[OwnershipTag.cluster] == name
                    && cluster.tags[OwnershipTag.fleet] == request.tags[OwnershipTag.fleet]
            }
            return twin.map {
                .unsafe("\($0.id) has the name \(name) already; make a new plan")
            }
        } catch {
            return .notReached(.unread(try view.notRead(because: error, at: clock)))
        }
    }

    private mutating func call(_ step: Step) async throws {
        let now = try await service.now()
        guard let (call, region) = step.action.call(on: view.group, bindings: bindings) else {
            return set(step, .waiting("what it refers to is not there yet"))
        }
        let place = Place(
            account: plan.subject.home.account,
            region: region ?? plan.subject.home.region
        )
        let intent = intent(for: step, call, at: place, now)
        try sender.lease.check()
        #if PLANTED_BUGS
            if !PlantedBug.journalSkipped.isPlanted { try await journal.begin(intent) }
            if PlantedBug.outcomeBeforeAnswer.isPlanted {
                try await record(Outcome(.accepted, at: now), of: intent)
            }
        #else
            try await journal.begin(intent)
        #endif
        intents[step.id] = intent
        bindings.calledAt[step.id] = now
        lastCallAt = now
        let marked = call.marked(by: intent)
        let end = try await sender.send(marked, at: place, in: view.id, seenAt: seenAt)
        outdate()
        // An outcome dated by the last look would only make the next one less patient.
        clock = (try? await unstoppable { [service] in try await service.now() }) ?? clock
        set(step, try await status(of: step, after: end, to: intent))
    }

    /// Makes the next look a new one.
    private mutating func outdate() {
        view.outdate()
        seenAt = sender.uptime()
    }

    /// Records what an answer says; one that never came stays open.
    private mutating func status(
        of step: Step,
        after end: Sender.End,
        to intent: Intent
    ) async throws -> StepStatus {
        switch end {
        case .answered(let answer):
            let made = take(answer, of: step)
            try await record(Outcome(.accepted, made: made, at: clock), of: intent)
            return .started
        case .refused(let refusal):
            let text = refusal.description
            try await record(Outcome(.refused, message: text, at: clock), of: intent)
            return refusal.kind == .throttling ? .notReached(.notSent(text)) : .refused(text)
        case .notSent(let reason):
            try await record(Outcome(.notSent, message: reason, at: clock), of: intent)
            return .notReached(.notSent(reason))
        case .hindered(let reason):
            hindered.insert(step.id)
            try await record(Outcome(.notSent, message: "\(reason)", at: clock), of: intent)
            return .notReached(.unread(reason))
        case .stopped:
            let words = "the run was stopped before it was sent"
            try await record(Outcome(.notSent, message: words, at: clock), of: intent)
            return .notReached(.stopped)
        case .failed(let failure): return .inDoubt(failure.description)
        case .unanswered(let reason): return .inDoubt(reason)
        }
    }

    /// Records an outcome, unless another run may be writing by now.
    private func record(_ outcome: Outcome, of intent: Intent) async throws {
        #if PLANTED_BUGS
            if !PlantedBug.outcomeUnfenced.isPlanted { try sender.lease.check() }
        #else
            try sender.lease.check()
        #endif
        try await journal.end(intent, outcome)
    }

    /// Looks whether an accepted call came to its end, or failed on the way.
    private mutating func follow(_ step: Step) async throws {
        let blindness = try await view.look(at: clock)
        guard let seen = view.shown else { return }
        if step.postcondition.holds(in: seen, bindings: bindings) { return set(step, .done) }
        guard blindness == nil, let intent = intents[step.id] else { return }
        let call = FailedCall(step: step, intent: intent, made: bindings.hsms[step.id])
        if let reason = call.reason(in: seen) { set(step, .refused(reason)) }
    }

    /// Looks whether a call without an answer was carried out; never repeats it blindly.
    private mutating func decide(_ step: Step) async throws {
        guard let intent = intents[step.id], try await view.look(at: clock) == nil else { return }
        guard let outcome = try await outcome(of: intent, for: step) else { return }
        try await record(outcome, of: intent)
        if case .createCluster = step.action, let made = outcome.made.flatMap({ ClusterID($0) }) {
            view.id = GroupID(home: plan.subject.home, cluster: made)
            outdate()
        }
        if case .addHSM = step.action, let made = outcome.made.flatMap({ HSMID($0) }) {
            bindings.hsms[step.id] = made
        }
        guard outcome.result == .foundNotDone else { return set(step, .started) }
        set(step, .waiting("it turned out not to be done"))
        try await begin(step)
    }

    private mutating func outcome(of intent: Intent, for step: Step) async throws -> Outcome? {
        guard step.action.setsValue else {
            do {
                return try await OpenIntent(intent: intent, service: service).outcome()
            } catch {
                _ = try view.notRead(because: error, at: clock)
                return nil
            }
        }
        // A value is either seen to be set, or set again once no earlier request can overtake.
        if step.postcondition.holds(in: view.group, bindings: bindings) {
            return Outcome(.foundDone, at: clock)
        }
        guard clock >= intent.writtenAt + ReadDelay.untilDecided else { return nil }
        return Outcome(.foundNotDone, at: clock)
    }

    private mutating func take(_ answer: Answer, of step: Step) -> String? {
        switch answer {
        case .cluster(let cluster):
            guard case .createCluster = step.action else { return nil }
            view.id = GroupID(home: plan.subject.home, cluster: cluster.id)
            return cluster.id.description
        case .hsm(let hsm):
            bindings.hsms[step.id] = hsm.id
            return hsm.id.description
        case .clusters, .initialization, .hsmID, .backup, .backups, .destinationBackup, .tags,
            .resourcePolicy, .empty:
            return nil
        }
    }

    private mutating func set(_ step: Step, _ status: StepStatus) {
        guard statuses[step.id] != status else { return }
        statuses[step.id] = status
        changedAt[step.id] = clock
        if case .waiting = status { return }
        if case .notReached = status { return }
        news.append(StepReport(subject: plan.subject, step: step, status: status, at: clock))
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
            group: view.id,
            place: place,
            operation: call.operation,
            target: call.target,
            destination: call.destination,
            recoveryPoint: step.action.recoveryPoint,
            step: step.id,
            rule: step.reason.rule,
            writtenAt: now,
            losing: step.action.lostBackups,
            hsmsBefore: (view.group?.cluster?.hsms ?? []).map(\.place),
            epoch: sender.lease.epoch,
            approval: approval,
            preconditions: step.preconditions.map(\.description)
        )
    }
}

extension Action {
    /// The recovery point whose record the action makes or gives up.
    fileprivate var recoveryPoint: String? {
        let keys: [String]
        switch self {
        case .tagBackup(_, let tags): keys = tags.keys.sorted()
        case .untagBackup(_, let removed): keys = removed
        case .createCluster, .initializeCluster, .addHSM, .removeHSM, .setRetention, .copyBackup,
            .deleteBackup, .restoreBackup, .pinBackup, .unpinBackup, .tagCluster, .changeType,
            .deleteCluster:
            keys = []
        }
        return keys.first { $0.hasPrefix(OwnershipTag.recoveryPoint) }
            .map { String($0.dropFirst(OwnershipTag.recoveryPoint.count)) }
    }

    /// Whether the call sets a value, so that a second one does no harm.
    fileprivate var setsValue: Bool {
        switch self {
        case .setRetention, .pinBackup, .unpinBackup, .tagBackup, .untagBackup, .tagCluster: true
        case .createCluster, .initializeCluster, .addHSM, .removeHSM, .copyBackup, .deleteBackup,
            .restoreBackup, .changeType, .deleteCluster:
            false
        }
    }
}
