internal import CloudHSM
public import StrongroomModel

/// A plan as a comment on a pull request: totals first, then what is taken away, then the rest.
public struct PlanMarkdown: Hashable, Sendable {
    /// The most UTF-8 bytes a comment may have; `nil` for no limit.
    public let maxBytes: Int?

    /// Chooses how large a comment may become.
    ///
    /// - Parameter maxBytes: The most UTF-8 bytes, 0 or more; GitHub takes 65 536 characters.
    public init(maxBytes: Int? = nil) {
        self.maxBytes = maxBytes
    }

    /// The plan as Markdown, never longer than the limit.
    ///
    /// What does not fit is cut off at a whole line, with a note of how many lines are left out.
    ///
    /// - Parameters:
    ///   - plan: The plan.
    ///   - digest: `sha256:` and the digest by which the plan can be applied.
    /// - Returns: Lines, each ended by a line break.
    public func text(of plan: Plan, _ digest: String? = nil) -> String {
        let sections = [
            heading(of: plan), digest.map { ["digest `\($0)`"] } ?? [], unread(in: plan),
            deletions(in: plan), changes(in: plan), notes(in: plan), noticed(in: plan),
            strangers(in: plan),
        ]
        let lines = sections.filter { !$0.isEmpty }.joined(separator: [""])
        return MarkdownLimit.text(of: Array(lines), maxBytes: maxBytes)
    }

    private func heading(of plan: Plan) -> [String] {
        var lines = [
            "### Strongroom plan for \(SafeText.markdown(plan.fleet))", "",
            "**\(TotalsLine.text(plan.totals))**",
        ]
        let lost = plan.totals.lostBackups
        if lost > 0 {
            lines += ["", "**Loses \(counted(lost, "backup"))**, restorable for 7 days."]
        }
        if let moment = plan.observedAt {
            lines += ["", "Planned from what was observed at \(moment)."]
        }
        return lines
    }

    /// The places that could not be read, each with its reason.
    private func unread(in plan: Plan) -> [String] {
        let lines = plan.unreadPlaces.sorted { $0.key < $1.key }.map { place, reason in
            "- \(place): \(SafeText.markdown("\(reason)"))"
        }
        return lines.isEmpty ? [] : ["#### Not read", ""] + lines
    }

    private func deletions(in plan: Plan) -> [String] {
        let lines = plan.groups.flatMap { group in
            group.steps.filter(\.takesAway).map { step in
                let words = ActionWords(step.action, at: plan.now)
                let change = "`\(step.action.kind.symbol)` \(SafeText.markdown(words.phrase))"
                let reason = step.reason.markedMarkdown + place(of: step.reason)
                return "- \(name(of: group)): \(change): \(reason)\(losses(of: step.action))"
            }
        }
        return lines.isEmpty ? [] : ["#### Deletions and losses", ""] + lines
    }

    private func changes(in plan: Plan) -> [String] {
        let rows = plan.groups.flatMap { group in
            group.steps.filter { !$0.takesAway }.map { step in
                let words = ActionWords(step.action, at: plan.now)
                let effect = step.action.causesBackup ? " (causes a backup)" : ""
                return "| \(name(of: group)) | `\(step.action.kind.symbol)`"
                    + " \(SafeText.markdown(words.phrase))\(effect)"
                    + " | \(step.reason.markedMarkdown)\(place(of: step.reason)) |"
            }
        }
        guard !rows.isEmpty else { return [] }
        return ["#### Other changes", "", "| cluster | change | why |", "| --- | --- | --- |"]
            + rows
    }

    private func notes(in plan: Plan) -> [String] {
        let hasUnread = plan.totals.unread > 0
        let title = hasUnread ? "Not read, held and waiting" : "Held and waiting"
        return table(of: [.unread, .held, .waiting], in: plan, under: title)
    }

    private func noticed(in plan: Plan) -> [String] {
        table(of: [.noticed], in: plan, under: "Changed since the last run")
    }

    private func table(
        of kinds: [Note.Kind],
        in plan: Plan,
        under title: String
    ) -> [String] {
        let rows = kinds.flatMap { kind in
            plan.groups.filter { $0.standing == .managed }.flatMap { group in
                group.notes.filter { $0.kind == kind }.map { row(of: $0, in: group) }
            }
        }
        guard !rows.isEmpty else { return [] }
        return ["#### \(title)", "", "| cluster | what | why |", "| --- | --- | --- |"]
            + rows + suggestions(in: plan)
    }

    /// The manifests that would have what is held, ready to be pasted.
    private func suggestions(in plan: Plan) -> [String] {
        plan.groups.filter { $0.standing == .managed }.flatMap { group in
            group.notes.flatMap { note -> [String] in
                guard let yaml = note.suggestion else { return [] }
                let title = "\(name(of: group)): a clone that would have it"
                let lines = yaml.split(separator: "\n").map { SafeText.terminal(String($0)) }
                return ["", "\(title):", "", "```yaml"] + lines + ["```"]
            }
        }
    }

    private func row(of note: Note, in group: GroupPlan) -> String {
        "| \(name(of: group)) | `\(note.kind.symbol)` \(note.kind.word)"
            + " \(SafeText.markdown(note.subject))"
            + " | \(note.reason.markedMarkdown)\(place(of: note.reason)) |"
    }

    private func strangers(in plan: Plan) -> [String] {
        let groups = plan.groups.filter { $0.standing != .managed }
        guard !groups.isEmpty else { return [] }
        let lines = groups.flatMap { group in
            let place = group.subject.place.map(SafeText.markdown).joined(separator: ", ")
            let notes = group.notes.filter { $0.kind != .unchanged }.map { note in
                "  - `\(note.kind.symbol)` \(note.kind.word) \(SafeText.markdown(note.subject)):"
                    + " \(SafeText.markdown(note.reason.text))"
            }
            return ["- \(group.standing.rawValue): \(name(of: group)) (\(place))"] + notes
        }
        let title = "\(counted(groups.count, "cluster")) without a manifest, never touched"
        return ["<details><summary>\(title)</summary>", ""] + lines + ["", "</details>"]
    }

    private func name(of group: GroupPlan) -> String {
        "**\(SafeText.markdown(group.subject.title))**"
    }

    private func place(of reason: Reason) -> String {
        reason.location.map { " (\(SafeText.markdown($0.description)))" } ?? ""
    }

    private func losses(of action: Action) -> String {
        switch action {
        case .setRetention(_, _, let losing) where !losing.isEmpty:
            "; loses " + losing.map { "`\($0)`" }.joined(separator: ", ")
        case .createCluster, .initializeCluster, .addHSM, .removeHSM, .setRetention, .copyBackup,
            .deleteBackup, .restoreBackup, .pinBackup, .unpinBackup, .tagBackup, .untagBackup,
            .tagCluster, .changeType, .deleteCluster:
            action.causesBackup ? "; causes a backup" : ""
        }
    }
}

extension Step {
    /// Whether something is gone afterwards, by our call or by the sweep it allows.
    fileprivate var takesAway: Bool {
        action.kind == .delete || !action.lostBackups.isEmpty
    }
}
