internal import CloudHSM
public import StrongroomModel

/// How a run ended, as an operator reads it: every step, why it stopped, and what to type next.
public struct RunText: Hashable, Sendable {
    /// The columns there are; `nil` for one line per step, however wide.
    public let width: Int?

    /// Whether to colour.
    public let colour: Colour

    /// What is typed to go on.
    public let next: NextCommand

    /// Chooses how results are shown.
    ///
    /// - Parameters:
    ///   - width: Columns there are, at least 40; `nil` for a log or a file.
    ///   - colour: Whether to colour.
    ///   - next: What is typed to go on.
    public init(width: Int?, colour: Colour, next: NextCommand = .apply) {
        self.width = width.map { max($0, 40) }
        self.colour = colour
        self.next = next
    }

    /// The end of a run as text.
    ///
    /// - Parameters:
    ///   - report: How it ended.
    ///   - plan: The plan made after it, whose open lines are counted too; where none could be made,
    ///     the one it carried out.
    /// - Returns: Lines, each ended by a line break; totals, advice and whose turn it is come last.
    public func text(of report: RunReport, under plan: Plan? = nil) -> String {
        var subjects: [PlanSubject] = []
        var steps: [PlanSubject: [StepReport]] = [:]
        for step in report.steps {
            if steps[step.subject] == nil { subjects.append(step.subject) }
            steps[step.subject, default: []].append(step)
        }
        let sections = subjects.map { section(of: steps[$0] ?? [], at: report.endedAt) }
        return (sections + [ending(of: report, under: plan)]).map {
            $0.joined(separator: "\n") + "\n"
        }
        .joined(separator: "\n")
    }

    private func section(of steps: [StepReport], at now: Timestamp) -> [String] {
        let heading = steps.first.map { GroupHeading($0.subject) }
        return (heading?.text(width: width, colour: colour) ?? [])
            + steps.flatMap { lines(of: $0, at: now) }
    }

    private func lines(of report: StepReport, at now: Timestamp) -> [String] {
        let indent = String(repeating: " ", count: Self.statusWidth + 4)
        let room = (width ?? .max) - indent.count
        let changes = report.change(at: now).wrapped(to: room - 2).enumerated().map { index, part in
            let ink = Ink(report.step.action.kind)
            return index == 0 ? colour.paint(part, ink) : "  " + colour.paint(part, ink)
        }
        let reasons = report.status.reason?.wrapped(to: room - 2).map { "  " + $0 } ?? []
        let status = report.status.word.padded(to: Self.statusWidth)
        return (changes + reasons).enumerated().map { index, part in
            index == 0 ? "  \(colour.paint(status, report.status.ink))  \(part)" : indent + part
        }
    }

    /// The columns of the longest status, `not reached`.
    private static let statusWidth = 11

    private func ending(of report: RunReport, under plan: Plan?) -> [String] {
        let notes = OpenLines(plan, report).counted
        let words = [
            "done", "started", "waiting", "not reached", "not read", "refused", "unsafe",
            "in doubt",
            "held",
        ]
        let all = report.steps.map(\.status.counted) + notes.map(\.kind.word)
        let counts = words.map { word in (word, all.count { $0 == word }) }
        let list = counts.filter { $0.1 > 0 }.map { "\($0.1) \($0.0)" }.joined(separator: ", ")
        let ready = next.more == nil ? 0 : OpenLines(plan, report).ready
        let more = ready > 0 ? ", \(ready) more to do" : ""
        let line = list.isEmpty ? "result: nothing was to be done" : "result: \(list)\(more)"
        let stop = report.wasStopped ? " (stopped before the end)" : ""
        return [colour.paint(line + stop, .heading)] + advice(on: report).flatMap(wrapped)
            + (TurnText.line(for: plan, report, next: next).map(wrapped) ?? [])
    }

    private func advice(on report: RunReport) -> [String] {
        var advice: [String] = []
        if report.steps.contains(where: \.status.isInDoubt) {
            advice.append(
                "In doubt: a call may have happened although no answer came. Next: \(next.again);"
                    + " it looks the call up first and never repeats it blindly."
            )
        }
        if report.steps.contains(where: \.status.isUnsafe) {
            advice.append(
                "Unsafe: the world moved, and the step could now lose data. Next: \(next.plan)"
            )
        }
        if report.steps.contains(where: \.status.isRefused) {
            advice.append("Refused: read the service's words above. Next: \(next.plan)")
        }
        if let span = report.gaveUpAfter {
            advice.append(
                "Gave up waiting after \(Ages.words(span)) (--timeout). What was started goes on at the "
                    + "service."
            )
        }
        if report.steps.contains(where: \.status.isNotReached) {
            advice.append(
                "Not reached: the turn of these steps had come, and they were not carried out. Next: "
                    + "read the reasons above, then \(next.again)"
            )
        }
        return advice
    }

    private func wrapped(_ text: String) -> [String] { text.wrapped(to: width ?? .max) }
}

extension StepStatus {
    /// The word it is counted by in the line of totals.
    fileprivate var counted: String {
        if case .notReached(.unread) = self { return "not read" }
        return word
    }

    fileprivate var isNotReached: Bool {
        if case .notReached = self { true } else { false }
    }

    fileprivate var isRefused: Bool {
        if case .refused = self { true } else { false }
    }

    fileprivate var isUnsafe: Bool {
        if case .unsafe = self { true } else { false }
    }

    fileprivate var isInDoubt: Bool {
        if case .inDoubt = self { true } else { false }
    }
}
