internal import CloudHSM
internal import StrongroomModel

/// An accepted call that will never come to its end by itself.
struct FailedCall {
    let step: Step
    let intent: Intent

    /// What the answer named as made.
    let made: HSMID?

    /// What shows that it failed.
    ///
    /// - Parameter group: The group as it is now.
    /// - Returns: What went wrong; `nil` while it may still come to its end.
    func reason(in group: ProtectionGroup) -> String? {
        switch step.action {
        case .addHSM:
            // An HSM whose creation failed does not heal (fact sheet, section 5).
            group.livingCluster?.hsms.first { $0.id == made && $0.state == .degraded }
                .map { "\($0.id) is DEGRADED: \($0.stateMessage ?? "its creation failed")" }
        case .copyBackup: failedCopy(in: group)
        case .createCluster, .initializeCluster, .removeHSM, .setRetention, .deleteBackup,
            .restoreBackup, .pinBackup, .unpinBackup, .tagBackup, .untagBackup, .tagCluster,
            .changeType, .deleteCluster:
            nil
        }
    }

    /// A copy that failed is DELETED (`UG:copy-backup-to-region`).
    private func failedCopy(in group: ProtectionGroup) -> String? {
        let made = group.backups.filter(mayBeMade)
        guard !made.isEmpty, made.allSatisfy({ $0.state == .deleted }) else { return nil }
        return "the copy failed"
    }

    /// Whether a copy may be what the call made; a minute is allowed for clock skew.
    private func mayBeMade(_ copy: Backup) -> Bool {
        guard let origin = copy.origin, copy.region == intent.destination else { return false }
        return origin.backup.description == intent.target
            && origin.copiedAt + .minutes(1) >= intent.writtenAt
    }
}
