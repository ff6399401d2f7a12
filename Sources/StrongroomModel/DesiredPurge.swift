public import CloudHSM

/// Material that was removed on the HSMs and must go from every backup.
public struct DesiredPurge: Hashable, Sendable {
    /// When the owner had removed it.
    public let materialRemovedAt: Timestamp

    /// Why.
    public let reason: String

    /// Whether pinned backups go as well; a person's consent, given in the manifest.
    public let includePinned: Bool

    /// Describes a purge.
    ///
    /// - Parameters:
    ///   - materialRemovedAt: When the owner had removed it.
    ///   - reason: Why.
    ///   - includePinned: Whether pinned backups go as well.
    public init(materialRemovedAt: Timestamp, reason: String, includePinned: Bool = false) {
        self.materialRemovedAt = materialRemovedAt
        self.reason = reason
        self.includePinned = includePinned
    }
}
