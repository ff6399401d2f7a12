internal import CloudHSM
internal import StrongroomModel

/// A backup that its own tag records as a recovery point.
struct AdoptedRecoveryPoint: Hashable, Sendable {
    /// The name in the tag.
    let name: String

    /// The backup.
    let backup: BackupID

    /// The recovery points that a group's backups record, and those that cannot be nominated.
    ///
    /// Copies carry the tags of their source, which is the one to nominate.
    ///
    /// - Parameter group: The group as observed.
    /// - Returns: What is kept and left out, each in order of name.
    static func all(in group: ProtectionGroup) -> (
        kept: [AdoptedRecoveryPoint], omissions: [Omission]
    ) {
        var recorded: [String: [Backup]] = [:]
        for backup in group.backups where !backup.isCopy && backup.state != .deleted {
            for key in backup.tags.keys where key.hasPrefix(OwnershipTag.recoveryPoint) {
                let name = String(key.dropFirst(OwnershipTag.recoveryPoint.count))
                recorded[name, default: []].append(backup)
            }
        }
        var kept: [AdoptedRecoveryPoint] = []
        var omissions: [Omission] = []
        for (name, backups) in recorded.sorted(by: { $0.key < $1.key }) {
            if let why = obstacle(to: name, backups) {
                omissions.append(.recoveryPoint(name: name, why: why))
            } else if let backup = backups.first {
                kept.append(AdoptedRecoveryPoint(name: name, backup: backup.id))
            }
        }
        return (kept, omissions)
    }

    private static func obstacle(to name: String, _ backups: [Backup]) -> String? {
        if !ManifestName.isValid(name) { return "a manifest cannot use that name" }
        if backups.count > 1 {
            let ids = backups.map(\.id).sorted().map(\.description).joined(separator: ", ")
            return "\(ids) all carry it; nominate one of them"
        }
        guard let backup = backups.first, !backup.isReady else { return nil }
        return "\(backup.id) is \(backup.state), not READY"
    }
}
