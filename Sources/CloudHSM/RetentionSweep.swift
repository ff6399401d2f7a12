/// What retention removes, and when.
///
/// Source: `UG:manage-backup-retention`; fact sheet, section 8.
public enum RetentionSweep {
    /// The backups that retention may remove at a moment, oldest first.
    ///
    /// Only a cluster's own READY backups that are not pinned: a copy in another Region belongs to
    /// no cluster and has no retention. The last READY backup is never among them; whether one
    /// pending deletion counts as the last is unknown, so it does not.
    ///
    /// - Parameters:
    ///   - backups: All backups of a cluster, copies included.
    ///   - policy: The cluster's policy.
    ///   - now: The moment asked about.
    /// - Returns: What a sweep at that moment removes; empty without a policy.
    public static func due(
        among backups: [Backup],
        under policy: RetentionPolicy,
        at now: Timestamp
    ) -> [Backup] {
        guard let lifetime = policy.lifetime else { return [] }
        let horizon = now - lifetime
        guard backups.contains(where: { isSubject($0) && $0.createdAt <= horizon }) else {
            return []
        }
        let own = backups.filter { $0.isReady && !$0.isCopy }
        let newest = own.max { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }
        return
            own
            .filter { isSubject($0) && $0.createdAt <= horizon && $0.id != newest?.id }
            .sorted { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }
    }

    /// When retention next has something to look at, the last-backup rule aside.
    ///
    /// - Parameters:
    ///   - backups: All backups of a cluster, copies included.
    ///   - policy: The cluster's policy.
    ///   - now: Only moments after this one count.
    /// - Returns: The first moment at which a backup reaches the policy's age.
    public static func next(
        among backups: [Backup],
        under policy: RetentionPolicy,
        after now: Timestamp
    ) -> Timestamp? {
        guard let lifetime = policy.lifetime else { return nil }
        return backups.lazy.filter(isSubject).map { $0.createdAt + lifetime }
            .filter { $0 > now }.min()
    }

    private static func isSubject(_ backup: Backup) -> Bool {
        backup.isReady && !backup.isCopy && !backup.neverExpires
    }
}

/// The time between the deletion of a backup and its end.
///
/// Source: `UG:delete-restore-backup`, `WN`: whether a user or retention asked.
public enum DeletionWindow {
    /// How long a deleted backup can be restored.
    public static let length = Duration.days(7)

    /// When a backup deleted at a moment is gone for ever (`API`, DeleteTimestamp).
    ///
    /// - Parameter request: When its deletion was asked for.
    /// - Returns: The end of the window.
    public static func end(ofDeletionAt request: Timestamp) -> Timestamp { request + length }
}

/// How often the service backs a cluster with an active HSM up by itself.
///
/// Source: `S` (at least once per 24 hours); `WN` (active clusters, so none while parked).
public enum DailyBackup {
    /// The longest time between two backups of a cluster with an active HSM.
    public static let interval = Duration.hours(24)
}

/// How long a change of type can be taken back, from its start (`UG+:hsm1-to-hsm2-migration`).
public enum TypeRollback {
    /// The length of the window.
    public static let window = Duration.hours(24)
}
