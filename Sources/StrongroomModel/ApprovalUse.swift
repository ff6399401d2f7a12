public import CloudHSM

/// Something a person agreed to, and that counts once only: a saved plan, or an override.
public struct ApprovalUse: Hashable, Sendable, Codable {
    /// What was agreed to, and how far its use has come.
    public enum Kind: String, Hashable, Sendable, Codable {
        /// A saved plan was begun; a run that is cut short goes on under it.
        case planBegun
        /// A saved plan was carried out to its end, and cannot be used again.
        case planEnded
        /// A rule was overridden once.
        case override
    }

    /// What was used.
    public let kind: Kind

    /// SHA-256 of what was agreed to, 64 hexadecimal digits.
    public let digest: String

    /// The rule that was overridden, and for which cluster, in words; the plan's fleet otherwise.
    public let subject: String

    /// Who agreed, as far as is known.
    public let approver: String?

    /// When, by the service's clock.
    public let at: Timestamp

    /// Describes a use.
    ///
    /// - Parameters:
    ///   - kind: What was used.
    ///   - digest: SHA-256 of what was agreed to, 64 hexadecimal digits.
    ///   - subject: What it is about, in words.
    ///   - approver: Who agreed.
    ///   - at: When, by the service's clock.
    public init(
        _ kind: Kind,
        of digest: String,
        about subject: String,
        by approver: String? = nil,
        at: Timestamp
    ) {
        self.kind = kind
        self.digest = digest
        self.subject = subject
        self.approver = approver
        self.at = at
    }
}
