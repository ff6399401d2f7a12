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
        // Rows are read in place: a sweep is asked about far more often than it takes something.
        var old: [Int] = []
        for index in backups.indices
        where backups[index].createdAt <= horizon && isSubject(backups[index]) {
            old.append(index)
        }
        guard !old.isEmpty else { return [] }
        let last = newestOwnReady(among: backups)
        return
            old.map { backups[$0] }
            .filter { $0.id != last }
            .sorted { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }
    }

    /// When the next sweep removes something if nothing else happens until then.
    ///
    /// - Parameters:
    ///   - backups: All backups of a cluster, copies included.
    ///   - policy: The cluster's policy.
    ///   - now: Only moments after this one count.
    /// - Returns: The first later moment at which a backup other than the last reaches the policy's
    ///   age.
    public static func next(
        among backups: [Backup],
        under policy: RetentionPolicy,
        after now: Timestamp
    ) -> Timestamp? {
        guard let lifetime = policy.lifetime else { return nil }
        let horizon = now - lifetime
        let last = newestOwnReady(among: backups)
        var oldest: Timestamp?
        for index in backups.indices
        where isSubject(backups[index]) && backups[index].createdAt > horizon
            && backups[index].id != last
        {
            let createdAt = backups[index].createdAt
            oldest = min(oldest ?? createdAt, createdAt)
        }
        return oldest.map { $0 + lifetime }
    }

    /// The backup that retention leaves whatever its age: the newest of a cluster's own READY ones.
    ///
    /// - Parameter backups: All backups of a cluster, copies included.
    /// - Returns: Its id; `nil` if the cluster has no READY backup of its own.
    public static func newestOwnReady(among backups: [Backup]) -> BackupID? {
        var newest: (Timestamp, BackupID)?
        for index in backups.indices where backups[index].isReady && !backups[index].isCopy {
            let candidate = (backups[index].createdAt, backups[index].id)
            if let best = newest, best >= candidate { continue }
            newest = candidate
        }
        return newest?.1
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

    /// When the next of the deleted backups is gone for ever.
    ///
    /// - Parameter backups: All backups of a cluster, copies included.
    /// - Returns: The earliest end of a window; `nil` if none is pending deletion.
    public static func nextEnd(among backups: [Backup]) -> Timestamp? {
        var next: Timestamp?
        for index in backups.indices where backups[index].state == .pendingDeletion {
            guard let end = backups[index].deletesAt else { continue }
            next = min(next ?? end, end)
        }
        return next
    }
}

/// How often the service backs a cluster with an active HSM up by itself.
///
/// Source: `S` (at least once per 24 hours); `WN` (active clusters, so none while parked).
public enum DailyBackup {
    /// The longest time between two backups of a cluster with an active HSM.
    public static let interval = Duration.hours(24)

    /// When the content of a cluster's own newest backup was taken, whatever became of the backup.
    ///
    /// - Parameter backups: All backups of a cluster, copies included.
    /// - Returns: The moment the interval counts from; `nil` if the cluster has none of its own.
    public static func newest(among backups: [Backup]) -> Timestamp? {
        var newest: Timestamp?
        for index in backups.indices where !backups[index].isCopy {
            let createdAt = backups[index].createdAt
            newest = max(newest ?? createdAt, createdAt)
        }
        return newest
    }
}
