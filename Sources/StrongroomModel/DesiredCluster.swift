public import CloudHSM

/// What one manifest says of a cluster.
///
/// An absent field is unmanaged, never a default.
public struct DesiredCluster: Sendable {
    /// A label for people, unique in the fleet; identity is the cluster id.
    public let name: Located<String>

    /// Labels for selection.
    public let labels: [String: String]

    /// Where the cluster lives.
    public let region: Located<Region>

    /// The account it lives in.
    public let account: DesiredAccount

    /// The existing cluster to adopt.
    public var clusterID: Located<ClusterID>?

    /// The HSMs' type.
    public var hsmType: Located<HSMType>?

    /// The mode, fixed at creation.
    public var mode: Located<ClusterMode>?

    /// The network type, fixed at creation.
    public var networkType: Located<NetworkType>?

    /// Zone to subnet, fixed at creation.
    public var subnets: Located<[AvailabilityZone: SubnetID]>?

    /// Tags to have; others are left alone.
    public var tags: Located<[String: String]>?

    /// How many HSMs.
    public var hsms: Located<DesiredHSMs>?

    /// Retention, freshness and floor.
    public var backups: DesiredBackups

    /// Copies in other Regions, in the order written.
    public var copies: [DesiredCopies]

    /// Backups to keep by name, in the order written.
    public var recoveryPoints: [DesiredRecoveryPoint]

    /// Material whose backups must go.
    public var purge: Located<DesiredPurge>?

    /// What to clone at creation.
    public var restoreFrom: Located<DesiredSource>?

    /// The older backup that a parked cluster may be resumed from, its newest being gone.
    public var resumeFrom: Located<BackupID>?

    /// The certificates to claim the cluster with.
    public var initialization: Located<DesiredInitialization>?

    /// Until when nothing of the cluster is changed.
    public var freeze: Freeze?

    /// Whether the cluster is to be there.
    public var ensure: Located<Presence>

    /// Describes a cluster of which only name and place are managed.
    ///
    /// - Parameters:
    ///   - name: A label for people.
    ///   - labels: Labels for selection.
    ///   - region: Where it lives.
    ///   - account: The account it lives in.
    public init(
        name: Located<String>,
        labels: [String: String] = [:],
        region: Located<Region>,
        account: DesiredAccount
    ) {
        self.name = name
        self.labels = labels
        self.region = region
        self.account = account
        backups = DesiredBackups()
        copies = []
        recoveryPoints = []
        ensure = Located(.present, at: name.location)
    }

    /// The account and Region it lives in.
    public var home: Place { Place(account: account.id, region: region.value) }
}
