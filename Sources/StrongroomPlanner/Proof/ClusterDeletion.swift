internal import CloudHSM
internal import StrongroomModel

/// Of promise 1: a cluster goes only when its newest backup is READY and pinned, because the policy
/// works on what is left (fact sheet, section 8).
struct ClusterDeletion {
    let scene: Scene

    var reading: Reading {
        var reading = Reading()
        for (position, step) in scene.steps.enumerated() {
            guard case .deleteCluster = step.action else { continue }
            let text = "step \(step.id) deletes the cluster"
            if isEmpty(step) {
                reading.weigh(.floors, text + ", which was never activated", [step.id], in: scene)
            } else if hasFinalBackup(at: position) {
                reading.weigh(
                    .floors,
                    text + " when its newest backup is READY and pinned",
                    [step.id],
                    in: scene
                )
            } else {
                reading.find(
                    .floors,
                    text + ", and it is not certain that its newest backup is READY and pinned",
                    [step.id],
                    in: scene
                )
            }
        }
        return reading
    }

    private func isEmpty(_ step: Step) -> Bool {
        scene.needsNoFinalBackup && step.hasUnactivatedGuard
    }

    private func hasFinalBackup(at position: Int) -> Bool {
        let step = scene.steps[position]
        let seen = scene.ancestors(of: position).map { scene.steps[$0].postcondition }
        let isGuarded = step.preconditions.contains { isFinal($0, step) }
        return isGuarded || seen.contains { isFinal($0, step) && stays($0) }
            || staysPinned(seenBy: step)
    }

    /// Whether the fact says that the newest backup is READY and pinned.
    private func isFinal(_ fact: Fact, _ step: Step) -> Bool {
        switch fact {
        case .backupPinned(.known(let id)):
            return step.preconditions.contains(.newestBackup(id))
                || (!hadHSMs && scene.group?.newestOwnBackup?.id == id)
        case .backupPinned(.caused(let cause)): return cause == lastRemoval
        case .clusterExists, .clusterState, .signingRequestShown, .clusterClaimed, .hsmsSettled,
            .presentHSMs, .healthyHSMs, .healthyHSMsApart, .hsmGone, .freshBackup,
            .readyBackupsApart, .readyContent, .backupReady, .backupGone, .notCopied, .copyReady,
            .retention, .clusterTags, .noHSMsListed, .hsmDegraded, .hsmType, .clusterGone,
            .backupPendingDeletion, .backupUnpinned, .backupTags, .backupTagsAbsent,
            .newestBackup:
            return false
        }
    }

    /// Whether nothing in the plan takes the pin away again.
    private func stays(_ fact: Fact) -> Bool {
        guard case .backupPinned(.known(let id)) = fact else { return true }
        return !isUndone(id)
    }

    /// Whether it is so from the start, and no step changes it.
    private func staysPinned(seenBy step: Step) -> Bool {
        guard let newest = scene.group?.newestOwnBackup else { return false }
        guard !hadHSMs || step.preconditions.contains(.newestBackup(newest.id)) else {
            return false
        }
        return newest.isReady && newest.neverExpires && !isUndone(newest.id)
    }

    private func isUndone(_ id: BackupID) -> Bool {
        scene.unpinned.contains(id)
            || scene.steps.contains { step in
                if case .deleteBackup(id, _, _) = step.action { return true }
                return false
            }
    }

    /// Whether there is content that may be younger than every backup there is.
    private var hadHSMs: Bool {
        scene.cluster?.hsms.contains { $0.state != .deleted } ?? false
            || scene.steps.contains { if case .addHSM = $0.action { true } else { false } }
    }

    private var lastRemoval: StepID? {
        scene.steps.last { if case .removeHSM = $0.action { true } else { false } }?.id
    }
}
