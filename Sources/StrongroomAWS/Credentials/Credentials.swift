public import CloudHSM
public import CloudHSMWire

/// Credentials, how long they hold, and where they are from.
public struct Credentials: Hashable, Sendable {
    /// What requests are signed with.
    public let signing: SigningCredentials

    /// When they end; `nil` if they do not say.
    public let expiresAt: Timestamp?

    /// Where they are from, for people, such as `profile payments in /home/ana/.aws/config`.
    public let source: String

    /// Who AWS takes us for with them; `nil` if it was not asked.
    public let identity: CallerIdentity?

    /// Puts credentials together.
    ///
    /// - Parameters:
    ///   - signing: What requests are signed with.
    ///   - expiresAt: When they end.
    ///   - source: Where they are from, for people.
    ///   - identity: Who AWS takes us for with them.
    public init(
        signing: SigningCredentials,
        expiresAt: Timestamp?,
        source: String,
        identity: CallerIdentity? = nil
    ) {
        self.signing = signing
        self.expiresAt = expiresAt
        self.source = source
        self.identity = identity
    }
}

extension Credentials: CustomStringConvertible, CustomDebugStringConvertible {
    /// Who we are, from where, until when; no key.
    public var description: String {
        let who = identity.map { "\($0), from \(source)" } ?? source
        return expiresAt.map { "\(who), until \($0)" } ?? who
    }

    /// The same.
    public var debugDescription: String { description }
}
