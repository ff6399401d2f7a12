/// Makes a cluster with no HSM: empty, or as a clone of a backup.
///
/// Source: `API`; `UG:create-cluster`; `UG:create-cluster-from-backup`.
public struct CreateCluster: Hashable, Sendable {
    /// The HSMs' type.
    public let hsmType: HSMType

    /// Zone to subnet, 1 to 10.
    ///
    /// The wire carries only the subnets; their zones are what EC2 knows.
    public let subnets: [AvailabilityZone: SubnetID]

    /// The mode; always sent, because the API's default is unknown (fact sheet, 20, row 10).
    public let mode: ClusterMode

    /// The network type.
    public let networkType: NetworkType

    /// The retention period; a clone does not inherit its source's.
    public let retention: RetentionPeriod

    /// The backup to clone; it must lie in the same Region.
    public let sourceBackup: BackupID?

    /// Tags from the first moment on.
    public let tags: [String: String]

    /// Describes the cluster to make.
    ///
    /// - Parameters:
    ///   - hsmType: The HSMs' type.
    ///   - subnets: Zone to subnet, 1 to 10.
    ///   - mode: The mode.
    ///   - networkType: The network type.
    ///   - retention: The retention period.
    ///   - sourceBackup: The backup to clone, if any.
    ///   - tags: Tags from the first moment on.
    public init(
        hsmType: HSMType,
        subnets: [AvailabilityZone: SubnetID],
        mode: ClusterMode,
        networkType: NetworkType = .ipv4,
        retention: RetentionPeriod = .serviceDefault,
        sourceBackup: BackupID? = nil,
        tags: [String: String] = [:]
    ) {
        self.hsmType = hsmType
        self.subnets = subnets
        self.mode = mode
        self.networkType = networkType
        self.retention = retention
        self.sourceBackup = sourceBackup
        self.tags = tags
    }

    /// Why the service would refuse the request, quotas aside.
    ///
    /// - Parameter source: The source backup as it is in the cluster's Region; `nil` if unknown
    ///   there or none is asked for.
    /// - Returns: The exception, or `nil` if the request is legal.
    public func refusal(cloning source: Backup?) -> ServiceException? {
        guard (1...10).contains(subnets.count) else {
            return .invalid("a cluster needs 1 to 10 subnets, not \(subnets.count)")
        }
        guard Set(subnets.keys.map(\.region)).count == 1 else {
            return .invalid("the subnets of a cluster lie in one Region")
        }
        if let refusal = HardwareFit.refusal(type: hsmType, mode: mode, network: networkType) {
            return refusal
        }
        if let refusal = TagLimits.refusal(of: tags) { return refusal }
        guard let sourceBackup else { return nil }
        guard let source else { return .notFound(sourceBackup) }
        return CloneFit.refusal(of: source, for: self)
    }
}

/// Which type, mode and network type go together.
///
/// Source: fact sheet, section 15.
public enum HardwareFit {
    /// Why the service would refuse a new cluster of that make.
    ///
    /// - Parameters:
    ///   - type: The HSMs' type.
    ///   - mode: The mode.
    ///   - network: The network type.
    /// - Returns: The exception, or `nil` if they fit.
    public static func refusal(
        type: HSMType,
        mode: ClusterMode,
        network: NetworkType
    ) -> ServiceException? {
        guard type.isOffered else {
            return .invalid("new clusters of type \(type) are not supported")
        }
        guard type.modes.contains(mode) else {
            return .invalid("\(type) has no mode \(mode.rawValue)")
        }
        guard network == .ipv4 || type.supportsDualStack else {
            return .invalid("\(type) has no network type \(network.rawValue)")
        }
        return nil
    }
}

/// Which backup can become which cluster.
///
/// Source: `UG+:cluster-hsm-types`, `UG+:hsm-types`.
public enum CloneFit {
    /// Why the service would refuse to build the cluster from the backup.
    ///
    /// - Parameters:
    ///   - source: The backup, in the cluster's Region.
    ///   - request: The cluster asked for.
    /// - Returns: The exception, or `nil` if they fit.
    public static func refusal(
        of source: Backup,
        for request: CreateCluster
    ) -> ServiceException? {
        guard source.isReady else {
            return .invalid("\(source.id) is \(source.state), not READY")
        }
        guard source.mode == nil || source.mode == request.mode else {
            return .invalid("\(source.id) was taken in another mode than \(request.mode.rawValue)")
        }
        guard let type = source.hsmType, !type.restores(on: request.hsmType) else { return nil }
        return .invalid("\(source.id) of \(type) cannot be restored on \(request.hsmType)")
    }
}
