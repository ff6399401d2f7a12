/// Deletes a cluster that lists no HSM; its backups stay.
///
/// Source: `UG:delete-cluster`, `FIELD`.
public struct DeleteCluster: Hashable, Sendable {
    /// The cluster to delete.
    public let cluster: ClusterID

    /// Describes the deletion.
    ///
    /// - Parameter cluster: The cluster to delete.
    public init(cluster: ClusterID) {
        self.cluster = cluster
    }

    /// Why the service would refuse the request.
    ///
    /// - Parameter target: The cluster as it is; `nil` if unknown.
    /// - Returns: The exception, or `nil` if the request is legal.
    public func refusal(on target: Cluster?) -> ServiceException? {
        guard let target, target.exists else { return .notFound(cluster) }
        guard !target.state.isBusy else { return .invalid("\(cluster) is \(target.state)") }
        guard target.hsms.allSatisfy({ $0.state == .deleted }) else {
            return .invalid("\(cluster) still has HSMs")
        }
        return nil
    }
}
