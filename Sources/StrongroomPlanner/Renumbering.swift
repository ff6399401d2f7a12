internal import StrongroomModel

// Drafts refer to each other by provisional numbers; these give the references their final ones.

extension Action {
    func renumbered(_ numbers: [StepID: StepID]) -> Action {
        switch self {
        case .removeHSM(let hsm, let zone, let causesBackup):
            .removeHSM(hsm.renumbered(numbers), zone: zone, causesBackup: causesBackup)
        case .copyBackup(let backup, let region):
            .copyBackup(backup.renumbered(numbers), to: region)
        case .pinBackup(let backup): .pinBackup(backup.renumbered(numbers))
        case .tagBackup(let backup, let tags): .tagBackup(backup.renumbered(numbers), tags: tags)
        case .createCluster, .initializeCluster, .addHSM, .setRetention, .deleteBackup,
            .restoreBackup, .unpinBackup, .untagBackup, .tagCluster, .changeType, .deleteCluster:
            self
        }
    }
}

extension Fact {
    func renumbered(_ numbers: [StepID: StepID]) -> Fact {
        switch self {
        case .healthyHSMsApart(let hsm, let least):
            .healthyHSMsApart(from: hsm.renumbered(numbers), atLeast: least)
        case .hsmGone(let hsm, let interface):
            .hsmGone(hsm.renumbered(numbers), from: interface)
        case .freshBackup(let step): .freshBackup(causedBy: numbers[step] ?? step)
        case .backupReady(let backup): .backupReady(backup.renumbered(numbers))
        case .notCopied(let backup, let region):
            .notCopied(backup.renumbered(numbers), to: region)
        case .copyReady(let backup, let region):
            .copyReady(of: backup.renumbered(numbers), in: region)
        case .backupPinned(let backup): .backupPinned(backup.renumbered(numbers))
        case .backupTags(let backup, let tags): .backupTags(backup.renumbered(numbers), tags)
        case .clusterExists, .clusterState, .signingRequestShown, .clusterClaimed, .hsmsSettled,
            .presentHSMs, .healthyHSMs, .readyBackupsApart, .readyContent, .backupGone,
            .retention, .clusterTags, .noHSMsListed, .hsmDegraded, .hsmType, .clusterGone,
            .backupPendingDeletion, .backupUnpinned, .backupTagsAbsent, .newestBackup:
            self
        }
    }
}

extension HSMReference {
    fileprivate func renumbered(_ numbers: [StepID: StepID]) -> HSMReference {
        switch self {
        case .known: self
        case .added(let step): .added(by: numbers[step] ?? step)
        }
    }
}

extension BackupReference {
    fileprivate func renumbered(_ numbers: [StepID: StepID]) -> BackupReference {
        switch self {
        case .known: self
        case .caused(let step): .caused(by: numbers[step] ?? step)
        }
    }
}
