internal import CloudHSM
internal import StrongroomModel

extension Rule {
    /// Takes the pin of a parked cluster off its backup once the cluster is back in service and a
    /// younger backup is READY; a pin without our tag is a person's and stays.
    ///
    /// It runs last and plans only where nothing else is to be done, so that no other step can
    /// rely on what the pin keeps.
    static let unparking = Rule(code: "unparking") { situation, earlier in
        guard
            let group = situation.group, let cluster = situation.cluster,
            cluster.state == .active, !cluster.healthyHSMs.isEmpty,
            situation.desired.hsms?.value.count != 0,
            let parked = group.backups.filter(\.isPinnedForParking)
                .min(by: { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }),
            let newest = group.newestOwnReadyBackup, newest.createdAt > parked.createdAt,
            Nominations(situation).first(meaning: parked) == nil,
            !earlier.steps.contains(where: { $0.action.releases(parked.id) })
        else { return .nothing }
        let release = PinRelease(
            backup: parked,
            rule: "unparking",
            subject: "pin of \(parked.id)",
            why: "it was set for parking, and the cluster is back in service; \(newest.id) of "
                + "\(newest.createdAt) is younger",
            keys: [],
            relyingOn: [
                .clusterState(.active),
                .readyContent(in: situation.home, since: newest.createdAt, atLeast: 1),
            ],
            location: situation.desired.hsms?.location ?? situation.desired.name.location,
            situation: situation
        )
        return release.findings(after: earlier)
    }
}

extension Action {
    /// Whether it takes the pin, or what says that it is ours, off a backup.
    fileprivate func releases(_ backup: BackupID) -> Bool {
        switch self {
        case .unpinBackup(let id, _, _), .untagBackup(let id, _): id == backup
        case .createCluster, .initializeCluster, .addHSM, .removeHSM, .setRetention, .copyBackup,
            .deleteBackup, .restoreBackup, .pinBackup, .tagBackup, .tagCluster, .changeType,
            .deleteCluster:
            false
        }
    }
}

extension Backup {
    /// Whether our tag says that it is pinned for a parked cluster.
    fileprivate var isPinnedForParking: Bool {
        isReady && !isCopy && tags[OwnershipTag.pin] == OwnershipTag.pinForParking
    }
}
