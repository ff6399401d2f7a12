public import CloudHSM
public import StrongroomModel

/// A plan as an operator reads it in a terminal or a log.
///
/// One line per change with its symbol, reason and manifest line; equal plans give equal bytes.
public struct PlanText: Hashable, Sendable {
    /// Whether aspects that are as they should be get a line.
    public enum Unchanged: Hashable, Sendable, CaseIterable {
        /// They are only counted.
        case counted
        /// Each is listed.
        case listed
    }

    /// The columns there are; `nil` for one line per change, however wide.
    public let width: Int?

    /// Whether to colour.
    public let colour: Colour

    /// Whether aspects that are as they should be get a line.
    public let unchanged: Unchanged

    /// Chooses how plans are shown.
    ///
    /// - Parameters:
    ///   - width: Columns there are, at least 40; `nil` for a log or a file.
    ///   - colour: Whether to colour.
    ///   - unchanged: Whether aspects that are as they should be get a line.
    public init(width: Int?, colour: Colour, unchanged: Unchanged = .counted) {
        self.width = width.map { max($0, 40) }
        self.colour = colour
        self.unchanged = unchanged
    }

    /// What is wanted and is neither done nor to be done now, in one sentence.
    ///
    /// - Parameters:
    ///   - plan: A plan made for the present.
    ///   - next: What is typed to go on.
    /// - Returns: The sentence; `nil` if there is nothing of the kind.
    public static func rest(of plan: Plan, next: NextCommand) -> String? {
        let open = TotalsLine.openWords(plan.totals)
        return open.isEmpty ? nil : "still wanted: \(open). Next: \(next.plan), which says why"
    }

    /// The plan as text.
    ///
    /// - Parameters:
    ///   - plan: The plan.
    ///   - proof: Its proof, of which the last line speaks.
    /// - Returns: Lines, each ended by a line break; the totals come last.
    public func text(of plan: Plan, provedBy proof: Proof? = nil) -> String {
        let managed = plan.groups.filter { $0.standing == .managed }
        var sections = managed.map { section(of: $0, at: plan.now) }.filter { !$0.isEmpty }
        sections.append(
            strangers(.orphan, in: plan, "Orphans (ours, named by no manifest; never touched):")
        )
        sections.append(strangers(.foreign, in: plan, "Foreign (never ours; never touched):"))
        sections.append(ending(of: plan) + (proof.map(ending) ?? []))
        return sections.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") + "\n" }
            .joined(separator: "\n")
    }

    /// The plan of one group as text, without totals.
    ///
    /// - Parameters:
    ///   - group: The group's plan.
    ///   - now: The moment that ages are given for.
    /// - Returns: Lines, each ended by a line break; none if there is nothing to show.
    public func text(of group: GroupPlan, at now: Timestamp) -> String {
        section(of: group, at: now).map { $0 + "\n" }.joined()
    }

    private func section(of group: GroupPlan, at now: Timestamp) -> [String] {
        let lines = lines(of: group, at: now)
        guard !lines.isEmpty else { return [] }
        let isUnread = group.notes.contains { $0.kind == .unread }
        return GroupHeading(group.subject, isUnread: isUnread).text(width: width, colour: colour)
            + PlanColumns(lines).text(width: width, colour: colour)
    }

    private func lines(of group: GroupPlan, at now: Timestamp) -> [PlanLine] {
        var kinds: [Note.Kind] = [.unread, .waiting, .held, .noticed]
        if unchanged == .listed { kinds.append(.unchanged) }
        let notes = kinds.flatMap { kind in group.notes.filter { $0.kind == kind } }
        return group.steps.map { PlanLine($0, at: now) } + notes.map { PlanLine($0) }
    }

    private func strangers(
        _ standing: GroupPlan.Standing,
        in plan: Plan,
        _ title: String
    ) -> [String] {
        let groups = plan.groups.filter { $0.standing == standing }
        guard !groups.isEmpty else { return [] }
        let inner = width.map { $0 - 2 }
        let lines = groups.flatMap { group in
            GroupHeading(group.subject).text(width: inner, colour: colour)
                + PlanColumns(self.lines(of: group, at: plan.now))
                .text(width: inner, colour: colour)
        }
        return [colour.paint(title, .faint)] + lines.map { "  " + $0 }
    }

    /// What the proof found; nothing of a plan without steps.
    private func ending(of proof: Proof) -> [String] {
        guard proof.stepCount > 0 else { return [] }
        let ink: Ink = proof.holds ? .good : .bad
        return ProofText.text(proof).flatMap { $0.wrapped(to: width ?? .max) }
            .map { colour.paint($0, ink) }
    }

    private static func words(of observation: Timestamp, at now: Timestamp) -> String {
        let age =
            observation <= now
            ? "\(Ages.words(now - observation)) ago" : "ahead of this machine's clock"
        return "planned from what was observed at \(observation), \(age)"
    }

    private func ending(of plan: Plan) -> [String] {
        let limit = width ?? .max
        let totals = plan.totals
        let observed = plan.observedAt.map { Self.words(of: $0, at: plan.now).wrapped(to: limit) }
        let counts = (observed ?? []) + TotalsLine.text(totals).wrapped(to: limit)
        let losses = TotalsLine.losses(totals)?.wrapped(to: limit) ?? []
        return counts.map { colour.paint($0, .heading) } + losses.map { colour.paint($0, .delete) }
    }
}
