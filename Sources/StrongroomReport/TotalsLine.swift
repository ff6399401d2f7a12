internal import StrongroomModel

/// The line that sums a plan up.
enum TotalsLine {
    /// The counts in their fixed order, zeros left out; or that there is nothing to do.
    ///
    /// - Parameter totals: The counts.
    /// - Returns: Such as `plan: 2 add, 1 copy, 14 unchanged` or `No changes. 14 unchanged.`
    static func text(_ totals: PlanTotals) -> String {
        let changes = ChangeKind.allCases.map { ($0.rawValue, totals.steps[$0] ?? 0) }
        let rest = words([
            ("waiting", totals.waiting), ("held", totals.held), ("unchanged", totals.unchanged),
        ])
        guard changes.contains(where: { $0.1 > 0 }) else {
            return rest.isEmpty ? "No changes." : "No changes. \(rest)."
        }
        return "plan: " + [words(changes), rest].filter { !$0.isEmpty }.joined(separator: ", ")
    }

    /// What the plan loses and how to accept it.
    ///
    /// - Parameter totals: The counts.
    /// - Returns: One sentence or two; `nil` if no backup goes.
    static func losses(_ totals: PlanTotals) -> String? {
        let count = totals.lostBackups
        guard count > 0 else { return nil }
        let window = count == 1 ? "restorable for 7 days" : "each restorable for 7 days"
        return "It loses \(counted(count, "backup")), \(window)."
            + " To accept: answer when strongroom apply asks, or give --yes."
    }

    private static func words(_ counts: [(name: String, count: Int)]) -> String {
        counts.filter { $0.count > 0 }.map { "\($0.count) \($0.name)" }.joined(separator: ", ")
    }
}
