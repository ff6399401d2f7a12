import StrongroomModel

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
            if !planned.isWhole {
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
