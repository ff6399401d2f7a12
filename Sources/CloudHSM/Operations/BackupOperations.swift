/// Deletes a backup, restorable for seven days.
///
/// Source: `UG:delete-restore-backup`, `WN`.
public struct DeleteBackup: Hashable, Sendable {
    /// The backup to delete.
    public let backup: BackupID

    /// Describes the deletion.
    ///
    /// - Parameter backup: The backup to delete.
    public init(backup: BackupID) {
        self.backup = backup
    }

    /// Why the service would refuse the request.
    ///
    /// - Parameter target: The backup as it is; `nil` if unknown.
    /// - Returns: The exception, or `nil` if the request is legal.
    public func refusal(on target: Backup?) -> ServiceException? {
        requireState(.ready, of: target, named: backup)
    }
}

/// Undoes the deletion of a backup before its deadline; never builds a cluster.
///
/// Source: `UG:delete-restore-backup`, `UG+:restore-backup`.
public struct RestoreBackup: Hashable, Sendable {
    /// The backup to restore.
    public let backup: BackupID

    /// Describes the restoration.
    ///
    /// - Parameter backup: The backup to restore.
    public init(backup: BackupID) {
        self.backup = backup
    }

    /// Why the service would refuse the request.
    ///
    /// - Parameters:
    ///   - target: The backup as it is; `nil` if unknown.
    ///   - now: The service's clock.
    /// - Returns: The exception, or `nil` if the request is legal.
    public func refusal(on target: Backup?, at now: Timestamp) -> ServiceException? {
        if let refusal = requireState(.pendingDeletion, of: target, named: backup) {
            return refusal
        }
        guard let deadline = target?.deletesAt, now < deadline else {
            return .invalid("\(backup) can no longer be restored")
        }
        return nil
    }
}

/// Pins a backup against retention, or takes the pin off.
///
/// Source: `API`.
public struct ModifyBackupAttributes: Hashable, Sendable {
    /// The backup to change.
    public let backup: BackupID

    /// Whether retention passes it over from now on.
    public let neverExpires: Bool

    /// Describes the change.
    ///
    /// - Parameters:
    ///   - backup: The backup to change.
    ///   - neverExpires: Whether retention passes it over.
    public init(backup: BackupID, neverExpires: Bool) {
        self.backup = backup
        self.neverExpires = neverExpires
    }

    /// Why the service would refuse the request; outside READY is unknown (fact sheet, 20, row 6).
    ///
    /// - Parameter target: The backup as it is; `nil` if unknown.
    /// - Returns: The exception, or `nil` if the request is legal.
    public func refusal(on target: Backup?) -> ServiceException? {
        requireState(.ready, of: target, named: backup)
    }
}

/// Copies a backup to another Region; asked of the Region the backup lies in.
///
/// The answer has no id, and nothing keeps a second call from making a second copy.
/// Source: `API`; `UG:copy-backup-to-region`; fact sheet, section 10.
public struct CopyBackup: Hashable, Sendable {
    /// The backup to copy.
    public let backup: BackupID

    /// Where to.
    public let destination: Region

    /// The copy's tags; `nil` copies the source's, a value replaces them.
    public let tags: [String: String]?

    /// Describes the copy.
    ///
    /// - Parameters:
    ///   - backup: The backup to copy.
    ///   - destination: Where to.
    ///   - tags: The copy's tags, or `nil` for the source's.
    public init(backup: BackupID, to destination: Region, tags: [String: String]? = nil) {
        self.backup = backup
        self.destination = destination
        self.tags = tags
    }

    /// Why the service would refuse the request.
    ///
    /// - Parameter target: The backup as it is; `nil` if unknown.
    /// - Returns: The exception, or `nil` if the request is legal.
    public func refusal(on target: Backup?) -> ServiceException? {
        if let refusal = requireState(.ready, of: target, named: backup) { return refusal }
        guard let target, target.region != destination else {
            return .invalid("\(backup) already lies in \(destination)")
        }
        guard let partition = destination.partition, partition == target.region.partition else {
            return .invalid("backups are never copied across partitions")
        }
        return TagLimits.refusal(of: tags ?? [:])
    }
}

/// The copy a CopyBackupToRegion call began.
///
/// Source: `API`, shape `DestinationBackup`.
public struct DestinationBackup: Hashable, Sendable {
    /// When the content was taken: the source's own time.
    public let createdAt: Timestamp

    /// The Region it is copied from.
    public let sourceRegion: Region

    /// The backup it is copied from.
    public let sourceBackup: BackupID

    /// The cluster the source belongs to.
    public let sourceCluster: ClusterID

    /// Describes a copy that was begun.
    ///
    /// - Parameters:
    ///   - createdAt: When the content was taken.
    ///   - sourceRegion: The Region it is copied from.
    ///   - sourceBackup: The backup it is copied from.
    ///   - sourceCluster: The cluster the source belongs to.
    public init(
        createdAt: Timestamp,
        sourceRegion: Region,
        sourceBackup: BackupID,
        sourceCluster: ClusterID
    ) {
        self.createdAt = createdAt
        self.sourceRegion = sourceRegion
        self.sourceBackup = sourceBackup
        self.sourceCluster = sourceCluster
    }
}

private func requireState(
    _ state: BackupState,
    of target: Backup?,
    named id: BackupID
) -> ServiceException? {
    guard let target else { return .notFound(id) }
    guard target.state == state else { return .invalid("\(id) is \(target.state), not \(state)") }
    return nil
}
