/// A role to take on, and what is said when taking it on.
public struct RoleRequest: Hashable, Sendable {
    /// The role.
    public let role: RoleARN

    /// Who is acting, as the account's trail will show it; for our own roles the run's id.
    public let sessionName: String

    /// What the role's owner asked to be told, against confused deputies.
    public let externalID: String?

    /// How long the session is to hold, in seconds; what STS takes by itself if `nil`.
    public let durationInSeconds: Int?

    /// Checks what STS would refuse.
    ///
    /// Source: AWS STS API Reference, "AssumeRole": patterns of `RoleSessionName` and `ExternalId`,
    /// range of `DurationSeconds`.
    ///
    /// - Parameters:
    ///   - role: The role.
    ///   - sessionName: 2 to 64 of `[A-Za-z0-9_+=,.@-]`.
    ///   - externalID: 2 to 1224 of the same and `:` and `/`.
    ///   - durationInSeconds: From 900 to 43200.
    /// - Throws: ``CredentialFault``.
    public init(
        _ role: RoleARN,
        sessionName: String,
        externalID: String? = nil,
        durationInSeconds: Int? = nil
    ) throws(CredentialFault) {
        func check(_ isRight: Bool, _ name: String, _ reason: String) throws(CredentialFault) {
            guard isRight else {
                throw CredentialFault("role \(role)", .malformedValue(name: name, reason: reason))
            }
        }
        func fits(_ text: String, _ range: ClosedRange<Int>, _ more: String) -> Bool {
            range.contains(text.utf8.count)
                && text.unicodeScalars.allSatisfy { scalar in
                    scalar.isASCII
                        && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
                            || more.unicodeScalars.contains(scalar))
                }
        }
        try check(
            fits(sessionName, 2...64, "_+=,.@-"),
            "the session name",
            "must have 2 to 64 letters, digits and _+=,.@-"
        )
        try check(
            externalID.map { fits($0, 2...1224, "_+=,.@-:/") } ?? true,
            "external_id",
            "must have 2 to 1224 letters, digits and _+=,.@-:/"
        )
        try check(
            durationInSeconds.map { (900...43_200).contains($0) } ?? true,
            "duration_seconds",
            "must be from 900 to 43200"
        )
        self.role = role
        self.sessionName = sessionName
        self.externalID = externalID
        self.durationInSeconds = durationInSeconds
    }
}
