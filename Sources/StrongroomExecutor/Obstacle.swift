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

    /// A call in doubt, an earlier step, a precondition, or a loss that nobody agreed to.
    ///
    /// - Parameter step: A step that was not begun.
    /// - Returns: Where the step stands because of it; `nil` if it can be begun.
    func to(_ step: Step) -> StepStatus? {
        if let doubtful = plan.steps.first(where: { statuses[$0.id]?.isInDoubt ?? false }) {
            return .pending("it is not known yet how step \(doubtful.id) ended")
        }
        for earlier in plan.predecessors(of: step) where statuses[earlier] != .done {
            return .pending("it comes after step \(earlier)")
        }
        if case .createCluster = step.action { return nil }
        for fact in step.preconditions where !fact.holds(in: seen, bindings: bindings) {
            let text = "not so: \(fact)"
            let isSettled = seen.map { !$0.isMoving } ?? false
            return fact.protectsData && isSettled ? .unsafe(text) : .pending(text)
        }
        return unforeseenLoss(of: step)
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
