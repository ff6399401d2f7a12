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

    /// The certificates to claim the cluster with.
    public var initialization: Located<DesiredInitialization>?

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

/// How many HSMs a cluster is to have.
public enum DesiredHSMs: Hashable, Sendable {
    /// So many in all, spread over the zones; 0 parks.
    case total(Int)
    /// So many in each zone; a mapped zone that is not named gets none.
    case perZone([AvailabilityZone: Int])

    /// How many in all.
    public var count: Int {
        switch self {
        case .total(let count): count
        case .perZone(let counts): counts.values.reduce(0, +)
        }
    }
}

/// What a manifest says of a cluster's own backups.
public struct DesiredBackups: Sendable {
    /// How long the service keeps them.
    public var retention: Located<RetentionPeriod>?

    /// How old the newest READY backup may become.
    public var maxAge: Located<Duration>?

    /// What to do when it is older.
    public var whenStale: StaleBackupResponse

    /// How many READY backups there must always be; absent means the hard floor of 1.
    public var keepAtLeast: Located<Int>?

    /// Manages nothing.
    public init() {
        whenStale = .report
    }

    /// How many READY backups must always be left, at least 1.
    public var floor: Int { max(keepAtLeast?.value ?? 1, 1) }
}

/// What to do about a stale backup.
public enum StaleBackupResponse: String, Hashable, Sendable, CaseIterable {
    /// Cause a new one by an HSM cycle.
    case force
    /// Say so.
    case report
}

/// What a manifest says of the copies in one Region.
public struct DesiredCopies: Sendable {
    /// The Region.
    public let region: Located<Region>

    /// How old the content of the newest READY copy may become.
    public var maxAge: Located<Duration>?

    /// After how many days of content age a copy is removed; absent means never.
    public var retentionDays: Located<Int>?

    /// How many READY copies there must always be; absent means 1.
    public var keepAtLeast: Located<Int>?

    /// Manages nothing in a Region.
    ///
    /// - Parameter region: The Region.
    public init(region: Located<Region>) {
        self.region = region
    }

    /// How many READY copies must always be left, at least 1.
    public var floor: Int { max(keepAtLeast?.value ?? 1, 1) }
}

/// A backup to keep by name.
public struct DesiredRecoveryPoint: Sendable {
    /// Its name, unique in the cluster.
    public let name: Located<String>

    /// Which backup it is.
    public let selector: Selector

    /// The Regions it is to be held in besides the home Region.
    public let regions: [Located<Region>]

    /// How a recovery point says which backup it is.
    public enum Selector: Hashable, Sendable {
        /// That one.
        case backup(BackupID)
        /// The newest taken before a moment.
        case takenBefore(Timestamp)
    }

    /// Describes a recovery point.
    ///
    /// - Parameters:
    ///   - name: Its name.
    ///   - selector: Which backup it is.
    ///   - regions: The Regions it is to be held in besides the home Region.
    public init(name: Located<String>, selector: Selector, regions: [Located<Region>] = []) {
        self.name = name
        self.selector = selector
        self.regions = regions
    }
}

/// Material that was removed on the HSMs and must go from every backup.
public struct DesiredPurge: Hashable, Sendable {
    /// When the owner had removed it.
    public let materialRemovedAt: Timestamp

    /// Why.
    public let reason: String

    /// Describes a purge.
    ///
    /// - Parameters:
    ///   - materialRemovedAt: When the owner had removed it.
    ///   - reason: Why.
    public init(materialRemovedAt: Timestamp, reason: String) {
        self.materialRemovedAt = materialRemovedAt
        self.reason = reason
    }
}

/// What a clone is made from.
public struct DesiredSource: Hashable, Sendable {
    /// The name of the cluster whose backup it is.
    public let cluster: String

    /// The recovery point; absent means the newest READY backup.
    public let recoveryPoint: String?

    /// Describes a clone's source.
    ///
    /// - Parameters:
    ///   - cluster: The name of the cluster whose backup it is.
    ///   - recoveryPoint: The recovery point.
    public init(cluster: String, recoveryPoint: String?) {
        self.cluster = cluster
        self.recoveryPoint = recoveryPoint
    }
}

/// The certificates to claim a cluster with.
public struct DesiredInitialization: Hashable, Sendable {
    /// The cluster's signed certificate.
    public let certificate: CertificateFile

    /// The certificate that signed it.
    public let trustAnchor: CertificateFile

    /// Names both files.
    ///
    /// - Parameters:
    ///   - certificate: The cluster's signed certificate.
    ///   - trustAnchor: The certificate that signed it.
    public init(certificate: CertificateFile, trustAnchor: CertificateFile) {
        self.certificate = certificate
        self.trustAnchor = trustAnchor
    }
}

/// A certificate file that a manifest names.
public struct CertificateFile: Hashable, Sendable {
    /// The path as resolved against the manifest.
    public let path: String

    /// The PEM text; `nil` while the file is not there, as before the request can be signed.
    public let content: String?

    /// Describes a file.
    ///
    /// - Parameters:
    ///   - path: The path as resolved.
    ///   - content: The PEM text, if the file is there.
    public init(path: String, content: String?) {
        self.path = path
        self.content = content
    }
}

/// Whether a cluster is to be there.
public enum Presence: Hashable, Sendable {
    /// It is.
    case present
    /// It is to be deleted, for a reason.
    case absent(reason: String)
}
