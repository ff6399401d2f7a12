public import CloudHSM

/// What the last run saw of a cluster and wanted of it: what tells an edited manifest, a person's
/// hand and the service's own doing apart.
///
/// Of its backups only a few ids are in it: it stays some hundred bytes.
public struct SeenGroup: Hashable, Sendable {
    /// When the cluster was seen, by the service's clock.
    public var at: Timestamp

    /// The manifest's name for it.
    public var name: String?

    /// What the manifest wanted, by aspect such as `hsm-count` or `copy eu-west-1`; an aspect that
    /// was still being brought about stands here with the text it had before, or not at all.
    public var wanted: [String: String] = [:]

    /// The aspects that were still being brought about, and who had brought that about.
    public var open: [String: Cause] = [:]

    /// The HSM in each ``CloudHSM/HSM/place``.
    public var hsms: [String: HSMID] = [:]

    /// Since when the HSM of a place is DEGRADED, for those that are.
    public var degradedSince: [String: Timestamp] = [:]

    /// The HSMs' type; absent where there was no cluster.
    public var hsmType: HSMType?

    /// The retention policy as it was; absent where there was no cluster.
    public var retention: RetentionPolicy?

    /// The backups pending deletion that neither we nor the retention sweep had deleted, in order.
    public var deletedByPeople: [BackupID] = []

    /// The newest READY backups in the home Region, no more than ``backupLimit``, in order of id.
    public var backups: [BackupID] = []

    /// The backups that we deleted and somebody else restored, in order.
    public var rescued: [BackupID] = []

    /// How many of a cluster's backups are remembered.
    public static let backupLimit = 16

    /// Remembers nothing yet.
    ///
    /// - Parameter at: When the cluster was seen.
    public init(at: Timestamp) {
        self.at = at
    }

    /// Whether both say the same, whenever it was seen.
    ///
    /// - Parameter other: The other.
    /// - Returns: Whether they do.
    public func isSame(as other: SeenGroup) -> Bool {
        var moved = other
        moved.at = at
        return self == moved
    }
}

extension [GroupID: SeenGroup] {
    /// Since when the HSM of a place is DEGRADED, of all clusters.
    public var degradedSince: [String: Timestamp] {
        values.reduce(into: [:]) { all, seen in
            all.merge(seen.degradedSince) { one, other in one < other ? one : other }
        }
    }
}
