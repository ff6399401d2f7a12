internal import CloudHSM

/// A backup as answers hold it.
struct WireBackup: WireObject {
    private var id: BackupID?
    private var arn: String?
    private var state: BackupState?
    private var ownCluster: ClusterID?
    private var sourceCluster: ClusterID?
    private var sourceBackup: BackupID?
    private var sourceRegion: Region?
    private var copiedAt: Timestamp?
    private var createdAt: Timestamp?
    private var deletesAt: Timestamp?
    private var mode: ClusterMode?
    private var neverExpires = false
    private var tags: [String: String] = [:]
    private var hsmType: HSMType?
    private var unknown: [String: JSONValue] = [:]

    init() {}

    mutating func take(_ name: JSONName, _ reader: inout JSONReader) throws(WireError) {
        switch name {
        case "BackupArn": arn = try reader.text()
        case "BackupId": id = try reader.text("a backup's id") { BackupID(utf8: $0) }
        case "BackupState":
            state = try reader.text("a state") { utf8 in
                utf8.isSame(as: "READY")
                    ? .ready : BackupState(String(decoding: utf8, as: UTF8.self))
            }
        case "ClusterId": ownCluster = try reader.text("a cluster's id") { ClusterID(utf8: $0) }
        case "CopyTimestamp": copiedAt = try reader.moment()
        case "CreateTimestamp": createdAt = try reader.moment()
        case "DeleteTimestamp": deletesAt = try reader.moment()
        case "HsmType":
            hsmType = try reader.text("an HSM type") { utf8 in
                utf8.isSame(as: "hsm2m.medium")
                    ? .hsm2mMedium : HSMType(String(decoding: utf8, as: UTF8.self))
            }
        case "Mode": mode = try reader.word()
        case "NeverExpires": neverExpires = try reader.flag()
        case "SourceBackup": sourceBackup = try reader.text("a backup's id") { BackupID(utf8: $0) }
        case "SourceCluster":
            sourceCluster = try reader.text("a cluster's id") { ClusterID(utf8: $0) }
        case "SourceRegion": sourceRegion = try reader.text("a Region") { Region(utf8: $0) }
        case "TagList": tags = try reader.tags()
        default: try reader.keep(name, in: &unknown)
        }
    }

    /// All four members of a copy's origin, or none (`API`).
    private func origin() throws(WireError) -> CopyOrigin? {
        guard let sourceBackup, let sourceRegion, sourceCluster != nil, let copiedAt else {
            guard
                sourceBackup == nil, sourceRegion == nil, sourceCluster == nil, copiedAt == nil
            else { throw WireError("SourceBackup", "and the rest of a copy's origin is not whole") }
            return nil
        }
        return CopyOrigin(backup: sourceBackup, region: sourceRegion, copiedAt: copiedAt)
    }

    /// The backup, with the place it was listed in.
    func listed(_ arns: BackupARN) throws(WireError) -> ListedBackup {
        let id = try id.required("BackupId")
        let state = try state.required("BackupState")
        let origin = try origin()
        // A copy belongs to its source's cluster, whatever ClusterId says of it (fact sheet,
        // section 10).
        let cluster = try (sourceCluster ?? ownCluster).required("ClusterId")
        let backup = Backup(
            id: id,
            region: arns.region,
            createdAt: try createdAt.required("CreateTimestamp"),
            state: state,
            deletesAt: deletesAt,
            origin: origin,
            mode: mode,
            neverExpires: neverExpires,
            details: details(
                unusualARN: arn.flatMap { arns.isUsual($0, of: id) ? nil : $0 },
                copyNamesCluster: origin != nil && ownCluster == cluster
            )
        )
        return ListedBackup(cluster: cluster, backup: backup)
    }

    private func details(unusualARN: String?, copyNamesCluster: Bool) -> BackupDetails? {
        let isPlain =
            tags.isEmpty && hsmType == nil && unusualARN == nil && !copyNamesCluster
            && unknown.isEmpty
        guard !isPlain else { return nil }
        return BackupDetails(
            tags: tags,
            hsmType: hsmType,
            unusualARN: unusualARN,
            copyNamesCluster: copyNamesCluster,
            unknownFields: unknown
        )
    }
}

/// The ARNs of an account's backups in a Region.
struct BackupARN {
    let region: Region
    let account: AccountID?
    private let prefix: String

    init(region: Region, account: AccountID?) {
        self.region = region
        self.account = account
        let partition = (region.partition ?? .aws).rawValue
        prefix = "arn:\(partition):cloudhsm:\(region):\(account ?? .simulated):backup/"
    }

    /// The ARN of a backup.
    func text(of id: BackupID) -> String { prefix + id.description }

    /// Whether an ARN says nothing that account, Region and id do not say.
    func isUsual(_ arn: String, of id: BackupID) -> Bool {
        if account != nil { return arn == text(of: id) }
        guard let read = ResourceARN(arn) else { return false }
        return read.backup == id && read.region == region
    }
}
