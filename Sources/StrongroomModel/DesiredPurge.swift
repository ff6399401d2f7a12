public import CloudHSM

/// Material that was removed on the HSMs and must go from every backup.
public struct DesiredPurge: Hashable, Sendable {
    /// When the owner had removed it.
    public let materialRemovedAt: Timestamp

    /// Why.
    public let reason: String

    /// Describes a purge.
    ///
    /// - Parameters:
    ///   - materialRemovedAt: When the owner had removed it.
    ///   - reason: Why.
    public init(materialRemovedAt: Timestamp, reason: String) {
        self.materialRemovedAt = materialRemovedAt
        self.reason = reason
    }
}
