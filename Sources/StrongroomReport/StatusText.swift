internal import CloudHSM
internal import StrongroomModel

/// A status report as an operator reads it.
public struct StatusText: Hashable, Sendable {
    /// The columns there are; `nil` for lines as wide as they need to be.
    public let width: Int?

    /// Whether to colour.
    public let colour: Colour

    /// Chooses how reports are shown.
    ///
    /// - Parameters:
    ///   - width: Columns there are, at least 40; `nil` for a log or a file.
    ///   - colour: Whether to colour.
    public init(width: Int?, colour: Colour) {
        self.width = width.map { max($0, 40) }
        self.colour = colour
    }

    /// The report as text.
    ///
    /// - Parameter report: The report.
    /// - Returns: Lines, each ended by a line break; the fleet's line comes last.
    public func text(of report: StatusReport) -> String {
        let sections = report.clusters.map { section(of: $0, at: report.now) }
        let doubts = (report.inDoubt ?? []).map { section(of: $0, at: report.now) }
        return (sections + doubts + [[summary(of: report)]]).map {
            $0.joined(separator: "\n") + "\n"
        }
        .joined(separator: "\n")
    }

    /// A call in doubt: what it was, and what a person can do about it.
    private func section(of doubt: DoubtStatus, at now: Timestamp) -> [String] {
        let id = doubt.intent.prefix(8)
        var words = ["no answer came to the call of \(doubt.sentAt)"]
        if now < doubt.decidedBy {
            words.append("the next run looks, and knows for certain by \(doubt.decidedBy)")
        } else {
            words.append("the next run looks for \(SafeText.terminal(doubt.lookAt))")
            words.append(
                "if it still cannot tell: strongroom resolve \(id) --done or --not-done, "
                    + "with --reason"
            )
        }
        let lines = words.flatMap { $0.wrapped(to: (width ?? .max) - 2) }
        let heading = colour.paint("in doubt: \(doubt.words)  (\(id))", .heading)
        return [heading] + lines.map { "  \($0)" }
    }

    private func section(of cluster: ClusterStatus, at now: Timestamp) -> [String] {
        let heading = GroupHeading(
            cluster.subject,
            isUnread: cluster.isUnread,
            states: state(of: cluster)
        )
        let rows = StatusRow.all(of: cluster, at: now)
        let labelWidth = rows.map { TextWidth.of($0.label) }.max() ?? 0
        return heading.text(width: width, colour: colour)
            + rows.flatMap { row in
                let lines = row.words.wrapped(to: (width ?? .max) - labelWidth - 4)
                return lines.enumerated().map { index, line in
                    let label = (index == 0 ? row.label : "").padded(to: labelWidth)
                    return "  \(label)  \(row.ink.map { colour.paint(line, $0) } ?? line)"
                }
            }
    }

    private func state(of cluster: ClusterStatus) -> [String] {
        var words = cluster.state.map { [SafeText.terminal($0.description)] } ?? []
        if cluster.isUnread {
            words.append("not read")
        } else if cluster.state == nil, cluster.cluster != nil {
            words.append("not there")
        }
        if cluster.isParked { words.append("parked") }
        if cluster.standing != .managed { words.append(cluster.standing.rawValue) }
        return words
    }

    private func summary(of report: StatusReport) -> String {
        let summary = report.summary
        var words = [
            counted(summary.clusters, "cluster"),
            "\(summary.healthyHSMs) of \(counted(summary.presentHSMs, "HSM")) healthy",
        ]
        if summary.unread > 0 {
            let seen = summary.clusters > 0 ? words : []
            words = ["\(counted(summary.unread, "cluster")) not read whole"] + seen
        }
        let counts = [
            (summary.stale, "stale"), (summary.pendingDeletion, "pending deletion"),
            (summary.planned, "planned"), (summary.waiting, "waiting"), (summary.held, "held"),
        ]
        words += counts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
        let line = "\(SafeText.terminal(report.fleet)): \(words.joined(separator: ", "))"
        return colour.paint(line, .heading)
    }
}
