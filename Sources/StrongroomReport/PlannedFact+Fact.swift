internal import CloudHSM
internal import StrongroomModel

extension PlannedFact {
    /// The fact that was written down, to be looked up again; `nil` if an operand is missing.
    var asFact: Fact? { factOfHSMs ?? factOfBackups }

    private var hsmReference: HSMReference? {
        hsm.map(HSMReference.known) ?? madeByStep.map(HSMReference.added)
    }

    private var backupReference: BackupReference? {
        backup.map(BackupReference.known) ?? madeByStep.map(BackupReference.caused)
    }

    private var factOfHSMs: Fact? {
        switch fact {
        case "clusterExists": .clusterExists
        case "clusterState": state.flatMap { ClusterState($0) }.map(Fact.clusterState)
        case "signingRequestShown": .signingRequestShown
        case "clusterClaimed": .clusterClaimed
        case "hsmsSettled": .hsmsSettled
        case "presentHSMs": count.map(Fact.presentHSMs)
        case "healthyHSMs":
            both(zone, atLeast).map { .healthyHSMs(in: $0, atLeast: $1) }
        case "healthyHSMsApart":
            both(hsmReference, atLeast).map { .healthyHSMsApart(from: $0, atLeast: $1) }
        case "hsmGone": hsmReference.map { .hsmGone($0, from: interface) }
        case "retention": .retention(days.map { .days($0) } ?? .unmanaged)
        case "clusterTags": tags.map(Fact.clusterTags)
        case "noHSMsListed": .noHSMsListed
        case "hsmDegraded": hsm.map(Fact.hsmDegraded)
        case "hsmType": hsmType.map(Fact.hsmType)
        case "clusterGone": .clusterGone
        default: nil
        }
    }

    private var factOfBackups: Fact? {
        switch fact {
        case "freshBackup": madeByStep.map { .freshBackup(causedBy: $0) }
        case "readyBackupsApart":
            both(both(backup, region), atLeast).map {
                .readyBackupsApart(from: $0.0, in: $0.1, atLeast: $1)
            }
        case "readyContent":
            both(both(region, since), atLeast).map {
                .readyContent(in: $0.0, since: $0.1, atLeast: $1)
            }
        case "backupReady": backupReference.map(Fact.backupReady)
        case "backupGone": backup.map(Fact.backupGone)
        case "notCopied": both(backupReference, region).map { .notCopied($0, to: $1) }
        case "copyReady": both(backupReference, region).map { .copyReady(of: $0, in: $1) }
        case "backupPendingDeletion": backup.map(Fact.backupPendingDeletion)
        case "backupPinned": backupReference.map(Fact.backupPinned)
        case "backupUnpinned": backup.map(Fact.backupUnpinned)
        case "backupTags": both(backupReference, tags).map { .backupTags($0, $1) }
        case "backupTagsAbsent": both(backup, keys).map { .backupTagsAbsent($0, $1) }
        case "newestBackup": backup.map(Fact.newestBackup)
        default: nil
        }
    }

    /// Two operands, if both are there.
    private func both<First, Second>(_ first: First?, _ second: Second?) -> (First, Second)? {
        guard let first, let second else { return nil }
        return (first, second)
    }
}
