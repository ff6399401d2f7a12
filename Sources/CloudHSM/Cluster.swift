/// A cluster as the service describes it.
///
/// Source: `API`, shape `Cluster`.
///
/// The service can also return `PreCoPassword`, a secret: no reader keeps it.
public struct Cluster: Hashable, Sendable {
    /// Its id.
    public var id: ClusterID

    /// Its state.
    public var state: ClusterState

    /// The service's free text about the state: shown, never branched on.
    public var stateMessage: String?

    /// Its HSMs' type; the service may change it by itself (`UG+:hsm1-to-hsm2-migration`).
    public var hsmType: HSMType

    /// Until when a change of type can be rolled back.
    public var typeRollbackExpiration: Timestamp?

    /// Its mode, if the service says; fixed at creation.
    public var mode: ClusterMode?

    /// Its network type, if the service says; fixed at creation.
    public var networkType: NetworkType?

    /// Its VPC.
    public var vpc: String?

    /// Zone to subnet; fixed at creation.
    public var subnets: [AvailabilityZone: SubnetID]

    /// The security group the service made for it.
    public var securityGroup: String?

    /// How long its automatic backups live.
    public var retention: RetentionPolicy

    /// The backup it was made from.
    public var sourceBackup: BackupID?

    /// Its HSMs.
    public var hsms: [HSM]

    /// Its certificates by field name; `ClusterCsr` only while UNINITIALIZED.
    public var certificates: [String: String]

    /// When it was created.
    public var createdAt: Timestamp?

    /// Its tags.
    public var tags: [String: String]

    /// Fields this version does not know, kept as they came.
    public var unknownFields: [String: JSONValue]

    /// Describes a cluster.
    ///
    /// - Parameters:
    ///   - id: Its id.
    ///   - state: Its state.
    ///   - hsmType: Its HSMs' type.
    ///   - subnets: Zone to subnet.
    ///   - retention: How long its automatic backups live.
    public init(
        id: ClusterID,
        state: ClusterState,
        hsmType: HSMType,
        subnets: [AvailabilityZone: SubnetID],
        retention: RetentionPolicy
    ) {
        self.id = id
        self.state = state
        self.hsmType = hsmType
        self.subnets = subnets
        self.retention = retention
        hsms = []
        certificates = [:]
        tags = [:]
        unknownFields = [:]
    }
}

extension Cluster {
    /// The HSMs that bill and use quota, in the order listed.
    public var presentHSMs: [HSM] { hsms.filter(\.state.isPresent) }

    /// The HSMs in service, in the order listed.
    public var healthyHSMs: [HSM] { hsms.filter { $0.state == .active } }

    /// The certificate signing request to be signed, while there is one.
    public var signingRequest: String? { certificates["ClusterCsr"] }

    /// Whether the cluster still exists as far as the service says.
    public var exists: Bool { state != .deleted }

    /// Whether an officer has activated it, as far as its state tells.
    public var isActivated: Bool {
        switch state {
        case .active, .modifyInProgress, .rollbackInProgress, .updateInProgress: true
        case .createInProgress, .uninitialized, .initializeInProgress, .initialized,
            .deleteInProgress, .deleted, .degraded, .unrecognised:
            false
        }
    }
}
