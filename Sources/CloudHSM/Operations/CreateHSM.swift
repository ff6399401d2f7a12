/// Adds an HSM in one of a cluster's zones.
///
/// Source: `API`; `UG:add-remove-hsm`; `UG+:hsm1-to-hsm2-migration` (refused during a change of
/// type); terraform-provider-aws issue 7437 (one HSM before activation).
public struct CreateHSM: Hashable, Sendable {
    /// The cluster to add to.
    public let cluster: ClusterID

    /// Where to add.
    public let zone: AvailabilityZone

    /// A free address of the zone's subnet, or `nil` to let the service choose.
    public let address: String?

    /// Describes the HSM to add.
    ///
    /// - Parameters:
    ///   - cluster: The cluster to add to.
    ///   - zone: Where to add.
    ///   - address: A free address, or `nil`.
    public init(cluster: ClusterID, zone: AvailabilityZone, address: String? = nil) {
        self.cluster = cluster
        self.zone = zone
        self.address = address
    }

    /// Why the service would refuse the request, quotas per account aside.
    ///
    /// - Parameter target: The cluster as it is; `nil` if unknown.
    /// - Returns: The exception, or `nil` if the request is legal.
    public func refusal(on target: Cluster?) -> ServiceException? {
        guard let target, target.exists else { return .notFound(cluster) }
        if let refusal = stateRefusal(on: target) { return refusal }
        guard target.subnets[zone] != nil else {
            return .invalid("\(cluster) has no subnet in \(zone)")
        }
        guard target.presentHSMs.count < Quotas.hsmsPerCluster else {
            return .invalid("\(cluster) has \(Quotas.hsmsPerCluster) HSMs, the most there can be")
        }
        return nil
    }

    private func stateRefusal(on target: Cluster) -> ServiceException? {
        switch target.state {
        case .active: return nil
        case .uninitialized, .initialized:
            guard target.presentHSMs.isEmpty else {
                return .invalid("\(cluster) already has an HSM and is not fully activated")
            }
            // Unknown; refusing is the safe reading (fact sheet, section 20, row 12).
            guard target.state == .uninitialized else {
                return .invalid("\(cluster) lost its HSM before it was activated")
            }
            return nil
        case .createInProgress, .initializeInProgress, .updateInProgress, .modifyInProgress,
            .rollbackInProgress, .deleteInProgress, .deleted, .degraded, .unrecognised:
            return .invalid("\(cluster) is \(target.state)")
        }
    }

    /// Whether the service backs the cluster up because of the call.
    ///
    /// It does when an active HSM is there to copy from; 0 → 1 restores instead.
    /// Source: `S`, `UG:add-remove-hsm`.
    ///
    /// - Parameter target: The cluster as it is.
    /// - Returns: Whether a backup follows.
    public static func causesBackup(on target: Cluster) -> Bool {
        target.state == .active && !target.healthyHSMs.isEmpty
    }
}
