/// What a clone is made from.
public struct DesiredSource: Hashable, Sendable {
    /// The name of the cluster whose backup it is.
    public let cluster: String

    /// The recovery point; absent means the newest READY backup.
    public let recoveryPoint: String?

    /// Describes a clone's source.
    ///
    /// - Parameters:
    ///   - cluster: The name of the cluster whose backup it is.
    ///   - recoveryPoint: The recovery point.
    public init(cluster: String, recoveryPoint: String?) {
        self.cluster = cluster
        self.recoveryPoint = recoveryPoint
    }
}
