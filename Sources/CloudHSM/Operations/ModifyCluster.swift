/// Changes a cluster's retention policy or its HSMs' type, one of the two in a call.
///
/// Source: `API`; `UG:manage-backup-retention`; `UG+:hsm1-to-hsm2-migration`.
/// Both together, or outside ACTIVE, is unknown and refused here (fact sheet, 20, row 15).
public struct ModifyCluster: Hashable, Sendable {
    /// What to change.
    public enum Change: Hashable, Sendable {
        /// The retention policy; the service may sweep at once.
        case retention(RetentionPeriod)
        /// The type, in one direction; or the old type again, before the deadline.
        case hsmType(HSMType)
    }

    /// The cluster to change.
    public let cluster: ClusterID

    /// What to change.
    public let change: Change

    /// Describes the change.
    ///
    /// - Parameters:
    ///   - cluster: The cluster to change.
    ///   - change: What to change.
    public init(cluster: ClusterID, change: Change) {
        self.cluster = cluster
        self.change = change
    }

    /// Why the service would refuse the request.
    ///
    /// - Parameters:
    ///   - target: The cluster as it is; `nil` if unknown.
    ///   - now: The service's clock, for the deadline of a rollback.
    /// - Returns: The exception, or `nil` if the request is legal.
    public func refusal(on target: Cluster?, at now: Timestamp) -> ServiceException? {
        guard let target, target.exists else { return .notFound(cluster) }
        switch change {
        case .retention:
            guard target.state == .active else {
                return .invalid("\(cluster) is \(target.state), not ACTIVE")
            }
            return nil
        case .hsmType(let type): return typeRefusal(to: type, on: target, at: now)
        }
    }

    private func typeRefusal(
        to type: HSMType,
        on target: Cluster,
        at now: Timestamp
    ) -> ServiceException? {
        if isRollback(to: type, of: target, at: now) { return nil }
        guard target.state == .active else {
            return .invalid("\(cluster) is \(target.state), not ACTIVE")
        }
        guard target.hsmType == .hsm1Medium, type == .hsm2mMedium else {
            return .invalid("\(target.hsmType) cannot become \(type)")
        }
        guard target.presentHSMs.count <= Quotas.hsmsDuringTypeChange else {
            return .invalid(
                "a change of type needs at most \(Quotas.hsmsDuringTypeChange) HSMs"
            )
        }
        return nil
    }

    /// Whether the request takes a change of type back in time.
    ///
    /// - Parameters:
    ///   - type: The type asked for.
    ///   - target: The cluster as it is.
    ///   - now: The service's clock.
    /// - Returns: Whether the old type is asked for before the deadline.
    public func isRollback(to type: HSMType, of target: Cluster, at now: Timestamp) -> Bool {
        guard let deadline = target.typeRollbackExpiration, now < deadline else { return false }
        return type == .hsm1Medium && (target.state == .active || target.state == .modifyInProgress)
    }
}
