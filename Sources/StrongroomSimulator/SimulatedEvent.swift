public import CloudHSM
public import StrongroomModel

/// Something the simulated service did by itself as time passed.
public struct SimulatedEvent: Hashable, Sendable {
    /// What it did.
    public enum Kind: Hashable, Sendable {
        /// The cluster came to another state.
        case clusterState(ClusterState)
        /// The cluster is no longer listed.
        case clusterUnlisted
        /// An HSM went into service.
        case hsmActive(HSMID)
        /// An HSM could not be made and stays DEGRADED.
        case hsmFailed(HSMID)
        /// An HSM is no longer listed.
        case hsmGone(HSMID)
        /// Hardware was replaced: another id on the same interface.
        case hsmReplaced(HSMID, by: HSMID)
        /// The day's backup was begun.
        case dailyBackup(BackupID)
        /// A backup was begun before an HSM of another type takes over.
        case backupBeforeTypeChange(BackupID)
        /// A backup became READY.
        case backupReady(BackupID)
        /// A copy became READY in another Region.
        case copyReady(BackupID, in: Region)
        /// Retention removed a backup, restorable for seven days.
        case backupExpired(BackupID)
        /// A backup is gone for ever.
        case backupDeleted(BackupID)
        /// A backup is no longer listed.
        case backupUnlisted(BackupID)
    }

    /// When.
    public let at: Timestamp

    /// The group it happened in.
    public let group: GroupID

    /// What it did.
    public let kind: Kind
}

extension SimulatedEvent: Comparable {
    /// Orders by time, then group; events of one moment in one group keep their order when sorted
    /// stably.
    public static func < (left: SimulatedEvent, right: SimulatedEvent) -> Bool {
        (left.at, left.group) < (right.at, right.group)
    }
}

extension SimulatedEvent.Kind: CustomStringConvertible {
    /// The event in words.
    public var description: String {
        switch self {
        case .clusterState(let state): "the cluster is \(state)"
        case .clusterUnlisted: "the cluster is no longer listed"
        case .hsmActive(let id): "\(id) is ACTIVE"
        case .hsmFailed(let id): "\(id) could not be made and is DEGRADED"
        case .hsmGone(let id): "\(id) is gone"
        case .hsmReplaced(let old, let new): "\(old) was replaced by \(new)"
        case .dailyBackup(let id): "the daily backup \(id) began"
        case .backupBeforeTypeChange(let id): "\(id) began, before an HSM changes its type"
        case .backupReady(let id): "\(id) is READY"
        case .copyReady(let id, let region): "the copy \(id) is READY in \(region)"
        case .backupExpired(let id): "retention removed \(id), restorable for 7 days"
        case .backupDeleted(let id): "\(id) is gone for ever"
        case .backupUnlisted(let id): "\(id) is no longer listed"
        }
    }

    /// What kind of event it is, without its subject: for counting.
    public var name: String {
        switch self {
        case .clusterState: "cluster states"
        case .clusterUnlisted: "clusters unlisted"
        case .hsmActive: "HSMs in service"
        case .hsmFailed: "HSMs failed"
        case .hsmGone: "HSMs gone"
        case .hsmReplaced: "HSMs replaced"
        case .dailyBackup: "daily backups"
        case .backupBeforeTypeChange: "backups before a change of type"
        case .backupReady: "backups READY"
        case .copyReady: "copies READY"
        case .backupExpired: "backups removed by retention"
        case .backupDeleted: "backups gone for ever"
        case .backupUnlisted: "backups unlisted"
        }
    }
}

extension SimulatedEvent: CustomStringConvertible {
    /// Time, cluster and event in words.
    public var description: String { "\(at) \(group.cluster): \(kind)" }
}
