internal import CloudHSM

/// The ARNs that follow from account, Region and id, compared as bytes.
///
/// Source: Service Authorization Reference (`SAR`):
/// `arn:<partition>:cloudhsm:<region>:<account>:backup/<id>`.
struct BackupARNs {
    /// What comes before the id in one Region.
    private struct Start {
        let region: Region
        let text: [UInt8]
    }

    /// A group and its copies lie in few Regions; a file that says otherwise is read more slowly.
    private static let mostStarts = 8

    private var account: AccountID?
    private var starts: [Start] = []

    /// Turns to the backups of an account.
    mutating func begin(account: AccountID) {
        guard self.account != account else { return }
        self.account = account
        starts = []
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
        let start = start(in: region)
        guard arn.count == start.count + id.count else { return false }
        return UnsafeBufferPointer(rebasing: arn[..<start.count]).isSame(as: start)
            && UnsafeBufferPointer(rebasing: arn[start.count...]).isSame(as: id)
    }

    private mutating func start(in region: Region) -> [UInt8] {
        if let known = starts.first(where: { $0.region == region }) { return known.text }
        guard let account else { return [] }
        let text = Array(Self.start(account: account, region: region).utf8)
        if starts.count == Self.mostStarts { starts.removeFirst() }
        starts.append(Start(region: region, text: text))
        return text
    }

    /// The ARN of a backup.
    static func arn(of id: BackupID, in region: Region, account: AccountID) -> String {
        start(account: account, region: region) + id.description
    }

    private static func start(account: AccountID, region: Region) -> String {
        "arn:\((region.partition ?? .aws).rawValue):cloudhsm:\(region):\(account):backup/"
    }
}
