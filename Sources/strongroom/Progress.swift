import CloudHSM
import StrongroomModel
import StrongroomReport
import Synchronization

/// Shows how a run goes on: a table on a terminal, a line per change elsewhere.
final class Progress: Sendable {
    private struct Drawing {
        var table: LiveTable
        var linesDrawn = 0

        /// When what runs was told last in a log, by the uptime.
        var toldAt = Uptime.now
    }

    /// How often a log is told what runs still, in real time.
    private static let pace = Duration.minutes(5)

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
        drawing.withLock { drawing in
            drawing.table.record(report)
            guard terminal.isTalkLive else {
                return terminal.say(SaidLine(rendered: lines.line(for: report)))
            }
            draw(&drawing, at: report.at)
        }
    }

    /// Shows how long what runs has run, and takes as a rule.
    ///
    /// - Parameter now: The service's clock.
    @Sendable func look(at now: Timestamp) {
        drawing.withLock { drawing in
            guard !terminal.isTalkLive else { return draw(&drawing, at: now) }
            guard Uptime.now - drawing.toldAt >= Self.pace else { return }
            drawing.toldAt = Uptime.now
            for line in drawing.table.running(at: now) { terminal.say("\(now)  \(line)") }
        }
    }

    /// Says something about the run itself.
    func say(_ line: SaidLine) {
        drawing.withLock { drawing in
            erase(&drawing)
            terminal.say(line)
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
        terminal.takeBack(lines: drawing.linesDrawn)
        drawing.linesDrawn = 0
    }
}
