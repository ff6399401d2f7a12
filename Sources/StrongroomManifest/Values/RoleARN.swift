import CloudHSM

/// The ARN of an IAM role.
///
/// Source: AWS IAM User Guide, "IAM identifiers": `arn:<partition>:iam::<account>:role/<path>`.
struct RoleARN: Hashable, Sendable {
    /// The partition the account lies in.
    let partition: Partition

    /// The account the role belongs to.
    let account: AccountID

    /// Reads an ARN; nil if it names no role, or another partition than `aws` and `aws-us-gov`.
    ///
    /// - Parameter text: For example `arn:aws:iam::111122223333:role/strongroom`.
    init?(_ text: String) {
        let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "arn", parts[2] == "iam", parts[3].isEmpty,
            let partition = Partition(rawValue: String(parts[1])),
            let account = AccountID(String(parts[4])),
            parts[5].hasPrefix("role/")
        else { return nil }
        let path = parts[5].dropFirst(5).utf8
        guard (1...576).contains(path.count), path.allSatisfy(Self.isPathLetter) else { return nil }
        self.partition = partition
        self.account = account
    }

    private static func isPathLetter(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: "_+=,.@/-".utf8.contains(byte)
        }
    }
}
