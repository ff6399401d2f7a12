internal import CloudHSM
internal import StrongroomModel

extension PlanPart {
    mutating func hold(
        _ rule: String,
        at location: SourceLocation? = nil,
        where isMeant: (Step) -> Bool,
        because text: (Step) -> String
    ) {
        hold(rule, at: location) { isMeant($0) ? text($0) : nil }
    }

    /// Leaves one held line in the place of every other: none of them is sure to be meant.
    mutating func holdEverything(as reason: Reason) {
        plan = GroupPlan(
            subject: plan.subject,
            standing: plan.standing,
            steps: [],
            notes: [Note(.held, "cluster", reason)],
            unchangedCount: 0
        )
    }

    /// Turns steps into held lines, and with them every step that must come after one of them.
    mutating func hold(
        _ rule: String,
        as kind: Note.Kind = .held,
        at location: SourceLocation? = nil,
        because reason: (Step) -> String?
    ) {
        var heldSteps: [StepID: Action] = [:]
        var kept: [Step] = []
        var notes: [Note] = []
        for step in plan.steps {
            let blocker = step.after.compactMap { heldSteps[$0] }.first
            let text = blocker.map { "it comes after a held step: \($0.subject)" } ?? reason(step)
            guard let text else {
                kept.append(step)
                continue
            }
            heldSteps[step.id] = step.action
            let why = Reason(
                rule: rule,
                text,
                at: location ?? step.reason.location,
                cause: step.reason.cause,
                aspect: step.reason.aspect
            )
            notes.append(Note(kind, step.action.subject, why))
        }
        guard !heldSteps.isEmpty else { return }
        plan = GroupPlan(
            subject: plan.subject,
            standing: plan.standing,
            steps: kept,
            notes: plan.notes + notes,
            unchangedCount: plan.unchangedCount
        )
    }
}

extension Action {
    /// The change in a few words, for a line that holds it.
    fileprivate var subject: String {
        switch self {
        case .createCluster: "create cluster"
        case .initializeCluster: "initialise"
        case .addHSM(let zone, _): "add HSM in \(zone)"
        case .removeHSM(let hsm, _, _): "remove \(hsm)"
        case .setRetention(let old, let new, _): "retention \(old) → \(new.days) days"
        case .copyBackup(let backup, let region): "copy \(backup) to \(region)"
        case .deleteBackup(let id, let region, _): "delete \(id) in \(region)"
        case .restoreBackup(let id, let region, _): "restore \(id) in \(region)"
        case .pinBackup(let backup): "pin \(backup)"
        case .unpinBackup(let id, _, _): "unpin \(id)"
        case .tagBackup(let backup, _): "tag \(backup)"
        case .untagBackup(let id, _): "untag \(id)"
        case .tagCluster: "tags"
        case .changeType(let old, let new, _): "HSM type \(old) → \(new)"
        case .deleteCluster: "delete cluster"
        }
    }
}
