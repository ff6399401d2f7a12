public import CloudHSM

/// An account and a Region: where calls go, where quotas count.
public struct Place: Hashable, Sendable, Codable {
    /// The account.
    public let account: AccountID

    /// The Region.
    public let region: Region

    /// Names a place.
    ///
    /// - Parameters:
    ///   - account: The account.
    ///   - region: The Region.
    public init(account: AccountID, region: Region) {
        self.account = account
        self.region = region
    }
}

extension Place: Comparable, CustomStringConvertible {
    /// Orders by account, then Region.
    public static func < (left: Place, right: Place) -> Bool {
        (left.account, left.region) < (right.account, right.region)
    }

    /// Account and Region in words.
    public var description: String { "\(region) of account \(account)" }
}

/// Names a protection group by its cluster and that cluster's home, also after the cluster is gone.
public struct GroupID: Hashable, Sendable, Codable {
    /// The account and Region of the cluster.
    public let home: Place

    /// The cluster.
    public let cluster: ClusterID

    /// Names a group.
    ///
    /// - Parameters:
    ///   - home: The account and Region of the cluster.
    ///   - cluster: The cluster.
    public init(home: Place, cluster: ClusterID) {
        self.home = home
        self.cluster = cluster
    }
}

extension GroupID: Comparable {
    /// Orders by home, then cluster.
    public static func < (left: GroupID, right: GroupID) -> Bool {
        (left.home, left.cluster) < (right.home, right.cluster)
    }
}

/// One cluster, its backups, and all their copies in every Region: the unit of every rule.
public struct ProtectionGroup: Hashable, Sendable {
    /// Its name.
    public let id: GroupID

    /// The cluster; `nil` if only backups of it are known.
    public var cluster: Cluster?

    /// Its backups and copies, in the order listed.
    public var backups: [Backup]

    /// The Regions that were left out of this look: what is not listed there was not looked for.
    public var unreadRegions: Set<Region>

    /// Joins a cluster and its backups.
    ///
    /// - Parameters:
    ///   - id: The group's name.
    ///   - cluster: The cluster, if known.
    ///   - backups: Its backups and copies.
    ///   - unreadRegions: The Regions that were left out of the look.
    public init(
        id: GroupID,
        cluster: Cluster?,
        backups: [Backup] = [],
        unreadRegions: Set<Region> = []
    ) {
        self.id = id
        self.cluster = cluster
        self.backups = backups
        self.unreadRegions = unreadRegions
    }
}

extension ProtectionGroup {
    /// The cluster unless it is gone.
    public var livingCluster: Cluster? {
        guard let cluster, cluster.exists else { return nil }
        return cluster
    }

    /// Whether the service is at something in the group that ends by itself.
    package var isMoving: Bool {
        livingCluster?.state.isBusy ?? false
            || livingCluster?.hsms.contains(where: \.state.isBusy) ?? false
            || backups.contains { $0.state == .createInProgress }
    }

    /// The backup of that id, if it is listed.
    ///
    /// - Parameter id: The backup's id.
    /// - Returns: The backup.
    public func backup(_ id: BackupID) -> Backup? { backups.first { $0.id == id } }

    /// The READY backups in a Region, oldest content first.
    ///
    /// - Parameter region: The Region.
    /// - Returns: The backups that count for a floor there.
    public func readyBackups(in region: Region) -> [Backup] {
        backups.filter { $0.isReady && $0.region == region }
            .sorted { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }
    }

    /// The READY backup in a Region with the youngest content.
    ///
    /// - Parameter region: The Region.
    /// - Returns: The backup, or `nil` if none is READY there.
    public func newestReadyBackup(in region: Region) -> Backup? {
        backups.lazy.filter { $0.isReady && $0.region == region }
            .max { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }
    }

    /// The youngest of the cluster's own backups that are not gone, in whatever state.
    public var newestOwnBackup: Backup? {
        backups.lazy.filter { !$0.isCopy && $0.state != .deleted }
            .max { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }
    }

    /// The READY copies in a Region, oldest content first; a backup that was born there is none.
    ///
    /// - Parameter region: The Region.
    /// - Returns: The copies.
    public func readyCopies(in region: Region) -> [Backup] {
        readyBackups(in: region).filter(\.isCopy)
    }

    /// The name our tag gives the cluster; `nil` if it was never ours.
    public var ownedName: String? { ownershipTags[OwnershipTag.cluster] }

    /// The fleet our tag gives the cluster to; `nil` if it was never ours.
    public var ownedFleet: String? { ownershipTags[OwnershipTag.fleet] }

    /// The cluster's tags; where it cannot be seen any more, those of a copy, which has the same
    /// marks of ownership.
    private var ownershipTags: [String: String] {
        if let cluster { return cluster.tags }
        return backups.lazy.filter { $0.tags[OwnershipTag.cluster] != nil }
            .max { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }?.tags ?? [:]
    }

    /// The tags that say whose the cluster is, as far as it has them: its copies get them too, so
    /// that a copy says what it is when its home Region cannot be asked.
    public var ownership: [String: String] {
        (cluster?.tags ?? [:]).filter {
            $0.key == OwnershipTag.cluster || $0.key == OwnershipTag.fleet
        }
    }
}

/// The tags that say what is ours.
public enum OwnershipTag {
    /// What every key that only Strongroom sets begins with.
    public static let prefix = "strongroom:"

    /// The key that holds the manifest's name.
    public static let cluster = "strongroom:cluster"

    /// The key that holds the fleet's name.
    public static let fleet = "strongroom:fleet"

    /// The key that holds the intent a resource was made by.
    public static let intent = "strongroom:intent"

    /// What the key begins with by which a backup is recorded as a recovery point; its name follows.
    ///
    /// The value is the moment of the record.
    public static let recoveryPoint = "strongroom:recovery-point:"

    /// The key that says that a backup's pin is ours, and what for.
    ///
    /// A pin without it is a person's.
    public static let pin = "strongroom:pin"

    /// The value of ``pin`` on the backup that a parked cluster is resumed from.
    public static let pinForParking = "parked"

    /// The value of ``pin`` on a recovery point.
    public static let pinForRecoveryPoint = "recovery-point"

    /// The value of ``pin`` on the last backup of a cluster that was deleted.
    public static let pinForDeletion = "final-backup"
}
