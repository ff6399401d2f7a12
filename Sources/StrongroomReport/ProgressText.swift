internal import CloudHSM
public import StrongroomModel

/// Progress of a run for a log: one line per change of a step's status.
public struct ProgressText: Hashable, Sendable {
    /// Whether to colour.
    public let colour: Colour

    private let titleWidth: Int

    /// Chooses how progress is shown.
    ///
    /// - Parameters:
    ///   - subjects: What the run is about, for columns of one width; may be empty.
    ///   - colour: Whether to colour.
    public init(subjects: [PlanSubject], colour: Colour) {
        self.colour = colour
        titleWidth = subjects.map { TextWidth.of(SafeText.terminal($0.title)) }.max() ?? 0
    }

    /// An event as a line.
    ///
    /// - Parameter report: Where a step came to stand.
    /// - Returns: Such as `2026-11-23T21:00:00Z  payments  + add HSM us-east-1b  started`, without
    ///   a line break.
    public func line(for report: StepReport) -> String {
        "\(report.at)  \(report.title.padded(to: titleWidth))"
            + "  \(colour.paint(report.change(at: report.at), Ink(report.step.action.kind)))"
            + "  \(colour.paint(report.status.progress, report.status.ink))"
    }
}
