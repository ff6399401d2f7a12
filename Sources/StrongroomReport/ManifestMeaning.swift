internal import CloudHSM
public import StrongroomModel

/// What manifests mean, apart from where and how it is written: the part of a plan's binding that
/// says which manifests it was made from.
///
/// Comments, layout and the order of files do not count; neither do paths, which differ from
/// machine to machine. What lies behind a path does: the certificates' texts, and the state
/// directory's lineage, which a binding names of its own.
public struct ManifestMeaning: Encodable {
    private let name: String
    private let service: ServiceKind
    private let accounts: [Account]
    private let regions: [Region]
    private let safety: SafetyMeaning
    private let quotas: [Int]
    private let clusters: [ClusterMeaning]

    /// Takes the meaning of a fleet's manifests.
    ///
    /// - Parameter fleet: What the manifests say.
    public init(_ fleet: DesiredFleet) {
        name = fleet.name.value
        service = fleet.service
        accounts = fleet.accounts.map(Account.init)
        regions = fleet.regions
        safety = SafetyMeaning(fleet.safety)
        quotas = [fleet.quotas.clusters, fleet.quotas.hsms]
        clusters = fleet.clusters.map(ClusterMeaning.init)
    }

    /// SHA-256 over the meaning, 64 hexadecimal digits.
    public var sha256: String { CanonicalJSON.digest(of: self) }

    private struct Account: Encodable {
        let name: String
        let id: AccountID
        let roleARN: String?
        let externalID: String?

        init(_ account: DesiredAccount) {
            name = account.name
            id = account.id
            roleARN = account.roleARN
            externalID = account.externalID
        }
    }

    private struct SafetyMeaning: Encodable {
        let deletionsPerRun: Int
        let deletionsPerDay: Int
        let deletionRatio: String
        let creationsPerHour: Int
        let freeze: FreezeMeaning?

        init(_ safety: Safety) {
            deletionsPerRun = safety.deletionsPerRun
            deletionsPerDay = safety.deletionsPerDay
            deletionRatio = safety.deletionRatio.description
            creationsPerHour = safety.creationsPerHour
            freeze = safety.freeze.map(FreezeMeaning.init)
        }
    }
}

/// Until when nothing is changed, and why.
private struct FreezeMeaning: Encodable {
    let until: Timestamp
    let reason: String

    init(_ freeze: Freeze) {
        until = freeze.until
        reason = freeze.reason
    }
}

/// What the manifest of one cluster means.
private struct ClusterMeaning: Encodable {
    let name: String
    let labels: [String: String]
    let region: Region
    let account: AccountID
    let clusterID: ClusterID?
    let hsmType: HSMType?
    let mode: ClusterMode?
    let networkType: NetworkType?
    let subnets: [String: SubnetID]?
    let tags: [String: String]?
    let hsms: [String: Int]?
    let backups: Backups
    let copies: [Copies]
    let recoveryPoints: [Point]
    let purge: Purge?
    let restoreFrom: Source?
    let resumeFrom: BackupID?
    let certificates: [String?]?
    let ensure: [String]
    let freeze: FreezeMeaning?

    init(_ cluster: DesiredCluster) {
        name = cluster.name.value
        labels = cluster.labels
        region = cluster.region.value
        account = cluster.account.id
        clusterID = cluster.clusterID?.value
        hsmType = cluster.hsmType?.value
        mode = cluster.mode?.value
        networkType = cluster.networkType?.value
        subnets = cluster.subnets.map { $0.value.byName }
        tags = cluster.tags?.value
        hsms = cluster.hsms?.value.byName
        backups = Backups(cluster.backups)
        copies = cluster.copies.map(Copies.init)
        recoveryPoints = cluster.recoveryPoints.map(Point.init)
        purge = cluster.purge.map { Purge($0.value) }
        restoreFrom = cluster.restoreFrom.map { Source($0.value) }
        resumeFrom = cluster.resumeFrom?.value
        certificates = cluster.initialization.map {
            [$0.value.certificate, $0.value.trustAnchor].map { file in
                file.content.map { SHA256Text.digest(of: $0.utf8) }
            }
        }
        ensure = cluster.ensure.value.words
        freeze = cluster.freeze.map(FreezeMeaning.init)
    }

    struct Backups: Encodable {
        let retentionDays: Int?
        let maxAgeSeconds: Int64?
        let whenStale: String
        let keepAtLeast: Int?

        init(_ backups: DesiredBackups) {
            retentionDays = backups.retention?.value.days
            maxAgeSeconds = backups.maxAge?.value.components.seconds
            whenStale = backups.whenStale.rawValue
            keepAtLeast = backups.keepAtLeast?.value
        }
    }

    struct Copies: Encodable {
        let region: Region
        let maxAgeSeconds: Int64?
        let retentionDays: Int?
        let keepAtLeast: Int?

        init(_ copies: DesiredCopies) {
            region = copies.region.value
            maxAgeSeconds = copies.maxAge?.value.components.seconds
            retentionDays = copies.retentionDays?.value
            keepAtLeast = copies.keepAtLeast?.value
        }
    }

    struct Point: Encodable {
        let name: String
        let selector: [String]
        let regions: [Region]

        init(_ point: DesiredRecoveryPoint) {
            name = point.name.value
            selector = point.selector.words
            regions = point.regions.map(\.value)
        }
    }

    struct Purge: Encodable {
        let materialRemovedAt: Timestamp
        let reason: String
        let includePinned: Bool

        init(_ purge: DesiredPurge) {
            materialRemovedAt = purge.materialRemovedAt
            reason = purge.reason
            includePinned = purge.includePinned
        }
    }

    struct Source: Encodable {
        let cluster: String
        let recoveryPoint: String?
        let whenRegionLost: String

        init(_ source: DesiredSource) {
            cluster = source.cluster
            recoveryPoint = source.recoveryPoint
            whenRegionLost = source.whenRegionLost.rawValue
        }
    }
}

extension [AvailabilityZone: SubnetID] {
    fileprivate var byName: [String: SubnetID] {
        reduce(into: [:]) { $0[$1.key.description] = $1.value }
    }
}

extension DesiredHSMs {
    fileprivate var byName: [String: Int] {
        switch self {
        case .total(let count): ["total": count]
        case .perZone(let counts): counts.reduce(into: [:]) { $0[$1.key.description] = $1.value }
        }
    }
}

extension DesiredRecoveryPoint.Selector {
    fileprivate var words: [String] {
        switch self {
        case .backup(let id): ["backup", id.description]
        case .takenBefore(let moment): ["takenBefore", moment.description]
        case .takenAfter(let moment): ["takenAfter", moment.description]
        case .newest: ["newest"]
        }
    }
}

extension Presence {
    fileprivate var words: [String] {
        switch self {
        case .present: ["present"]
        case .absent(let reason, let finalBackup): ["absent", reason, finalBackup.rawValue]
        }
    }
}
