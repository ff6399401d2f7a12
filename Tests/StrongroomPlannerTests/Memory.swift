import CloudHSM
import StrongroomModel
import StrongroomPlanner

/// What a run remembers of a group an hour ago, in which nothing was carried out.
func remembered(
    _ desired: DesiredCluster,
    _ group: ProtectionGroup,
    before: SeenGroup? = nil,
    accepted: Set<StepID> = [],
    done: Set<StepID> = [],
    journal: [JournalEntry] = [],
    ago: Duration = .hours(1)
) -> SeenGroup {
    let memory = before.map { [group.id: $0] } ?? [:]
    let context = PlanContext(now: now - ago, recentEntries: journal, seen: memory)
    let planner = Planner(fleet: fleet([desired]), context: context)
    var progress = GroupProgress()
    progress.accepted = accepted.union(done)
    progress.done = done
    let seen = known(planner.seen(group))
    let plan = known(planner.plan(for: [group]).groups.first)
    return seen.after(plan, progress, before: before)
}

extension GroupPlan {
    /// Every line but unchanged ones, with its cause: `+ add us-east-1b: drift`.
    var causeLines: [String] {
        steps.map { "\($0.action.short): \($0.reason.causeText)" }
            + notes.filter { $0.kind != .unchanged }.map {
                "\($0.kind.rawValue) \($0.subject): \($0.reason.causeText)"
            }
    }
}

extension Reason {
    fileprivate var causeText: String { cause?.rawValue ?? "unknown" }
}

/// A backup that is pending deletion since a while.
func leaving(
    _ number: Int,
    age: Duration,
    deleted: Duration,
    copyOf source: Int? = nil
) -> Backup {
    var backup =
        source.map { copy(number, of: $0, age: age, .pendingDeletion) }
        ?? backup(number, age: age, .pendingDeletion)
    backup.deletesAt = now - deleted + .days(7)
    return backup
}
