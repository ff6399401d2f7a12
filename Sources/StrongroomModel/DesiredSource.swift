/// What a clone is made from.
public struct DesiredSource: Hashable, Sendable {
    /// The name of the cluster whose backup it is.
    public let cluster: String

    /// The recovery point; absent means the newest READY backup.
    public let recoveryPoint: String?

    /// What to do while the source's home Region cannot be read.
    public let whenRegionLost: LostRegionResponse

    /// Describes a clone's source.
    ///
    /// - Parameters:
    ///   - cluster: The name of the cluster whose backup it is.
    ///   - recoveryPoint: The recovery point.
    ///   - whenRegionLost: What to do while the source's home Region cannot be read.
    public init(
        cluster: String,
        recoveryPoint: String?,
        whenRegionLost: LostRegionResponse = .hold
    ) {
        self.cluster = cluster
        self.recoveryPoint = recoveryPoint
        self.whenRegionLost = whenRegionLost
    }
}

/// What to do about a clone whose source's home Region cannot be read.
public enum LostRegionResponse: String, Hashable, Sendable, CaseIterable {
    /// Make nothing: a younger backup may lie there.
    case hold
    /// Make it from the newest copy that can be read, and say how old its content is.
    case useNewestCopy
}
