internal import CloudHSM

/// A backup as answers hold it.
struct WireBackup: WireItem {
    static let memberName: WireKey = "Backup"
    static let listName: WireKey = "Backups"

    private let id: BackupID
    private let arn: String?
    private let state: BackupState
    private let cluster: ClusterID
    private let namesClusterOfCopy: Bool
    private let createdAt: Timestamp
    private let deletesAt: Timestamp?
    private let origin: CopyOrigin?
    private let mode: ClusterMode?
    private let neverExpires: Bool
    private let tags: [String: String]
    private let hsmType: HSMType?
    private let unknownFields: [String: JSONValue]

    private static let known: Set<WireKey> = [
        "BackupArn", "BackupId", "BackupState", "ClusterId", "CopyTimestamp", "CreateTimestamp",
        "DeleteTimestamp", "HsmType", "Mode", "NeverExpires", "SourceBackup", "SourceCluster",
        "SourceRegion", "TagList",
    ]

    init(from decoder: any Decoder) throws {
        let fields = try WireFields(decoder)
        id = try fields.required("BackupId")
        arn = try fields.value("BackupArn")
        state = try fields.required("BackupState")
        origin = try Self.origin(fields)
        // A copy belongs to its source's cluster, whatever ClusterId says of it (fact sheet,
        // section 10).
        let own: ClusterID? = try fields.value("ClusterId")
        let source: ClusterID? = try fields.value("SourceCluster")
        guard let cluster = source ?? own else { throw fields.fault("ClusterId", "it is missing") }
        self.cluster = cluster
        namesClusterOfCopy = origin != nil && own == cluster
        guard let createdAt = try fields.moment("CreateTimestamp") else {
            throw fields.fault("CreateTimestamp", "it is missing")
        }
        self.createdAt = createdAt
        deletesAt = try fields.moment("DeleteTimestamp")
        mode = try fields.word("Mode")
        neverExpires = try fields.value("NeverExpires") ?? false
        tags = try fields.value("TagList", as: WireTags.self)?.tags ?? [:]
        hsmType = try fields.value("HsmType")
        unknownFields = try fields.unknown(apartFrom: Self.known)
    }

    /// All four members of a copy's origin, or none (`API`).
    private static func origin(_ fields: WireFields) throws -> CopyOrigin? {
        let backup: BackupID? = try fields.value("SourceBackup")
        let region: Region? = try fields.value("SourceRegion")
        let cluster: ClusterID? = try fields.value("SourceCluster")
        let copiedAt = try fields.moment("CopyTimestamp")
        guard let backup, let region, cluster != nil, let copiedAt else {
            guard backup == nil, region == nil, cluster == nil, copiedAt == nil else {
                throw fields.fault("SourceBackup", "not all members of a copy's origin are there")
            }
            return nil
        }
        return CopyOrigin(backup: backup, region: region, copiedAt: copiedAt)
    }

    /// The backup, with the place it was listed in.
    func listed(_ arns: BackupARN) -> ListedBackup {
        let unusualARN = arn.flatMap { arns.isUsual($0, of: id) ? nil : $0 }
        let isPlain =
            tags.isEmpty && hsmType == nil && unusualARN == nil && !namesClusterOfCopy
            && unknownFields.isEmpty
        let details =
            isPlain
            ? nil
            : BackupDetails(
                tags: tags,
                hsmType: hsmType,
                unusualARN: unusualARN,
                copyNamesCluster: namesClusterOfCopy,
                unknownFields: unknownFields
            )
        let backup = Backup(
            id: id,
            region: arns.region,
            createdAt: createdAt,
            state: state,
            deletesAt: deletesAt,
            origin: origin,
            mode: mode,
            neverExpires: neverExpires,
            details: details
        )
        return ListedBackup(cluster: cluster, backup: backup)
    }
}

/// The ARNs of an account's backups in a Region.
struct BackupARN {
    let region: Region
    let account: AccountID?

    /// The ARN of a backup.
    func text(of id: BackupID) -> String {
        ResourceARN(.backup(id), account: account ?? .simulated, region: region).description
    }

    /// Whether an ARN says nothing that account, Region and id do not say.
    func isUsual(_ arn: String, of id: BackupID) -> Bool {
        if account != nil { return arn == text(of: id) }
        guard let read = ResourceARN(arn) else { return false }
        return read.backup == id && read.region == region
    }
}
