public import StrongroomModel

/// Whose turn it is after a run, or where a plan has nothing to do: the last line that is printed.
public enum TurnText {
    /// Says who goes on.
    ///
    /// - Parameters:
    ///   - plan: The plan, whose open lines count too; `nil` if only the steps are known.
    ///   - report: Where its steps stand; `nil` if there were none.
    /// - Returns: One sentence; `nil` where nothing waits.
    public static func line(for plan: Plan?, _ report: RunReport? = nil) -> String? {
        let groups = plan?.groups.filter { $0.standing == .managed } ?? []
        let notes = groups.flatMap { group in
            group.notes.filter { $0.kind == .waiting }.map { (group.subject.title, $0) }
        }
        let started = report?.steps.filter { $0.status == .started }.map(\.title) ?? []
        // What was begun comes first: a person's turn may come because of it.
        if started.isEmpty, let (title, note) = notes.first(where: { $0.1.turn == .person }) {
            let more = notes.count { $0.1.turn == .person } - 1
            return SafeText.terminal(
                "It is a person's turn: \(title), \(note.subject): \(note.reason.text)"
            ) + (more > 0 ? "; and \(counted(more, "more line"))." : ".")
        }
        let subjects = started + notes.filter { $0.1.turn == .service }.map(\.0)
        if let first = subjects.first {
            let more = Set(subjects).count - 1
            let rest = more > 0 ? " and \(counted(more, "more cluster"))" : ""
            return "It is the service's turn (\(SafeText.terminal(first))\(rest)). "
                + "Next: strongroom apply, which waits for it, or the next reconcile."
        }
        let isWaiting = report?.steps.contains { step in
            if case .waiting = step.status { return true }
            return false
        }
        guard isWaiting == true || !notes.isEmpty else { return nil }
        return "The next run goes on with what waits. Next: strongroom apply"
    }
}
