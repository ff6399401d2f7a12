public import CloudHSM

/// Something that can be looked up in an observation: what must hold before a step, or after it.
public enum Fact: Hashable, Sendable {
    /// The cluster is listed and not gone.
    case clusterExists
    /// The cluster is in a state.
    case clusterState(ClusterState)
    /// The cluster shows a certificate signing request.
    case signingRequestShown
    /// The cluster left the state UNINITIALIZED for good.
    case clusterClaimed
    /// No HSM is being created or removed.
    case hsmsSettled
    /// So many HSMs bill, in all.
    case presentHSMs(Int)
    /// At least so many HSMs of a zone are in service.
    case healthyHSMs(in: AvailabilityZone, atLeast: Int)
    /// At least so many HSMs are in service apart from one.
    case healthyHSMsApart(from: HSMReference, atLeast: Int)
    /// An HSM is no longer listed, nor another on the interface it had: the service replaces failed
    /// hardware by an HSM of another id on the same interface.
    case hsmGone(HSMReference, from: ENIID? = nil)
    /// A READY backup in the home Region has content no older than a step's call.
    case freshBackup(causedBy: StepID)
    /// At least so many backups are READY in a Region apart from one.
    case readyBackupsApart(from: BackupID, in: Region, atLeast: Int)
    /// At least so many READY backups in a Region have content no older than a moment.
    case readyContent(in: Region, since: Timestamp, atLeast: Int)
    /// A backup is READY.
    case backupReady(BackupReference)
    /// A backup is listed as pending deletion or deleted; one that is not listed at all was not seen
    /// to go, since a deleted backup stays listed for 7 days.
    case backupGone(BackupID)
    /// No copy of a backup is being made or READY in a Region.
    case notCopied(BackupReference, to: Region)
    /// A copy of that very backup is READY in a Region, whatever else is copied there.
    case copyReady(of: BackupReference, in: Region)
    /// The retention policy has a value.
    case retention(RetentionPolicy)
    /// The cluster has these tags, and perhaps others.
    case clusterTags([String: String])
    /// No HSM is listed, not even one being removed.
    case noHSMsListed
    /// An HSM is DEGRADED still.
    case hsmDegraded(HSMID)
    /// The cluster's HSMs have a type.
    case hsmType(HSMType)
    /// The cluster is no longer listed, or DELETED.
    case clusterGone
    /// A backup can still be restored.
    case backupPendingDeletion(BackupID)
    /// A backup is READY and exempt from retention.
    case backupPinned(BackupReference)
    /// A backup is listed, and not exempt from retention.
    case backupUnpinned(BackupID)
    /// A backup has these tags, and perhaps others.
    case backupTags(BackupReference, [String: String])
    /// A backup is listed, and has none of these tags.
    case backupTagsAbsent(BackupID, [String])
    /// The youngest of the cluster's own backups that are not gone is that one, and READY.
    case newestBackup(BackupID)
}

extension Fact {
    /// Whether the fact can be seen in a group.
    ///
    /// - Parameters:
    ///   - group: The group as observed; absent if it does not exist yet.
    ///   - bindings: What earlier steps turned out to make.
    /// - Returns: Whether it holds; what cannot be decided does not hold.
    public func holds(in group: ProtectionGroup?, bindings: Bindings) -> Bool {
        guard let group else { return false }
        return holdsOfHSMs(in: group, bindings: bindings)
            ?? holdsOfBackups(in: group, bindings: bindings)
    }

    private func holdsOfHSMs(in group: ProtectionGroup, bindings: Bindings) -> Bool? {
        let cluster = group.livingCluster
        switch self {
        case .clusterExists: return cluster != nil
        case .clusterState(let state): return cluster?.state == state
        case .signingRequestShown: return cluster?.signingRequest != nil
        case .clusterClaimed: return cluster?.state == .initialized || cluster?.isActivated == true
        case .hsmsSettled: return cluster.map { !$0.hsms.contains(where: \.state.isBusy) } ?? false
        case .presentHSMs(let count): return cluster?.presentHSMs.count == count
        case .healthyHSMs(let zone, let least):
            return (cluster?.healthyHSMs.count { $0.zone == zone } ?? 0) >= least
        case .healthyHSMsApart(let reference, let least):
            guard let cluster, let id = bindings.hsm(reference) else { return false }
            return cluster.healthyHSMs.count { $0.id != id } >= least
        case .hsmGone(let reference, let interface):
            guard let cluster, let id = bindings.hsm(reference) else { return false }
            return !cluster.hsms.contains { hsm in
                // One without an interface may stand in its place: that it is gone is not seen.
                let mayBeOnInterface = interface != nil && (hsm.eni == nil || hsm.eni == interface)
                return (hsm.id == id || mayBeOnInterface) && hsm.state != .deleted
            }
        case .retention(let policy): return cluster?.retention == policy
        case .clusterTags(let tags):
            return cluster.map { cluster in tags.allSatisfy { cluster.tags[$0] == $1 } } ?? false
        case .noHSMsListed:
            return cluster.map { !$0.hsms.contains { $0.state != .deleted } } ?? false
        case .hsmDegraded(let id):
            return cluster?.hsms.contains { $0.id == id && $0.state == .degraded } ?? false
        case .hsmType(let type): return cluster?.hsmType == type
        case .clusterGone:
            return cluster == nil && !group.unreadRegions.contains(group.id.home.region)
        case .freshBackup, .readyBackupsApart, .readyContent, .backupReady, .backupGone,
            .notCopied, .copyReady, .backupPendingDeletion, .backupPinned, .backupUnpinned,
            .backupTags, .backupTagsAbsent, .newestBackup:
            return nil
        }
    }

