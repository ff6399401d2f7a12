public import CloudHSM

/// Who AWS takes us for.
public struct CallerIdentity: Hashable, Sendable {
    /// The account we act in.
    public let account: AccountID

    /// The partition the account lies in.
    public let partition: Partition

    /// The user or session, for people.
    public let arn: String

    /// Reads an identity.
    ///
    /// It is `nil` if the ARN is not one of a user or session in a partition that CloudHSM is in.
    ///
    /// - Parameter arn: For example `arn:aws:sts::111122223333:assumed-role/strongroom/run-7`.
    public init?(arn: String) {
        let parts = arn.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "arn", parts[2] == "sts" || parts[2] == "iam",
            parts[3].isEmpty, let partition = Partition(rawValue: String(parts[1])),
            let account = AccountID(String(parts[4])),
            !parts[5].isEmpty, parts[5].utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { return nil }
        self.account = account
        self.partition = partition
        self.arn = arn
    }
}

extension CallerIdentity: CustomStringConvertible {
    /// The ARN.
    public var description: String { arn }
}
