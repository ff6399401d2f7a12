internal import StrongroomModel

// Drafts refer to each other by provisional numbers; these give the references their final ones.

extension Action {
    func renumbered(_ numbers: [StepID: StepID]) -> Action {
        switch self {
        case .removeHSM(let hsm, let zone, let causesBackup):
            .removeHSM(hsm.renumbered(numbers), zone: zone, causesBackup: causesBackup)
        case .copyBackup(let backup, let region):
            .copyBackup(backup.renumbered(numbers), to: region)
        case .createCluster, .initializeCluster, .addHSM, .setRetention, .deleteBackup,
            .tagCluster:
            self
        }
    }
}

extension Fact {
    func renumbered(_ numbers: [StepID: StepID]) -> Fact {
        switch self {
        case .healthyHSMsApart(let hsm, let least):
            .healthyHSMsApart(from: hsm.renumbered(numbers), atLeast: least)
        case .hsmGone(let hsm): .hsmGone(hsm.renumbered(numbers))
        case .freshBackup(let step): .freshBackup(causedBy: numbers[step] ?? step)
        case .backupReady(let backup): .backupReady(backup.renumbered(numbers))
        case .notCopied(let backup, let region):
            .notCopied(backup.renumbered(numbers), to: region)
        case .copyReady(let backup, let region):
            .copyReady(of: backup.renumbered(numbers), in: region)
        case .clusterExists, .clusterState, .signingRequestShown, .clusterClaimed, .hsmsSettled,
            .presentHSMs, .healthyHSMs, .readyBackupsApart, .readyContent, .backupGone,
            .retention, .clusterTags:
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
