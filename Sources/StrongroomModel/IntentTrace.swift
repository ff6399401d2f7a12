public import CloudHSM

extension Intent {
    /// Whether a group shows that the call was carried out.
    ///
    /// Calls that set a value, and can be repeated without harm, count as visible always, but for
    /// a recovery point's record, by which the journal says which backup the name means, and for a
    /// retention, whose losses would be counted twice.
    ///
    /// - Parameters:
    ///   - group: The group as observed; absent if it does not exist.
    ///   - made: What the answer named as made, if there was an answer.
    /// - Returns: Whether the trace of the call can be seen.
    public func isVisible(in group: ProtectionGroup?, made: String?) -> Bool {
        guard let group else { return false }
        let hsms = group.livingCluster?.hsms ?? []
        switch operation {
        case "CreateHsm":
            return hsms.contains { hsm in
                guard let made else {
                    return hsm.state.isPresent && hsm.zone?.description == target
                        && !hsmsBefore.contains(hsm.place)
                }
                return hsm.id.description == made
            }
        case "DeleteHsm":
            return !hsms.contains { $0.id.description == target && $0.state.isPresent }
        case "CopyBackupToRegion":
            return group.backups.contains { backup in
                backup.region == destination && backup.copiedFrom?.description == target
                    && (backup.tags[OwnershipTag.intent].map { $0 == id }
                        ?? backup.copiedAtOrLater(writtenAt))
            }
        case "DeleteBackup":
            return !group.backups.contains { $0.id.description == target && $0.isReady }
        case "RestoreBackup":
            return group.backups.contains { $0.id.description == target && $0.isReady }
        case "DeleteCluster":
            return group.livingCluster.map { $0.state == .deleteInProgress } ?? true
        case "InitializeCluster": return group.cluster?.state != .uninitialized
        case "CreateCluster": return group.cluster?.tags[OwnershipTag.intent] == id
        case "ModifyCluster" where rule == "hsm-type":
            return group.livingCluster.map { $0.hsmType != .hsm1Medium || $0.state.isBusy } ?? false
        case "ModifyCluster":
            // What had to hold before the call, and still does.
            let unchanged = group.livingCluster.map { Fact.retention($0.retention).description }
            return !(unchanged.flatMap { preconditions?.contains($0) } ?? false)
        case "TagResource":
            return recoveryPointTag.map { target(in: group)?.tags[$0] != nil } ?? true
        case "UntagResource":
            return recoveryPointTag.map { target(in: group)?.tags[$0] == nil } ?? true
        default: return true
        }
    }
}

extension Intent {
    private var recoveryPointTag: String? { recoveryPoint.map { OwnershipTag.recoveryPoint + $0 } }

    private func target(in group: ProtectionGroup) -> Backup? {
        BackupID(target).flatMap { group.backup($0) }
    }
}

extension Backup {
    /// Whether it was copied no earlier than a moment, allowing a minute for clock skew.
    fileprivate func copiedAtOrLater(_ moment: Timestamp) -> Bool {
        guard let copiedAt = origin?.copiedAt else { return false }
        return copiedAt + .minutes(1) >= moment
    }
}

extension HSM {
    /// What stays the same when the service replaces the hardware: the interface, else the id.
    public var place: String { eni?.description ?? id.description }
}
