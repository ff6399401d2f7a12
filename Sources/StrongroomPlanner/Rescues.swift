internal import CloudHSM
internal import StrongroomModel

/// The backups of a group that we deleted and somebody else restored: a person wants them kept.
struct Rescues {
    /// When we deleted each of them last; unknown where only the last run remembers it.
    let deletedAt: [BackupID: Timestamp?]

    init(in group: ProtectionGroup, entries: [JournalEntry], seen: SeenGroup?, now: Timestamp) {
        let deletions = Self.latest("DeleteBackup", in: entries.filter(\.wasDone))
        let ours = Self.latest("RestoreBackup", in: entries.filter(\.mayHaveHappened))
        let known = Set(seen?.rescued ?? [])
        var deletedAt: [BackupID: Timestamp?] = [:]
        for backup in group.backups where backup.isReady {
            let restoration = ours[backup.id.description]
            if let deletion = deletions[backup.id.description] {
                // Until then a read may still show it as it was before.
                guard now >= deletion + ReadDelay.allowance else { continue }
                if restoration.map({ $0 <= deletion }) ?? true {
                    deletedAt.updateValue(deletion, forKey: backup.id)
                }
            } else if known.contains(backup.id) {
                deletedAt.updateValue(nil, forKey: backup.id)
            }
        }
        self.deletedAt = deletedAt
    }

    private static func latest(
        _ operation: String,
        in entries: [JournalEntry]
    ) -> [String: Timestamp] {
        entries.reduce(into: [:]) { latest, entry in
            guard entry.intent.operation == operation else { return }
            let at = entry.outcome?.at ?? entry.intent.writtenAt
            latest[entry.intent.target] = max(latest[entry.intent.target] ?? at, at)
        }
    }
}
