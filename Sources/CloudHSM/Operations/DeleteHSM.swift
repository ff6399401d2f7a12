/// Removes an HSM.
///
/// The API also takes an interface or address; both can be re-used by a newcomer, so here it is
/// always the id. Source: `API`; `UG:add-remove-hsm`.
public struct DeleteHSM: Hashable, Sendable {
    /// The cluster to remove from.
    public let cluster: ClusterID

    /// The HSM to remove.
    public let hsm: HSMID

    /// Describes the removal.
    ///
    /// - Parameters:
    ///   - cluster: The cluster to remove from.
    ///   - hsm: The HSM to remove.
    public init(cluster: ClusterID, hsm: HSMID) {
        self.cluster = cluster
        self.hsm = hsm
    }

    /// Why the service would refuse the request.
    ///
    /// - Parameter target: The cluster as it is; `nil` if unknown.
    /// - Returns: The exception, or `nil` if the request is legal.
    public func refusal(on target: Cluster?) -> ServiceException? {
        guard let target, target.exists else { return .notFound(cluster) }
        guard !target.state.isBusy else { return .invalid("\(cluster) is \(target.state)") }
        guard let listed = target.hsms.first(where: { $0.id == hsm }) else { return .notFound(hsm) }
        switch listed.state {
        case .active, .degraded: return nil
        case .createInProgress, .deleteInProgress, .unrecognised:
            // Unknown for CREATE_IN_PROGRESS; AWS's own sample waits (fact sheet, section 5).
            return .invalid("\(hsm) is \(listed.state)")
        case .deleted: return .notFound(hsm)
        }
    }

    /// Whether the service backs the cluster up because of the call.
    ///
    /// It does when an active HSM is there to be backed up, the one to be removed included; where
    /// only DEGRADED ones are left nothing can be read. Source: `S`; fact sheet, sections 5 and 7.
    ///
    /// - Parameter target: The cluster as it is.
    /// - Returns: Whether a backup follows.
    public static func causesBackup(on target: Cluster) -> Bool {
        target.state == .active && !target.healthyHSMs.isEmpty
    }
}
