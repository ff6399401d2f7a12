internal import CloudHSM
internal import StrongroomModel

/// What keeps a step from being begun, judged by the latest look: pure, so that it can be read alone.
struct Obstacle {
    let plan: GroupPlan
    let statuses: [StepID: StepStatus]
    let seen: ProtectionGroup?
    let bindings: Bindings

    /// The service's clock.
    let now: Timestamp

    /// Whether a call was made so lately that reads may not show what it did.
    let isSettling: Bool

    /// A call in doubt, an earlier step, a precondition, or a loss that nobody agreed to.
    ///
    /// - Parameter step: A step that was not begun.
    /// - Returns: Where the step stands because of it; `nil` if it can be begun.
    func to(_ step: Step) -> StepStatus? {
        if let doubtful = plan.steps.first(where: { statuses[$0.id]?.isInDoubt ?? false }) {
            return .waiting("it is not known yet how step \(doubtful.id) ended")
        }
        for earlier in plan.predecessors(of: step) where statuses[earlier] != .done {
            return .waiting("it comes after step \(earlier)")
        }
        if case .createCluster = step.action { return nil }
        if let replaced = replacement(for: step) { return .notReached(.unmet(replaced)) }
        for fact in step.preconditions where !fact.holds(in: seen, bindings: bindings) {
            return hindrance(by: fact)
        }
        return unforeseenLoss(of: step)
    }

    /// What a precondition that does not hold means: the service may still bring it about, or the
    /// world is another than the plan's.
    private func hindrance(by fact: Fact) -> StepStatus {
        let text = "precondition failed: \(fact)"
        let isMoving = seen.map(\.isMoving) ?? true
        if isMoving || fact.comesByItself { return .waiting(text) }
        if fact.protectsData { return .unsafe(text) }
        return isSettling ? .waiting(text) : .notReached(.unmet(text))
    }

    /// Why the HSM to be removed is no longer the one that was meant.
    private func replacement(for step: Step) -> String? {
        guard case .hsmGone(.known(let id), let interface?) = step.postcondition else { return nil }
        return seen?.livingCluster?.replacement(of: id, on: interface).map {
            "\($0); make a new plan"
        }
    }

    /// A backup that a shorter retention would take by now, and that nobody agreed to lose.
    private func unforeseenLoss(of step: Step) -> StepStatus? {
        if case .unpinBackup(let id, _, let losing) = step.action {
            return isTakenAtOnce(id) && !losing.contains(id)
                ? .unsafe("by now retention would take \(id) at once; make a new plan") : nil
        }
        guard
            case .setRetention(let old, let new, let losing) = step.action, let seen,
            !new.lengthens(old)
        else { return nil }
        let more = RetentionSweep.due(among: seen.backups, under: .days(new.days), at: now)
            .map(\.id).filter { !losing.contains($0) }
        guard !more.isEmpty else { return nil }
        let names = more.map(\.description).joined(separator: ", ")
        return .unsafe("by now it would also remove \(names); make a new plan")
    }

    /// Whether retention takes a backup as soon as nothing exempts it.
    private func isTakenAtOnce(_ id: BackupID) -> Bool {
        guard let seen, let policy = seen.livingCluster?.retention else { return false }
        let backups = seen.backups.map { backup in
            var backup = backup
            if backup.id == id { backup.neverExpires = false }
            return backup
        }
        return RetentionSweep.due(among: backups, under: policy, at: now).contains { $0.id == id }
    }
}

extension StepStatus {
    /// Whether the step's call may have happened, and nobody knows.
    var isInDoubt: Bool {
        if case .inDoubt = self { return true }
        return false
    }
}

extension RetentionPeriod {
    /// Whether backups live longer under it than under the old policy, so that none goes.
    fileprivate func lengthens(_ old: RetentionPolicy) -> Bool {
        if case .days(let days) = old { days <= self.days } else { false }
    }
}

extension Fact {
    /// Whether the service brings it about in time, once what causes it has been done.
    fileprivate var comesByItself: Bool {
        switch self {
        case .freshBackup, .copyReady, .backupReady: true
        case .clusterExists, .clusterState, .signingRequestShown, .clusterClaimed, .hsmsSettled,
            .presentHSMs, .healthyHSMs, .healthyHSMsApart, .hsmGone, .readyBackupsApart,
            .readyContent, .backupGone, .notCopied, .retention, .clusterTags, .noHSMsListed,
            .hsmDegraded, .hsmType, .clusterGone, .backupPendingDeletion, .backupPinned,
            .backupUnpinned, .backupTags, .backupTagsAbsent, .newestBackup:
            false
        }
    }

    /// Whether going on without the fact could cost data or redundancy.
    fileprivate var protectsData: Bool {
        switch self {
        case .healthyHSMsApart, .readyBackupsApart, .readyContent, .retention, .backupPinned,
            .newestBackup:
            true
        case .clusterExists, .clusterState, .signingRequestShown, .clusterClaimed, .hsmsSettled,
            .presentHSMs, .healthyHSMs, .hsmGone, .freshBackup, .backupReady, .backupGone,
            .notCopied, .copyReady, .clusterTags, .noHSMsListed, .hsmDegraded, .hsmType,
            .clusterGone, .backupPendingDeletion, .backupUnpinned, .backupTags,
            .backupTagsAbsent:
            false
        }
    }
}