    private func holdsOfBackups(in group: ProtectionGroup, bindings: Bindings) -> Bool {
        switch self {
        case .freshBackup(let step):
            return bindings.backup(.caused(by: step), in: group) != nil
        case .readyBackupsApart(let id, let region, let least):
            return group.backups.count { $0.isReady && $0.region == region && $0.id != id } >= least
        case .readyContent(let region, let moment, let least):
            return group.backups.count {
                $0.isReady && $0.region == region && $0.createdAt >= moment
            } >= least
        case .backupReady(let reference):
            return bindings.backup(reference, in: group) != nil
        case .backupGone(let id):
            guard let backup = group.backup(id) else { return false }
            return backup.state == .pendingDeletion || backup.state == .deleted
        case .notCopied(let reference, let region):
            guard
                !group.unreadRegions.contains(region),
                let source = bindings.backup(reference, in: group)
            else { return false }
            return !group.backups.contains {
                $0.region == region && $0.copiedFrom == source.id
                    && ($0.isReady || $0.state == .createInProgress)
            }
        case .copyReady(let reference, let region):
            guard let source = bindings.source(reference, in: group) else { return false }
            return group.backups.contains {
                $0.isReady && $0.region == region && $0.copiedFrom == source.id
            }
        case .backupPendingDeletion(let id): return group.backup(id)?.state == .pendingDeletion
        case .backupPinned(let reference):
            return bindings.backup(reference, in: group)?.neverExpires ?? false
        case .backupUnpinned(let id): return group.backup(id).map { !$0.neverExpires } ?? false
        case .backupTags(let reference, let tags):
            guard let backup = bindings.source(reference, in: group) else { return false }
            return tags.allSatisfy { backup.tags[$0] == $1 }
        case .backupTagsAbsent(let id, let keys):
            guard let backup = group.backup(id) else { return false }
            return keys.allSatisfy { backup.tags[$0] == nil }
        case .newestBackup(let id):
            guard !group.unreadRegions.contains(group.id.home.region) else { return false }
            let newest = group.newestOwnBackup
            return newest?.id == id && newest?.isReady == true
        case .clusterExists, .clusterState, .signingRequestShown, .clusterClaimed, .hsmsSettled,
            .presentHSMs, .healthyHSMs, .healthyHSMsApart, .hsmGone, .retention, .clusterTags,
            .noHSMsListed, .hsmDegraded, .hsmType, .clusterGone:
            return false
        }
    }
}

extension Fact: CustomStringConvertible {
    /// The fact in words.
    public var description: String {
        switch self {
        case .clusterExists: "the cluster is listed"
        case .clusterState(let state): "the cluster is \(state)"
        case .signingRequestShown: "the cluster shows a signing request"
        case .clusterClaimed: "the cluster is initialised"
        case .hsmsSettled: "no HSM is being created or removed"
        case .presentHSMs(let count): "\(count) HSMs are present"
        case .healthyHSMs(let zone, let least): "\(least) or more HSMs are ACTIVE in \(zone)"
        case .healthyHSMsApart(let reference, let least):
            "\(least) or more HSMs apart from \(reference) are ACTIVE"
        case .hsmGone(let reference, _): "\(reference) is no longer listed"
        case .freshBackup(let step): "a READY backup is newer than step \(step)"
        case .readyBackupsApart(let id, let region, let least):
            "\(least) or more backups apart from \(id) are READY in \(region)"
        case .readyContent(let region, let moment, let least):
            "\(least) or more READY backups in \(region) hold content of \(moment) or later"
        case .backupReady(let reference): "\(reference) is READY"
        case .backupGone(let id): "\(id) is pending deletion or gone"
        case .notCopied(let reference, let region): "\(reference) has no copy in \(region)"
        case .copyReady(let reference, let region): "a copy of \(reference) is READY in \(region)"
        case .retention(let policy): "retention is \(policy)"
        case .clusterTags(let tags):
            "the cluster has the tags "
                + tags.inWords
        case .noHSMsListed: "no HSM is listed"
        case .hsmDegraded(let id): "\(id) is DEGRADED"
        case .hsmType(let type): "the HSM type is \(type)"
        case .clusterGone: "the cluster is gone"
        case .backupPendingDeletion(let id): "\(id) can still be restored"
        case .backupPinned(let reference): "\(reference) is READY and pinned"
        case .backupUnpinned(let id): "\(id) is not pinned"
        case .backupTags(let reference, let tags): "\(reference) has the tags " + tags.inWords
        case .backupTagsAbsent(let id, let keys):
            "\(id) has no tag " + keys.joined(separator: ", ")
        case .newestBackup(let id): "\(id) is the newest backup, and READY"
        }
    }
}

extension [String: String] {
    /// The tags in words, by key.
    fileprivate var inWords: String {
        sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ", ")
    }
}

extension HSMReference: CustomStringConvertible {
    /// The HSM in words.
    public var description: String {
        switch self {
        case .known(let id): id.description
        case .added(let step): "the HSM of step \(step)"
        }
    }
}

extension BackupReference: CustomStringConvertible {
    /// The backup in words.
    public var description: String {
        switch self {
        case .known(let id): id.description
        case .caused(let step): "the backup of step \(step)"
        }
    }
}
