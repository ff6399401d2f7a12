/// Removes an HSM.
///
/// The API also takes an interface or address; both can be re-used by a newcomer, so a plan always
/// names the id. Source: `API`; `UG:add-remove-hsm`.
public struct DeleteHSM: Hashable, Sendable {
    /// What tells the HSM from the others of its cluster; exactly one is given.
    public enum Target: Hashable, Sendable {
        /// Its id.
        case id(HSMID)
        /// Its network interface.
        case interface(ENIID)
        /// The IPv4 address of its interface.
        case address(String)
    }

    /// The cluster to remove from.
    public let cluster: ClusterID

    /// The HSM to remove.
    public let target: Target

    /// Describes the removal.
    ///
    /// - Parameters:
    ///   - cluster: The cluster to remove from.
    ///   - hsm: The HSM to remove.
    public init(cluster: ClusterID, hsm: HSMID) {
        self.init(cluster: cluster, target: .id(hsm))
    }

    /// Describes the removal of an HSM by any of its names.
    ///
    /// - Parameters:
    ///   - cluster: The cluster to remove from.
    ///   - target: The HSM to remove.
    public init(cluster: ClusterID, target: Target) {
        self.cluster = cluster
        self.target = target
    }

    /// The HSM's id, where it is named by it.
    public var hsm: HSMID? {
        if case .id(let id) = target { return id }
        return nil
    }

    /// The HSM that is meant, as a cluster lists it.
    ///
    /// - Parameter listed: The cluster.
    /// - Returns: The HSM, or `nil` if none has the name.
    public func hsm(in listed: Cluster) -> HSM? {
        listed.hsms.first { hsm in
            switch target {
            case .id(let id): hsm.id == id
            case .interface(let interface): hsm.eni == interface
            case .address(let address): hsm.address == address
            }
        }
    }

    /// Why the service would refuse the request.
    ///
    /// - Parameter target: The cluster as it is; `nil` if unknown.
    /// - Returns: The exception, or `nil` if the request is legal.
    public func refusal(on target: Cluster?) -> ServiceException? {
        guard let target, target.exists else { return .notFound(cluster) }
        guard !target.state.isBusy else { return .invalid("\(cluster) is \(target.state)") }
        guard let listed = hsm(in: target) else { return .notFound(self.target) }
        switch listed.state {
        case .active, .degraded: return nil
        case .createInProgress, .deleteInProgress, .unrecognised:
            // Unknown for CREATE_IN_PROGRESS; AWS's own sample waits (fact sheet, section 5).
            return .invalid("\(listed.id) is \(listed.state)")
        case .deleted: return .notFound(self.target)
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

extension DeleteHSM.Target: CustomStringConvertible {
    /// The id, interface or address.
    public var description: String {
        switch self {
        case .id(let id): id.description
        case .interface(let interface): interface.description
        case .address(let address): address
        }
    }
}
