package import CloudHSM
internal import StrongroomModel

/// What a call changed and reads do not show yet, as the way back to what was before.
package struct UnseenCall: Hashable, Sendable {
    /// From when on reads show the call.
    let until: Timestamp

    /// The way back.
    let undo: [Undo]

    /// One piece of what was before.
    package enum Undo: Hashable, Sendable {
        case noCluster
        case clusterState(ClusterState)
        case retention(RetentionPolicy)
        case rollbackExpiration(Timestamp?)
        case certificate(String, String?)
        case clusterTags([String: String])
        case noHSM(HSMID)
        case hsmState(HSMID, HSMState)
        case noBackup(BackupID)
        case backupState(BackupID, BackupState, deletesAt: Timestamp?)
        case neverExpires(BackupID, Bool)
        case backupTags(BackupID, [String: String])
    }

    /// Keeps the way back until reads show the call.
    package init(until: Timestamp, undo: [Undo]) {
        self.until = until
        self.undo = undo
    }
}

extension UnseenCall {
    /// The way from a group back to what it was.
    init(until: Timestamp, from after: ProtectionGroup, to before: ProtectionGroup) {
        self.until = until
        undo =
            Self.clusterUndo(from: after.cluster, to: before.cluster)
            + Self.backupUndo(from: after.backups, to: before.backups)
    }

    private static func clusterUndo(from after: Cluster?, to before: Cluster?) -> [Undo] {
        guard let after else { return [] }
        guard let before else { return [.noCluster] }
        var undo: [Undo] = []
        if after.state != before.state { undo.append(.clusterState(before.state)) }
        if after.retention != before.retention { undo.append(.retention(before.retention)) }
        if after.typeRollbackExpiration != before.typeRollbackExpiration {
            undo.append(.rollbackExpiration(before.typeRollbackExpiration))
        }
        if after.certificates != before.certificates {
            let names = Set(after.certificates.keys).union(before.certificates.keys).sorted()
            for name in names where after.certificates[name] != before.certificates[name] {
                undo.append(.certificate(name, before.certificates[name]))
            }
        }
        if after.tags != before.tags { undo.append(.clusterTags(before.tags)) }
        for hsm in after.hsms {
            guard let old = before.hsms.first(where: { $0.isSameHSM(as: hsm) }) else {
                undo.append(.noHSM(hsm.id))
                continue
            }
            if old.state != hsm.state { undo.append(.hsmState(hsm.id, old.state)) }
        }
        return undo
    }

    private static func backupUndo(from after: [Backup], to before: [Backup]) -> [Undo] {
        let old = Dictionary(before.map { ($0.id, $0) }) { first, _ in first }
        var undo: [Undo] = []
        for backup in after {
            guard let was = old[backup.id] else {
                undo.append(.noBackup(backup.id))
                continue
            }
            guard was != backup else { continue }
            if was.state != backup.state {
                undo.append(.backupState(backup.id, was.state, deletesAt: was.deletesAt))
            }
            if was.neverExpires != backup.neverExpires {
                undo.append(.neverExpires(backup.id, was.neverExpires))
            }
            if was.tags != backup.tags { undo.append(.backupTags(backup.id, was.tags)) }
        }
        return undo
    }
}

extension UnseenCall {
    /// Makes a group look as it did before the call; what is gone meanwhile stays gone.
    func hide(in group: inout ProtectionGroup) {
        for piece in undo { piece.apply(to: &group) }
    }
}

extension UnseenCall.Undo {
    fileprivate func apply(to group: inout ProtectionGroup) {
        switch self {
        case .noCluster: group.cluster = nil
        case .clusterState(let state): group.cluster?.state = state
        case .retention(let policy): group.cluster?.retention = policy
        case .rollbackExpiration(let moment): group.cluster?.typeRollbackExpiration = moment
        case .certificate(let name, let text): group.cluster?.certificates[name] = text
        case .clusterTags(let tags): group.cluster?.tags = tags
        case .noHSM(let id): group.cluster?.hsms.removeAll { $0.id == id }
        case .hsmState(let id, let state):
            guard let index = group.cluster?.hsms.firstIndex(where: { $0.id == id }) else { return }
            group.cluster?.hsms[index].state = state
        case .noBackup(let id): group.backups.removeAll { $0.id == id }
        case .backupState(let id, let state, let deletesAt):
            group.change(id) {
                $0.state = state
                $0.deletesAt = deletesAt
            }
        case .neverExpires(let id, let value): group.change(id) { $0.neverExpires = value }
        case .backupTags(let id, let tags):
            group.change(id) { $0.details = ($0.details ?? BackupDetails()).with(tags: tags) }
        }
    }
}

extension ProtectionGroup {
    /// Changes one backup in place; nothing happens if it is not listed.
    mutating func change(_ id: BackupID, _ edit: (inout Backup) -> Void) {
        guard let index = backups.firstIndex(where: { $0.id == id }) else { return }
        edit(&backups[index])
    }
}
