internal import CloudHSM

/// The ARNs that follow from account, Region and id, compared as bytes.
///
/// Source: Service Authorization Reference (`SAR`):
/// `arn:<partition>:cloudhsm:<region>:<account>:backup/<id>`.
struct BackupARNs {
    private var account: AccountID?
    private var region: Region?
    private var start: [UInt8] = []

    /// Turns to the backups of an account.
    mutating func begin(account: AccountID) {
        guard self.account != account else { return }
        self.account = account
        region = nil
    }

    /// Whether an ARN is the one that follows from the rest.
    ///
    /// - Parameters:
    ///   - arn: The ARN as it stands in a file.
    ///   - region: The Region the backup lies in.
    ///   - id: The backup's id as it stands in the same file.
    /// - Returns: Whether nothing needs to be kept of the ARN.
    mutating func isUsual(
        _ arn: UnsafeBufferPointer<UInt8>,
        region: Region,
        id: UnsafeBufferPointer<UInt8>
    ) -> Bool {
        if self.region != region, let account {
            self.region = region
            start = Array(Self.start(account: account, region: region).utf8)
        }
        guard arn.count == start.count + id.count else { return false }
        return UnsafeBufferPointer(rebasing: arn[..<start.count]).isSame(as: start)
            && UnsafeBufferPointer(rebasing: arn[start.count...]).isSame(as: id)
    }

    /// The ARN of a backup.
    static func arn(of id: BackupID, in region: Region, account: AccountID) -> String {
        start(account: account, region: region) + id.description
    }

    private static func start(account: AccountID, region: Region) -> String {
        "arn:\((region.partition ?? .aws).rawValue):cloudhsm:\(region):\(account):backup/"
    }
}
