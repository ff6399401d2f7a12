public import CloudHSM
internal import StrongroomModel

/// What a purge has left to do.
public struct PurgeStatus: Hashable, Sendable, Codable {
    /// When the owner had removed the material.
    public let materialRemovedAt: Timestamp

    /// Why it must go.
    public let reason: String

    /// Backups in any Region that may hold it still and are not yet pending deletion.
    public let left: Int

    /// Backups that may hold it and are pending deletion.
    public let pendingDeletion: Int

    /// When the last of these is gone for ever.
    public let lastDeadline: Timestamp?

    init(_ purge: DesiredPurge, in group: ProtectionGroup?) {
        let holding = (group?.backups ?? []).filter { $0.createdAt <= purge.materialRemovedAt }
        let leaving = holding.filter { $0.state == .pendingDeletion }
        materialRemovedAt = purge.materialRemovedAt
        reason = purge.reason
        left = holding.count { $0.state != .pendingDeletion && $0.state != .deleted }
        pendingDeletion = leaving.count
        lastDeadline = leaving.compactMap(\.deletesAt).max()
    }
}
