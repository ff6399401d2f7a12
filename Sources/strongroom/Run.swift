import CloudHSM
import Foundation
import Logging
import StrongroomExecutor
import StrongroomModel
import StrongroomReport
import StrongroomSimulator
import StrongroomState

/// One run of the executor, with its progress shown and its end weighed.
struct Run {
    let house: House
    let terminal: Terminal

    /// Decides how calls ended that an earlier run left without an outcome.
    func resolveOpenIntents() async throws {
        try await Trouble.explaining {
            let now = house.service.now()
            let entries = try house.recentEntries(at: now)
            let open = entries.count { $0.outcome == nil }
            if open > 0 { house.log.notice("\(open) earlier calls without an outcome: looking") }
            try await executor().resolve(entries)
        }
    }

    /// Carries the plan out until everything is seen to be done, or nothing moves any more.
    func apply(
        _ approved: ApprovedPlan,
        _ planned: PlanPipeline.Result,
        patience: Duration
    ) async throws -> ExitStatus {
        try await run(approved, planned) { executor, progress in
            try await executor.run(approved, show: progress.show)
        } with: {
            executor(patience: patience)
        }
    }

    /// Starts what can be started now.
    func tick(_ approved: ApprovedPlan, _ planned: PlanPipeline.Result) async throws -> ExitStatus {
        try await run(approved, planned) { executor, progress in
            try await executor.tick(approved, show: progress.show)
        } with: {
            executor()
        }
    }

    private func run(
        _ approved: ApprovedPlan,
        _ planned: PlanPipeline.Result,
        _ act: @escaping @Sendable (Executor, Progress) async throws -> RunReport,
        with makeExecutor: () -> Executor
    ) async throws -> ExitStatus {
        let progress = Progress(plan: approved.plan, terminal: terminal)
        let signals = StopSignals()
        let executor = makeExecutor()
        let report: RunReport
        do {
            report = try await signals.stopping(
                onStop: { progress.say("stopping after the present call") },
                { try await act(executor, progress) }
            )
        } catch {
            progress.finish()
            throw Trouble(error)
        }
        progress.finish()
        try await Trouble.explaining { try house.service.flush() }
        try await house.remember(planned, report)
        let text = RunText(width: terminal.resultWidth, colour: terminal.resultColour)
        terminal.show(text.text(of: report))
        return signals.exitStatus ?? RunEnd(planned, report: report).status
    }

    private func executor(patience: Duration = .minutes(120)) -> Executor {
        Executor(
            service: house.service,
            journal: house.state.journal,
            limits: Executor.Limits(patience: patience),
            newIntentID: {
                let bits = (0..<2).map { _ in UInt64.random(in: .min ... .max) }
                return bits.map { word in
                    let digits = String(word, radix: 16)
                    return String(repeating: "0", count: 16 - digits.count) + digits
                }.joined()
            }
        )
    }
}
