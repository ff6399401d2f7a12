public import CloudHSM

/// A role in one of the two partitions that CloudHSM is in.
public struct RoleARN: Hashable, Sendable, CustomStringConvertible {
    /// The ARN as it was written.
    public let description: String

    /// The partition the role lies in.
    public let partition: Partition

    /// The account the role belongs to.
    public let account: AccountID

    /// Reads an ARN.
    ///
    /// It is `nil` if it names no role, or one of another partition than `aws` and `aws-us-gov`.
    ///
    /// - Parameter text: For example `arn:aws:iam::111122223333:role/strongroom`.
    public init?(_ text: String) {
        let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "arn", parts[2] == "iam", parts[3].isEmpty,
            let partition = Partition(rawValue: String(parts[1])),
            let account = AccountID(String(parts[4])),
            parts[5].hasPrefix("role/"), (1...576).contains(parts[5].utf8.count - 5),
            parts[5].utf8.allSatisfy(Self.isPathLetter)
        else { return nil }
        description = text
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
