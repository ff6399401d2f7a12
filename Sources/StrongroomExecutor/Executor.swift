public import CloudHSM
public import StrongroomModel

/// Carries an approved plan out on a service, journalled call by call.
///
/// A step is done when its postcondition is observed, whoever brought it about; so a rerun, a crash
/// and a lost answer are the same case. Calls of one group are made one after another, in plan
/// order; groups run side by side.
public struct Executor: Sendable {
    /// How patient and how broad a run is.
    public struct Limits: Hashable, Sendable {
        /// Groups worked on at the same time, 1 or more.
        public var groupsAtOnce: Int

        /// How long to wait between two looks; the service wants no less than 30 s
        /// (fact sheet, section 17: `TF` and `CFN` both use 30 s).
        public var pollInterval: Duration

        /// After how long a run gives up waiting; its steps can be gone on with by the next run
        /// (fact sheet, section 17: `TF` gives up after 120 min).
        public var patience: Duration

        /// Sets limits.
        ///
        /// - Parameters:
        ///   - groupsAtOnce: Groups worked on at the same time, 1 or more.
        ///   - pollInterval: How long to wait between two looks.
        ///   - patience: After how long a run gives up waiting.
        public init(
            groupsAtOnce: Int = 8,
            pollInterval: Duration = .seconds(30),
            patience: Duration = .minutes(120)
        ) {
            self.groupsAtOnce = max(groupsAtOnce, 1)
            self.pollInterval = pollInterval
            self.patience = patience
        }
    }

    private let service: any HSMService
    private let journal: any Journal
    private let limits: Limits
    private let sender: Sender
    private let newIntentID: @Sendable () -> String

    /// Prepares to carry plans out.
    ///
    /// - Parameters:
    ///   - service: Where calls go.
    ///   - journal: Where they are recorded before and after.
    ///   - lease: The right to act, looked at before each call is sent.
    ///   - limits: How patient and how broad a run is.
    ///   - uptime: Time since some moment, by a clock that runs on while the machine sleeps.
    ///   - jitter: Gives a random part of a pause, 0 to 1.
    ///   - newIntentID: Gives 128 fresh random bits in hexadecimal.
    ///   - underWay: Is told of each call for as long as it is on its way.
    public init(
        service: any HSMService,
        journal: any Journal,
        lease: any Lease,
        limits: Limits = Limits(),
        uptime: @escaping @Sendable () -> Duration,
        jitter: @escaping @Sendable () -> Double,
        newIntentID: @escaping @Sendable () -> String,
        underWay: CallsUnderWay = CallsUnderWay()
    ) {
        self.service = service
        self.journal = journal
        self.limits = limits
        sender = Sender(
            service: service,
            lease: lease,
            uptime: uptime,
            jitter: jitter,
            underWay: underWay
        )
        self.newIntentID = newIntentID
    }

    /// Starts what can be started now and returns: one tick, for cron.
    ///
    /// - Parameters:
    ///   - approved: The plan.
    ///   - show: Is told of every step that comes to stand somewhere else, in plan order.
    /// - Returns: Where every step stands.
    /// - Throws: When the journal or the service fails as a whole, and ``LeaseLost``.
    public func tick(
        _ approved: ApprovedPlan,
        show: (StepReport) -> Void = { _ in }
    ) async throws -> RunReport {
        var runs = groupRuns(of: approved)
        try await advance(&runs, show: show)
        return try await report(runs, wasStopped: Task.isCancelled)
    }

    /// Carries the plan out until every postcondition is seen, or nothing moves any more.
    ///
    /// - Parameters:
    ///   - approved: The plan.
    ///   - show: Is told of every step that comes to stand somewhere else, in plan order.
    ///   - look: Is told of the service's clock at every look at the world.
    /// - Returns: Where every step stands; stopped early if the task was cancelled.
    /// - Throws: When the journal or the service fails as a whole, and ``LeaseLost``.
    public func run(
        _ approved: ApprovedPlan,
        show: (StepReport) -> Void = { _ in },
        look: (Timestamp) -> Void = { _ in }
    ) async throws -> RunReport {
        var runs = groupRuns(of: approved)
        let began = try await unstoppable { [service] in try await service.now() }
        let deadline = began + limits.patience
        while true {
            guard !Task.isCancelled else { return try await report(runs, wasStopped: true) }
            try await advance(&runs, show: show)
            let now = try await unstoppable { [service] in try await service.now() }
            look(now)
            guard runs.contains(where: { $0.mayMove(at: now) }) else { break }
            guard now < deadline else {
                return try await report(runs, wasStopped: Task.isCancelled, hasGivenUp: true)
            }
            do {
                try await service.wait(limits.pollInterval)
            } catch is CancellationError {
                return try await report(runs, wasStopped: true)
            }
        }
        return try await report(runs, wasStopped: Task.isCancelled)
    }

    /// Decides, as far as the world shows it, how intents without an outcome ended.
    ///
    /// One whose group cannot be read stays open, and no plan is made for that group until it can.
    ///
    /// - Parameter entries: Journal entries; those with an outcome are passed over.
    /// - Throws: When the journal fails, or the task was cancelled.
    public func resolve(_ entries: [JournalEntry]) async throws {
        for entry in entries where entry.outcome == nil {
            try Task.checkCancellation()
            let open = OpenIntent(intent: entry.intent, service: service)
            let outcome: Outcome?
            do {
                outcome = try await open.outcome()
            } catch let cancellation as CancellationError {
                throw cancellation
            } catch {
                continue
            }
            guard let outcome else { continue }
            try sender.lease.check()
            try await journal.end(entry.intent, outcome)
        }
    }

    private func groupRuns(of approved: ApprovedPlan) -> [GroupRun] {
        approved.plan.groups.filter { !$0.steps.isEmpty }.map {
            GroupRun(
                plan: $0,
                approval: approved.digest,
                sender: sender,
                journal: journal,
                newIntentID: newIntentID
            )
        }
    }

    /// One round over all groups that are not through, so many at a time.
    ///
    /// Groups with backups to restore come first, the most urgent deadline before all others.
    private func advance(_ runs: inout [GroupRun], show: (StepReport) -> Void) async throws {
        let open = runs.indices.filter { !runs[$0].isThrough }
        let deadlines = runs.map(\.deadline)
        let urgent = open.filter { deadlines[$0] != nil }.sorted { left, right in
            guard let first = deadlines[left], let second = deadlines[right] else { return false }
            return (first, left) < (second, right)
        }
        let ranked = urgent + open.filter { deadlines[$0] == nil }
        let before = runs
        let advanced = try await sideBySide(ranked, width: limits.groupsAtOnce) { index in
            try await before[index].advanced()
        }
        for (index, run) in zip(ranked, advanced) { runs[index] = run }
        for index in open {
            runs[index].takeNews().forEach(show)
        }
    }

    private func report(
        _ runs: [GroupRun],
        wasStopped: Bool,
        hasGivenUp: Bool = false
    ) async throws -> RunReport {
        let now = try await unstoppable { [service] in try await service.now() }
        return RunReport(
            steps: runs.flatMap { $0.reports(at: now) },
            endedAt: now,
            wasStopped: wasStopped,
            gaveUpAfter: hasGivenUp ? limits.patience : nil
        )
    }
}
