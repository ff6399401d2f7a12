internal import CloudHSM
internal import StrongroomModel

/// Promise 2, as far as no order plays a part: a nominated recovery point is neither deleted nor
/// unpinned, and a pin is a lock.
///
/// Whether retention could reach one is seen by ``LossWalk``.
struct RecoveryPointPromise {
    let scene: Scene

    var reading: Reading {
        var reading = Reading()
        for step in scene.steps {
            switch step.action {
            case .deleteBackup(let id, _, _): guardBackup(id, step, "deletes", &reading)
            case .unpinBackup(let id, _, _): guardBackup(id, step, "unpins", &reading)
            case .createCluster, .initializeCluster, .addHSM, .removeHSM, .setRetention,
                .copyBackup, .restoreBackup, .pinBackup, .tagBackup, .untagBackup, .tagCluster,
                .changeType, .deleteCluster:
                break
            }
        }
        return reading
    }

    private func guardBackup(
        _ id: BackupID,
        _ step: Step,
        _ verb: String,
        _ reading: inout Reading
    ) {
        guard let backup = scene.backups[id] else { return }
        if let name = scene.nominations.name(of: backup) {
            let text =
                "step \(step.id) \(verb) \(id), which is or may be the recovery point \(name)"
            reading.find(.recoveryPoints, text, [step.id], in: scene)
        }
        guard case .deleteBackup = step.action, isLocked(backup) else { return }
        let text = "step \(step.id) deletes \(id), which is pinned"
        reading.find(.recoveryPoints, text, [step.id], in: scene)
    }

    /// A pin is a lock on an own backup, which only a purge that says so opens; on a copy it has no
    /// effect (fact sheet, section 10).
    private func isLocked(_ backup: Backup) -> Bool {
        guard !backup.isCopy, backup.neverExpires || scene.pinned.contains(backup.id) else {
            return false
        }
        let isOpened = scene.desired.purge?.value.includePinned ?? false
        return !(isOpened && scene.isAsked(backup))
    }
}
