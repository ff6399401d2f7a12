import CloudHSM
import Foundation
import Logging
import StrongroomExecutor
import StrongroomModel
import StrongroomReport
import StrongroomState

/// One run of the executor, with its progress shown and its end weighed.
struct Run {
    let house: House
    let terminal: Terminal

    /// What stops it: the command runs under it, and is cancelled when it comes.
    let stops: StopSignals

    /// For whom the plan is made that says what is left.
    var reader = PlanReader.person

    /// What is typed to go on.
    var next = NextCommand.apply

    /// Is told where every step stands, once a run has ended and that is durable.
    var didEnd: (RunReport) async throws -> Void = { _ in }

    private let underWay = CallsUnderWay()

    /// How a run ended.
    struct End: Sendable {
        let status: ExitStatus

        /// Whether every step is done, under way or waiting, and the run was neither stopped nor out of time.
        let isSmooth: Bool
    }

    /// Decides how calls ended that an earlier run left without an outcome.
    func resolveOpenIntents() async throws {
        try await Trouble.explaining {
            let now = house.service.present
            let entries = try house.recentEntries(at: now)
            let open = entries.count { $0.outcome == nil }
            if open > 0 { house.log.info("\(open) earlier calls without an outcome: looking") }
            try await executor().resolve(entries)
        }
    }

    /// Carries the plan out until everything is seen to be done, or nothing moves any more.
    func apply(
        _ approved: ApprovedPlan,
        _ planned: PlanPipeline.Result,
        patience: Duration,
        alreadyWaited: Duration = .zero
    ) async throws -> End {
        try await run(approved, planned) { executor, progress in
            try await executor.run(approved, show: progress.show, look: progress.look)
                .afterWaiting(alreadyWaited)
        } with: {
            try executor(patience: max(patience - alreadyWaited, .zero))
        }
    }

    /// Starts what can be started now.
    func tick(_ approved: ApprovedPlan, _ planned: PlanPipeline.Result) async throws -> End {
        try await run(approved, planned) { executor, progress in
            try await executor.tick(approved, show: progress.show)
        } with: {
            try executor()
        }
    }

    private func run(
        _ approved: ApprovedPlan,
        _ planned: PlanPipeline.Result,
        _ act: @escaping @Sendable (Executor, Progress) async throws -> RunReport,
        with makeExecutor: () throws -> Executor
    ) async throws -> End {
        let progress = Progress(plan: approved.plan, terminal: terminal)
        let executor = try makeExecutor()
        let report: RunReport
        do {
            report = try await withTaskCancellationHandler {
                try await act(executor, progress)
            } onCancel: { [underWay] in
                progress.say(
                    underWay.isEmpty
                        ? "stopping"
                        : "stopping once the present call is answered, at most 30 s from now"
                )
            }
        } catch {
            progress.finish()
            throw Trouble(error)
        }
        progress.finish()
        try await Trouble.explaining { try house.service.flush() }
        try await house.remember(planned, report)
        try await didEnd(report)
        let left = await remainder(of: planned, after: report)
        let text = RunText(
            width: terminal.resultWidth,
            colour: terminal.resultColour,
            next: next
        )
        terminal.show(text.text(of: report, under: left.plan.plan), about: .run)
        for line in report.unreadReasons { terminal.say("error: \(line)") }
        let end = RunEnd(left.plan, report: report, stoppedBy: stops.exitStatus).status
        if let trouble = left.trouble {
            terminal.say("error: what is left to do could not be looked at: \(trouble.text)")
        } else if planned.gap == nil, left.plan.gap != nil {
            terminal.sayGaps(of: left.plan, in: house.fleet)
        }
        // What was held when the run began, and is not any more, was left out of it, too.
        let isLeftOver = planned.isHeld && report.hasMoved && left.plan.plan.hasSteps
        return End(
            // What could not be read before the run was left out of it, also if it can be read now.
            status: end.or(planned.gap).or(left.trouble?.status)
                .or(isLeftOver ? .refusedBySafety : nil),
            isSmooth: report.isSmooth && report.gaveUpAfter == nil && stops.exitStatus == nil
        )
    }

    /// What is wanted once a run is through.
    private struct Remainder {
        /// The plan made then; where none could be made, the one that was carried out.
        var plan: PlanPipeline.Result

        /// Why none could be made.
        var trouble: Trouble?
    }

    /// Plans anew: what was held, waited or was not read before the run may be otherwise now.
    private func remainder(
        of planned: PlanPipeline.Result,
        after report: RunReport
    ) async -> Remainder {
        var remainder = Remainder(plan: planned)
        // Somebody waits for a run that is being stopped, and one that moved nothing changed nothing.
        guard !Task.isCancelled, report.hasMoved else { return remainder }
        do {
            remainder.plan = try await house.plan(for: reader)
        } catch is CancellationError {
            return remainder
        } catch {
            remainder.trouble = Trouble(error)
        }
        return remainder
    }

    private func executor(patience: Duration = .minutes(120)) throws -> Executor {
        if let objection = house.objection { throw Trouble(objection, .refusedBySafety) }
        guard let lease = house.state.lease else {
            throw StateError.openedForReading(path: house.state.path)
        }
        return Executor(
            service: house.service,
            journal: house.state.journal,
            lease: lease,
            limits: Executor.Limits(patience: patience),
            uptime: { Uptime.now },
            jitter: { Double.random(in: 0...1) },
            newIntentID: {
                let bits = (0..<2).map { _ in UInt64.random(in: .min ... .max) }
                return bits.map { word in
                    let digits = String(word, radix: 16)
                    return String(repeating: "0", count: 16 - digits.count) + digits
                }.joined()
            },
            underWay: underWay
        )
    }
}

extension RunReport {
    /// Whether every step is done, under way or waiting.
    fileprivate var isSmooth: Bool {
        steps.allSatisfy { step in
            switch step.status {
            case .done, .started, .waiting: true
            case .notReached, .refused, .unsafe, .inDoubt: false
            }
        }
    }

    /// Whether a call was accepted.
    fileprivate var hasMoved: Bool {
        steps.contains { $0.status == .done || $0.status == .started }
    }

    /// Why the turn of steps came in vain because something could not be read, once for each cause.
    fileprivate var unreadReasons: [String] {
        var reasons: [String] = []
        for step in steps {
            guard case .notReached(.unread(let reason)) = step.status else { continue }
            let next = reason.next.map { ". Next: \($0)" } ?? ""
            let name = step.subject.name ?? "\(step.subject.home)"
            let line = "\(name): what it rests on cannot be read: \(reason)\(next)"
            if !reasons.contains(line) { reasons.append(line) }
        }
        return reasons
    }
}
