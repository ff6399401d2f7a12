public import CloudHSM
internal import StrongroomModel

/// How far a purge is.
public struct PurgeStatus: Hashable, Sendable, Codable {
    /// Where a purge stands.
    public enum Progress: String, Hashable, Sendable, Codable, CaseIterable {
        /// Backups are still to be deleted, or the cut lies in the future.
        case deleting
        /// All are deleted, and some can still be restored until the last deadline.
        case pending
        /// Nothing that was read is left, but not every Region was read.
        case unproven
        /// No backup holds the material, nor can one be restored.
        case complete
    }

    /// When the owner had removed the material.
    public let materialRemovedAt: Timestamp

    /// Content taken before may hold it still: the removal and a margin.
    public let cut: Timestamp

    /// Why it must go.
    public let reason: String

    /// Where the purge stands.
    public let progress: Progress

    /// Backups in any Region that may hold it still and are not yet pending deletion.
    public let left: Int

    /// Backups that may hold it and are pending deletion.
    public let pendingDeletion: Int

    /// When the last of these is gone for ever.
    public let lastDeadline: Timestamp?

    /// The Regions that were not read whole, so that nothing is proven there.
    public let unprovenRegions: [Region]

    init(
        _ purge: DesiredPurge,
        in group: ProtectionGroup?,
        unproven: [Region],
        now: Timestamp
    ) {
        let cut = PurgeCut(purge, in: group)
        materialRemovedAt = purge.materialRemovedAt
        self.cut = cut.cut
        reason = purge.reason
        left = cut.left.count
        pendingDeletion = cut.restorable.count
        lastDeadline = cut.lastDeadline
        unprovenRegions = unproven
        if now < cut.cut || !cut.left.isEmpty {
            progress = .deleting
        } else if !cut.restorable.isEmpty {
            progress = .pending
        } else {
            progress = unproven.isEmpty ? .complete : .unproven
        }
    }
}
