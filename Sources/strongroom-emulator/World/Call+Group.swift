import CloudHSM
import StrongroomModel

extension Call {
    /// Whether the call only reads.
    var isReading: Bool {
        switch self {
        case .describeClusters, .describeBackups, .listTags, .getResourcePolicy: true
        case .createCluster, .initializeCluster, .modifyCluster, .deleteCluster, .createHSM,
            .deleteHSM, .modifyBackupAttributes, .deleteBackup, .restoreBackup, .copyBackup,
            .tagResource, .untagResource, .putResourcePolicy, .deleteResourcePolicy:
            false
        }
    }
}

extension Call {
    /// The group the call concerns, as far as it is known.
    ///
    /// - Parameters:
    ///   - place: Where the call goes.
    ///   - listings: What reads showed.
    /// - Returns: The group, for a clone that of its source; `nil` where the simulated service must
    ///   look for it itself.
    func group(at place: Place, in listings: Listings) -> GroupID? {
        switch self {
        case .initializeCluster(let call): call.cluster.group(at: place, in: listings)
        case .modifyCluster(let call): call.cluster.group(at: place, in: listings)
        case .deleteCluster(let call): call.cluster.group(at: place, in: listings)
        case .createHSM(let call): call.cluster.group(at: place, in: listings)
        case .deleteHSM(let call): call.cluster.group(at: place, in: listings)
        case .tagResource(let call): call.resource.group(at: place, in: listings)
        case .untagResource(let call): call.resource.group(at: place, in: listings)
        case .listTags(let call): call.resource.group(at: place, in: listings)
        case .modifyBackupAttributes(let call): call.backup.group(at: place, in: listings)
        case .deleteBackup(let call): call.backup.group(at: place, in: listings)
        case .restoreBackup(let call): call.backup.group(at: place, in: listings)
        case .copyBackup(let call): call.backup.group(at: place, in: listings)
        case .putResourcePolicy(let call): call.resource.backup?.group(at: place, in: listings)
        case .getResourcePolicy(let call): call.resource.backup?.group(at: place, in: listings)
        case .deleteResourcePolicy(let call): call.resource.backup?.group(at: place, in: listings)
        case .createCluster(let call): call.sourceBackup?.group(at: place, in: listings)
        case .describeClusters, .describeBackups: nil
        }
    }
}

extension TaggedResource {
    fileprivate func group(at place: Place, in listings: Listings) -> GroupID? {
        switch self {
        case .cluster(let id): id.group(at: place, in: listings)
        case .backup(let id): id.group(at: place, in: listings)
        }
    }
}

extension ClusterID {
    fileprivate func group(at place: Place, in listings: Listings) -> GroupID? {
        listings.known(GroupID(home: place, cluster: self))
    }
}

extension BackupID {
    fileprivate func group(at place: Place, in listings: Listings) -> GroupID? {
        listings.group(of: self, in: place.account)
    }
}

extension Answer {
    /// The group of the cluster that an answer shows.
    ///
    /// - Parameter place: Where the call went.
    /// - Returns: The group; `nil` if the answer shows no cluster.
    func clusterGroup(at place: Place) -> GroupID? {
        guard case .cluster(let cluster) = self else { return nil }
        return GroupID(home: place, cluster: cluster.id)
    }
}
