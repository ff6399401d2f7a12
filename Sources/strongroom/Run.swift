import CloudHSM
import Foundation
import Logging
import StrongroomExecutor
import StrongroomModel
import StrongroomReport
import StrongroomSimulator
import StrongroomState
import Synchronization

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

/// Which code the end of a run means.
struct RunEnd {
    let status: ExitStatus

    /// Weighs a run; the worst thing that happened decides.
    ///
    /// - Parameters:
    ///   - planned: The plan, and what could not be read.
    ///   - report: Where its steps stand; `nil` if there were none.
    init(_ planned: PlanPipeline.Result, report: RunReport?) {
        let statuses = report?.steps.map(\.status) ?? []
        let hasFailed = statuses.contains { status in
            switch status {
            case .refused, .inDoubt: true
            case .pending, .started, .done, .unsafe: false
            }
        }
        let hasMoved = statuses.contains { $0 == .done || $0 == .started }
        let isUnsafe = statuses.contains { status in
            if case .unsafe = status { return true }
            return false
        }
        status =
            if !planned.unread.isEmpty {
                .stateUnreadable
            } else if hasFailed {
                hasMoved ? .partlyApplied : .failure
            } else if isUnsafe || planned.plan.totals.held > 0 {
                .refusedBySafety
            } else {
                .done
            }
    }
}

/// Shows how a run goes on: a table on a terminal, a line per change elsewhere.
final class Progress: Sendable {
    private struct Drawing {
        var table: LiveTable
        var linesDrawn = 0
    }

    private let drawing: Mutex<Drawing>
    private let lines: ProgressText
    private let terminal: Terminal

    init(plan: Plan, terminal: Terminal) {
        drawing = Mutex(Drawing(table: LiveTable(plan: plan)))
        lines = ProgressText(
            subjects: plan.groups.filter { !$0.steps.isEmpty }.map(\.subject),
            colour: terminal.talkColour
        )
        self.terminal = terminal
    }

    /// Shows where a step came to stand.
    @Sendable func show(_ report: StepReport) {
        guard terminal.isTalkLive else { return terminal.say(lines.line(for: report)) }
        drawing.withLock { drawing in
            drawing.table.record(report)
            draw(&drawing, at: report.at)
        }
    }

    /// Says something about the run itself.
    func say(_ text: String) {
        drawing.withLock { drawing in
            erase(&drawing)
            terminal.say(text)
        }
    }

    /// Leaves the last table standing.
    func finish() {
        drawing.withLock { $0.linesDrawn = 0 }
    }

    private func draw(_ drawing: inout Drawing, at now: Timestamp) {
        let size = terminal.talkSize
        let frame = drawing.table.frame(
            at: now,
            width: size.columns,
            height: size.rows - 1,
            colour: terminal.talkColour
        )
        erase(&drawing)
        terminal.talk(frame.map { $0 + "\n" }.joined())
        drawing.linesDrawn = frame.count
    }

    /// Moves the cursor up over the last table and clears to the end of the screen.
    private func erase(_ drawing: inout Drawing) {
        guard drawing.linesDrawn > 0 else { return }
        terminal.talk("\u{1B}[\(drawing.linesDrawn)A\u{1B}[0J")
        drawing.linesDrawn = 0
    }
}
