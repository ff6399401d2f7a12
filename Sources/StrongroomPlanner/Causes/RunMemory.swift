public import CloudHSM
public import StrongroomModel

extension [GroupID: SeenGroup] {
    /// What to remember of a whole fleet once a run is over.
    ///
    /// - Parameters:
    ///   - plan: The run's plan.
    ///   - found: What there is to remember of each group that was planned.
    ///   - report: Where the steps stand; `nil` if there were none.
    ///   - isKept: Whether a group that was not planned may be a manifest's still: it could not be
    ///     read, or was not selected.
    /// - Returns: One entry for each cluster that a manifest means.
    public func after(
        _ plan: Plan,
        found: [GroupID: SeenGroup],
        report: RunReport?,
        keeping isKept: (GroupID) -> Bool
    ) -> [GroupID: SeenGroup] {
        var progress: [GroupID: GroupProgress] = [:]
        for step in report?.steps ?? [] {
            guard let group = step.subject.group else { continue }
            progress[group, default: GroupProgress()].count(step)
        }
        var result: [GroupID: SeenGroup] = [:]
        result.reserveCapacity(plan.groups.count)
        for part in plan.groups {
            guard
                part.standing == .managed, let id = part.subject.group, let seen = found[id]
            else { continue }
            result[id] = seen.after(part, progress[id] ?? GroupProgress(), before: self[id])
        }
        // A cluster that is gone is missed until there is another of its name.
        let missing = Set(plan.groups.filter { $0.subject.cluster == nil }.map(\.subject.name))
        for (id, seen) in self where result[id] == nil {
            let isMissed = seen.name != nil && missing.contains(seen.name)
            if isMissed || isKept(id) { result[id] = seen }
        }
        return result
    }

    /// Whether what is remembered says so little else that it need not be written again.
    ///
    /// The moment alone is written once a day, so that "since the last run" means something.
    ///
    /// - Parameters:
    ///   - old: What was remembered before.
    ///   - now: The present.
    /// - Returns: Whether it says the same.
    public func isSame(as old: [GroupID: SeenGroup], at now: Timestamp) -> Bool {
        guard count == old.count else { return false }
        let latest = old.values.map(\.at).max()
        guard latest.map({ now - $0 < .hours(24) }) ?? true else { return false }
        return allSatisfy { id, seen in old[id].map { seen.isSame(as: $0) } ?? false }
    }
}

extension GroupProgress {
    fileprivate mutating func count(_ report: StepReport) {
        switch report.status {
        case .done:
            accepted.insert(report.step.id)
            done.insert(report.step.id)
        case .started: accepted.insert(report.step.id)
        case .waiting, .notReached, .refused, .unsafe, .inDoubt: break
        }
    }
}
