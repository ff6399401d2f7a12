/// One call on the service: its 18 operations.
///
/// There is no CreateBackup, no in-place restore and no change of subnets. Source: `API`, `S`.
public enum Call: Hashable, Sendable {
    /// Makes a cluster, empty or from a backup.
    case createCluster(CreateCluster)
    /// Lists clusters.
    case describeClusters(DescribeClusters)
    /// Claims a cluster with a certificate.
    case initializeCluster(InitializeCluster)
    /// Changes retention or type.
    case modifyCluster(ModifyCluster)
    /// Deletes a cluster without HSMs.
    case deleteCluster(DeleteCluster)
    /// Adds an HSM.
    case createHSM(CreateHSM)
    /// Removes an HSM.
    case deleteHSM(DeleteHSM)
    /// Lists backups.
    case describeBackups(DescribeBackups)
    /// Pins a backup against retention, or takes the pin off.
    case modifyBackupAttributes(ModifyBackupAttributes)
    /// Deletes a backup, restorable for seven days.
    case deleteBackup(DeleteBackup)
    /// Undoes the deletion of a backup.
    case restoreBackup(RestoreBackup)
    /// Copies a backup to another Region.
    case copyBackup(CopyBackup)
    /// Adds or changes tags.
    case tagResource(TagResource)
    /// Removes tags.
    case untagResource(UntagResource)
    /// Lists a resource's tags.
    case listTags(ListTags)
    /// Shares a backup with other accounts.
    case putResourcePolicy(PutResourcePolicy)
    /// Reads with whom a backup is shared.
    case getResourcePolicy(GetResourcePolicy)
    /// Ends the sharing of a backup.
    case deleteResourcePolicy(DeleteResourcePolicy)

    /// The operation's name in the API.
    public var operation: String {
        switch self {
        case .createCluster: "CreateCluster"
        case .describeClusters: "DescribeClusters"
        case .initializeCluster: "InitializeCluster"
        case .modifyCluster: "ModifyCluster"
        case .deleteCluster: "DeleteCluster"
        case .createHSM: "CreateHsm"
        case .deleteHSM: "DeleteHsm"
        case .describeBackups: "DescribeBackups"
        case .modifyBackupAttributes: "ModifyBackupAttributes"
        case .deleteBackup: "DeleteBackup"
        case .restoreBackup: "RestoreBackup"
        case .copyBackup: "CopyBackupToRegion"
        case .tagResource: "TagResource"
        case .untagResource: "UntagResource"
        case .listTags: "ListTags"
        case .putResourcePolicy: "PutResourcePolicy"
        case .getResourcePolicy: "GetResourcePolicy"
        case .deleteResourcePolicy: "DeleteResourcePolicy"
        }
    }
}

/// What the service answers to a ``Call`` it accepts.
public enum Answer: Hashable, Sendable {
    /// The cluster as it is now.
    case cluster(Cluster)
    /// A page of clusters and the token of the next, if there is one.
    case clusters([Cluster], nextToken: String?)
    /// Where initialisation stands.
    case initialization(state: ClusterState, message: String?)
    /// The HSM being created.
    case hsm(HSM)
    /// The id of the HSM being removed.
    case hsmID(HSMID)
    /// The backup as it is now.
    case backup(ListedBackup)
    /// A page of backups and the token of the next, if there is one.
    case backups([ListedBackup], nextToken: String?)
    /// The copy that was begun; it has no id yet.
    case destinationBackup(DestinationBackup)
    /// A page of tags and the token of the next, if there is one.
    case tags([String: String], nextToken: String?)
    /// The policy of a resource, `nil` if there is none; GetResourcePolicy does not repeat the ARN.
    case resourcePolicy(String?, of: ResourceARN?)
    /// Accepted, with nothing to say.
    case empty
}

/// A backup together with the cluster it belongs to.
public struct ListedBackup: Hashable, Sendable {
    /// The cluster, or for a copy the cluster its source belonged to.
    public let cluster: ClusterID

    /// The backup.
    public let backup: Backup

    /// Joins a backup and its cluster.
    ///
    /// - Parameters:
    ///   - cluster: The cluster, or for a copy the source's.
    ///   - backup: The backup.
    public init(cluster: ClusterID, backup: Backup) {
        self.cluster = cluster
        self.backup = backup
    }
}
