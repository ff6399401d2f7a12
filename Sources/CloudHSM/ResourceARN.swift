/// The ARN of a cluster, an HSM or a backup, which names the account and Region as well.
///
/// `arn:aws[-us-gov]:cloudhsm:<region>:<12 digits>:backup/backup-...`, and so on.
/// Source: `API`, pattern of `CloudHsmArn`; `SAR`.
public struct ResourceARN: Hashable, Sendable, LosslessStringConvertible, TextCodable {
    /// What an ARN names.
    public enum Resource: Hashable, Sendable {
        /// A cluster.
        case cluster(ClusterID)
        /// An HSM.
        case hsm(HSMID)
        /// A backup.
        case backup(BackupID)
    }

    /// The Region the resource lies in.
    public let region: Region

    /// The account that owns the resource.
    public let account: AccountID

    /// The resource.
    public let resource: Resource

    /// Names a resource.
    ///
    /// - Parameters:
    ///   - resource: The resource.
    ///   - account: The account that owns it.
    ///   - region: The Region it lies in.
    public init(_ resource: Resource, account: AccountID, region: Region) {
        self.resource = resource
        self.account = account
        self.region = region
    }

    /// Reads an ARN; `nil` if the service has none like it, or if its Region lies in another
    /// partition.
    ///
    /// - Parameter text: The whole ARN.
    public init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard
            parts.count == 6, parts[0] == "arn", parts[2] == "cloudhsm",
            let region = Region(String(parts[3])), let partition = region.partition,
            partition.rawValue == parts[1], let account = AccountID(String(parts[4])),
            let resource = Resource(parts[5])
        else { return nil }
        self.init(resource, account: account, region: region)
    }

    /// The ARN as the service writes it.
    public var description: String {
        let partition = (region.partition ?? .aws).rawValue
        return "arn:\(partition):cloudhsm:\(region):\(account):\(resource)"
    }
}

extension ResourceARN.Resource: CustomStringConvertible {
    fileprivate init?(_ text: Substring) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        if parts[0] == "cluster", let id = ClusterID(parts[1]) {
            self = .cluster(id)
        } else if parts[0] == "hsm", let id = HSMID(parts[1]) {
            self = .hsm(id)
        } else if parts[0] == "backup", let id = BackupID(parts[1]) {
            self = .backup(id)
        } else {
            return nil
        }
    }

    /// The last part of the ARN.
    public var description: String {
        switch self {
        case .cluster(let id): "cluster/\(id)"
        case .hsm(let id): "hsm/\(id)"
        case .backup(let id): "backup/\(id)"
        }
    }
}
