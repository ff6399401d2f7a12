public import CloudHSM
public import StrongroomModel

/// The steps of a run and where they stand, drawn as frames of a terminal.
///
/// It is a value: the command feeds it reports, asks for a frame, and moves the cursor itself.
public struct LiveTable: Hashable, Sendable {
    private struct Row: Hashable, Sendable {
        let report: StepReport
        let startedAt: Timestamp?
    }

    private struct Key: Hashable, Sendable {
        let subject: PlanSubject
        let step: StepID
    }

    private var order: [Key]
    private var rows: [Key: Row]

    /// Lists the steps of a plan, none of them begun.
    ///
    /// - Parameter plan: The plan as it is carried out.
    public init(plan: Plan) {
        order = []
        rows = [:]
        for group in plan.groups {
            for step in group.steps {
                record(
                    StepReport(
                        subject: group.subject,
                        step: step,
                        status: .waiting(""),
                        at: plan.now
                    )
                )
            }
        }
    }

    /// Takes a report in; a step that the plan did not have is added at the end.
    ///
    /// - Parameter report: Where a step came to stand.
    public mutating func record(_ report: StepReport) {
        let key = Key(subject: report.subject, step: report.step.id)
        let known = rows[key]
        if known == nil { order.append(key) }
        let startedAt = report.status == .started ? known?.startedAt ?? report.at : known?.startedAt
        rows[key] = Row(report: report, startedAt: startedAt)
    }

    /// The table as it is to be drawn.
    ///
    /// Trouble and what runs is always shown before what is done and what is to come; what does
    /// not fit is counted in the last line.
    ///
    /// - Parameters:
    ///   - now: The present, by the service's clock.
    ///   - width: Columns there are, at least 20.
    ///   - height: Lines there are, at least 1.
    ///   - colour: Whether to colour.
    /// - Returns: At most `height` lines, none wider than `width`.
    public func frame(at now: Timestamp, width: Int, height: Int, colour: Colour) -> [String] {
        let width = max(width, 20)
        let room = max(height, 1) - 1
        let all = order.compactMap { rows[$0] }
        let ranked = all.enumerated()
            .sorted { (rank(of: $0.element), $0.offset) < (rank(of: $1.element), $1.offset) }
        let shown = Set(ranked.prefix(room).map(\.offset))
        let visible = all.enumerated().filter { shown.contains($0.offset) }.map(\.element)
        let titleWidth = min(visible.map { TextWidth.of($0.report.title) }.max() ?? 0, width / 4)
        let lines = visible.map { row in
            line(of: row, at: now, width: width, titleWidth: titleWidth, colour: colour)
        }
        return lines + [summary(of: all, hidden: all.count - visible.count, at: now).cut(to: width)]
    }

    private func rank(of row: Row) -> Int {
        switch row.report.status {
        case .refused, .unsafe, .inDoubt: 0
        case .started: 1
        case .notReached: 1
        case .waiting: 2
        case .done: 3
        }
    }

    private func line(
        of row: Row,
        at now: Timestamp,
        width: Int,
        titleWidth: Int,
        colour: Colour
    ) -> String {
        let status = row.report.status
        let title = row.report.title.cut(to: max(titleWidth, 1)).padded(to: titleWidth)
        let ending = words(of: row, at: now).cut(to: max(width / 2, 1))
        let room = width - titleWidth - 4 - TextWidth.of(ending)
        let change = row.report.change(at: now).cut(to: max(room, 1)).padded(to: max(room, 1))
        return "\(title)  \(colour.paint(change, Ink(row.report.step.action.kind)))"
            + "  \(colour.paint(ending, status.ink))"
    }

    private func words(of row: Row, at now: Timestamp) -> String {
        let status = row.report.status
        switch status {
        case .started:
            return "running  " + row.report.elapsed(since: row.startedAt ?? row.report.at, at: now)
        case .done:
            return row.startedAt.map { "done  \(Ages.words(row.report.at - $0))" } ?? status.word
        case .waiting, .notReached, .refused, .unsafe, .inDoubt: return status.progress
        }
    }

    /// What runs at present, each with how long it has run and how long that takes as a rule.
    ///
    /// - Parameter now: The present, by the service's clock.
    /// - Returns: A line for each step that runs, in plan order.
    public func running(at now: Timestamp) -> [String] {
        order.compactMap { rows[$0] }.filter { $0.report.status == .started }.map { row in
            let elapsed = row.report.elapsed(since: row.startedAt ?? row.report.at, at: now)
            return "\(row.report.title)  \(row.report.change(at: now))  running \(elapsed)"
        }
    }

    private func summary(of all: [Row], hidden: Int, at now: Timestamp) -> String {
        let done = all.count { $0.report.status == .done }
        let running = all.count { $0.report.status == .started }
        let trouble = all.count(where: \.report.status.isTrouble)
        var words = ["\(done) of \(counted(all.count, "step")) done"]
        if running > 0 { words.append("\(running) running") }
        if trouble > 0 { words.append("\(trouble) in trouble") }
        if hidden > 0 { words.append("\(hidden) not shown") }
        let began = all.compactMap(\.startedAt).min().map { "  \(Ages.words(now - $0))" } ?? ""
        return words.joined(separator: ", ") + began
    }
}

extension StepReport {
    /// How long it has run, and how long that takes as a rule where that is known.
    fileprivate func elapsed(since start: Timestamp, at now: Timestamp) -> String {
        let usual = step.action.typicalDuration.map { " of about \(Ages.words($0))" } ?? ""
        return Ages.words(now - start) + usual
    }
}
