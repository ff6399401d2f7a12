public import CloudHSM

/// A cluster to make, as a file holds it.
public struct PlannedCluster: Hashable, Sendable, Codable {
    /// The HSMs' type.
    public let hsmType: HSMType

    /// The mode.
    public let mode: ClusterMode

    /// The network type.
    public let networkType: NetworkType

    /// The retention period, in days.
    public let retentionDays: Int

    /// Zone to subnet.
    public let subnets: [String: SubnetID]

    /// The backup to clone.
    public let sourceBackup: BackupID?

    /// Tags from the first moment on.
    public let tags: [String: String]

    init(_ request: CreateCluster) {
        hsmType = request.hsmType
        mode = request.mode
        networkType = request.networkType
        retentionDays = request.retention.days
        let subnets = request.subnets.map { ($0.key.description, $0.value) }
        self.subnets = Dictionary(subnets) { first, _ in first }
        sourceBackup = request.sourceBackup
        tags = request.tags
    }
}
