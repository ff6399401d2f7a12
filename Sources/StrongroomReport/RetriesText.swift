internal import CloudHSM
public import StrongroomModel

/// How often each call of a plan is sent, for `plan --verbose`.
public enum RetriesText {
    /// One line for the calls that are never repeated, one for those that may be, one for reads.
    ///
    /// - Parameter plan: The plan.
    /// - Returns: The lines; a class that the plan has no call of has none.
    public static func lines(of plan: Plan) -> [String] {
        let actions = plan.groups.flatMap { $0.steps.map(\.action) }
        return Repetition.allCases.compactMap { repetition in
            if repetition == .reading { return line(of: "reads", repetition) }
            let operations = Set(actions.filter { $0.repetition == repetition }.map(\.operation))
            guard !operations.isEmpty else { return nil }
            return line(of: operations.sorted().joined(separator: ", "), repetition)
        }
    }

    private static func line(of calls: String, _ repetition: Repetition) -> String {
        let policy = RetryPolicy.standard(for: repetition)
        switch repetition {
        case .reading:
            return "\(calls): up to \(policy.attempts) times\(pauses(of: policy))"
        case .natural:
            return "\(calls): up to \(policy.attempts) times, again only after an answer that says "
                + "throttled or failed\(pauses(of: policy))"
        case .never:
            let span = Ages.words(ReadDelay.untilDecided)
            return "\(calls): once, never again by itself; without an answer it is looked for, and "
                + "after \(span) it is certain whether it was done"
        }
    }

    private static func pauses(of policy: RetryPolicy) -> String {
        let spans = (1..<policy.attempts).compactMap { policy.pause(after: $0, share: 1) }
        return ", after pauses of up to " + spans.map(Ages.words).joined(separator: ", ")
    }
}
