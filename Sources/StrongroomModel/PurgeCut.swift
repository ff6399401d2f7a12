public import CloudHSM

/// Where a purge draws the line, and what of a group lies before it.
public struct PurgeCut: Sendable {
    /// How much younger than the removal a backup must be to count as clean.
    ///
    /// Keys are carried between HSMs at an undocumented interval, whether a backup is dated by the
    /// start or the end of its snapshot is unknown, and clocks differ (fact sheet, sections 12, 14
    /// and 20, row 13).
    public static let margin = Duration.hours(1)

    /// Content taken before this moment may still hold the material.
    public let cut: Timestamp

    /// The backups and copies with such content, in any state and Region, oldest first.
    public let holding: [Backup]

    /// Draws the line.
    ///
    /// - Parameters:
    ///   - purge: What is to go.
    ///   - group: The group as observed.
    public init(_ purge: DesiredPurge, in group: ProtectionGroup?) {
        let cut = purge.materialRemovedAt + Self.margin
        self.cut = cut
        holding = (group?.backups ?? []).filter { $0.createdAt < cut }
            .sorted { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }
    }

    /// The ids of all that hold it, also of those that are gone: a clone made of one holds it too.
    public var ids: Set<BackupID> { Set(holding.map(\.id)) }

    /// What is left that can be deleted, or will be once it is made.
    public var left: [Backup] {
        holding.filter { $0.state != .pendingDeletion && $0.state != .deleted }
    }

    /// What can still be restored by anyone who may.
    public var restorable: [Backup] { holding.filter { $0.state == .pendingDeletion } }

    /// When the last of it can no longer be restored; `nil` if none is pending deletion.
    public var lastDeadline: Timestamp? { restorable.compactMap(\.deletesAt).max() }

    /// The cluster's own READY backups without the material, oldest first.
    ///
    /// - Parameter group: The group as observed.
    /// - Returns: The backups; what is deleted relies on them.
    public func clean(in group: ProtectionGroup) -> [Backup] {
        group.backups.filter { $0.isReady && !$0.isCopy && $0.createdAt >= cut }
            .sorted { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }
    }
}
