internal import CloudHSM
internal import StrongroomModel

/// Who deleted the backups of a group that are pending deletion, and which are back.
///
/// A deletion began seven days before its end (fact sheet, section 8), so no memory is needed to
/// tell whether the backup was due then.
struct Deletions {
    /// Who began a deletion.
    enum Hand {
        /// A run of ours, as its journal says.
        case ours
        /// The service, because the retention period was over.
        case sweep
        /// A person, or another tool.
        case person
    }

    private let group: ProtectionGroup
    private let seen: SeenGroup?
    private let deletedByUs: Set<String>
    private let restoredByUs: Set<String>

    /// The backups that a person deleted, in the order listed.
    let byPeople: [Backup]

    init(_ group: ProtectionGroup, seen: SeenGroup?, entries: [JournalEntry]) {
        let done = entries.filter(\.mayHaveHappened)
        self.group = group
        self.seen = seen
        deletedByUs = Set(
            done.flatMap { $0.intent.losing.map(\.description) }
                + done.filter { $0.intent.operation == "DeleteBackup" }.map(\.intent.target)
        )
        restoredByUs = Set(
            done.filter { $0.intent.operation == "RestoreBackup" }.map(\.intent.target)
        )
        let hand = Self.hand(in: group, seen, deletedByUs)
        byPeople = group.backups.filter { $0.state == .pendingDeletion && hand($0) == .person }
    }

    /// Who began a backup's deletion; `nil` if it is not pending or cannot be told.
    func hand(of backup: Backup) -> Hand? { Self.hand(in: group, seen, deletedByUs)(backup) }

    /// Whether a backup that was deleted is READY again, and not by us.
    func isRestored(_ backup: Backup) -> Bool {
        guard backup.isReady, !restoredByUs.contains(backup.id.description) else { return false }
        return deletedByUs.contains(backup.id.description)
            || seen?.deletedByPeople.contains(backup.id) ?? false
    }

    private static func hand(
        in group: ProtectionGroup,
        _ seen: SeenGroup?,
        _ deletedByUs: Set<String>
    ) -> (Backup) -> Hand? {
        { backup in
            guard backup.state == .pendingDeletion, let end = backup.deletesAt else { return nil }
            if seen?.deletedByPeople.contains(backup.id) ?? false { return .person }
            if deletedByUs.contains(backup.id.description) { return .ours }
            let begunAt = end - DeletionWindow.length
            // The last run judged what it saw, by the policy of that time.
            if let seen, begunAt <= seen.at - ReadDelay.allowance {
                return backup.isCopy ? .ours : .sweep
            }
            let policies = [group.cluster?.retention, seen?.retention].compactMap(\.self)
            guard backup.isCopy || !policies.isEmpty else { return nil }
            let isDue = policies.compactMap(\.lifetime).contains {
                backup.createdAt + $0 <= begunAt
            }
            return isDue && !backup.isCopy && !backup.neverExpires ? .sweep : .person
        }
    }
}
