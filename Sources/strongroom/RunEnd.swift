import StrongroomModel

/// Which code the end of a run means: the first of the table that applies (docs/exit-codes.md).
struct RunEnd {
    let status: ExitStatus

    /// Weighs a run.
    ///
    /// - Parameters:
    ///   - planned: The plan made after the run, or without one, and what could not be read.
    ///   - report: Where its steps stand; `nil` if there were none.
    ///   - stop: The code of the signal that stopped the run; `nil` if none came.
    init(_ planned: PlanPipeline.Result, report: RunReport?, stoppedBy stop: ExitStatus? = nil) {
        let steps = Tally(report?.steps.map(\.status) ?? [])
        status =
            if planned.isDamaged || steps.isDamaged {
                .stateUnreadable
            } else if let stop {
                stop
            } else if steps.hasFailed {
                steps.hasMoved ? .partlyApplied : .failure
            } else if planned.isUnread || steps.isBlind {
                .unread
            } else if steps.isHeld || planned.isHeld {
                .refusedBySafety
            } else {
                .done
            }
    }

    /// What became of the steps.
    private struct Tally {
        var hasFailed = false
        var hasMoved = false
        var isBlind = false
        var isDamaged = false
        var isHeld = false

        init(_ statuses: [StepStatus]) {
            for status in statuses {
                switch status {
                case .waiting: break
                case .started, .done: hasMoved = true
                case .refused, .notReached(.notSent), .notReached(.stopped): hasFailed = true
                case .notReached(.unread(let reason)):
                    switch reason.origin {
                    case .service: isBlind = true
                    case .ownState: isDamaged = true
                    }
                // Nobody knows whether a call in doubt was carried out: that is no failure.
                case .unsafe, .inDoubt, .notReached(.unmet): isHeld = true
                }
            }
        }
    }
}
