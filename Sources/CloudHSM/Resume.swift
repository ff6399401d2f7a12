/// What an HSM holds that joins an ACTIVE cluster without active HSMs.
///
/// No call can choose: for another backup, a new cluster is made from it.
/// Source: `UG+:backups-using`; `UG:create-cluster-from-backup`; fact sheet, sections 11 and 13.
public enum Resume {
    /// The backup the service restores.
    ///
    /// It is the newest of the cluster's own READY backups; which one it is while the newest is not
    /// READY is unknown (fact sheet, section 20, row 8). A clone that never had an HSM has none of
    /// its own and gets the backup it was made from, which must be READY still (section 9).
    ///
    /// - Parameters:
    ///   - cluster: The cluster.
    ///   - backups: Its backups and copies.
    /// - Returns: The backup; `nil` if there is nothing to restore.
    public static func source(of cluster: Cluster, among backups: [Backup]) -> BackupID? {
        RetentionSweep.newestOwnReady(among: backups) ?? cluster.sourceBackup
    }
}
