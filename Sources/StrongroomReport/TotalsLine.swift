internal import StrongroomModel

/// The line that sums a plan up.
enum TotalsLine {
    /// The counts in their fixed order, zeros left out; or that nothing is wanted.
    ///
    /// - Parameter totals: The counts.
    /// - Returns: Such as `plan: 2 add, 1 copy, 14 unchanged`, `No changes. 14 unchanged.`, or, where
    ///   something is wanted and nothing of it can be done now, `plan: nothing to do now, 2 held`.
    static func text(_ totals: PlanTotals) -> String {
        let changes = ChangeKind.allCases.map { ($0.rawValue, totals.steps[$0] ?? 0) }
        let open = openWords(totals)
        let unchanged = words([("unchanged", totals.unchanged)])
        let hasChanges = changes.contains { $0.1 > 0 }
        guard hasChanges || !open.isEmpty else {
            return unchanged.isEmpty ? "No changes." : "No changes. \(unchanged)."
        }
        let begin = hasChanges ? words(changes) : "nothing to do now"
        return "plan: " + [begin, open, unchanged].filter { !$0.isEmpty }.joined(separator: ", ")
    }

    /// What is wanted and not to be done now.
    ///
    /// - Parameter totals: The counts.
    /// - Returns: Such as `1 waiting, 2 held, 1 place not read`; empty if there is nothing.
    static func openWords(_ totals: PlanTotals) -> String {
        let places = counted(totals.unreadPlaces, "place")
        return [
            words([
                ("waiting", totals.waiting), ("held", totals.held), ("not read", totals.unread),
            ]),
            totals.unreadPlaces > 0 ? "\(places) not read" : "",
        ]
        .filter { !$0.isEmpty }.joined(separator: ", ")
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
