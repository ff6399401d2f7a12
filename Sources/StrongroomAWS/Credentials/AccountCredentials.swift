public import CloudHSM

/// The credentials of one account of a fleet: those of the machine, or a role taken on with them, and
/// surely of that account.
public struct AccountCredentials: Sendable {
    /// A role of the account, and what is said when taking it on.
    public struct Role: Hashable, Sendable {
        /// The role's ARN as the fleet writes it.
        public let arn: String

        /// What the role's owner asked to be told.
        public let externalID: String?

        /// Names a role.
        ///
        /// - Parameters:
        ///   - arn: The role's ARN.
        ///   - externalID: What the role's owner asked to be told.
        public init(arn: String, externalID: String? = nil) {
            self.arn = arn
            self.externalID = externalID
        }
    }

    /// The account; `nil` if the fleet names none.
    public let account: AccountID?

    /// Where they are from, for people.
    public let source: String

    private let cache: CredentialCache
    private let base: CredentialBase

    /// Chooses where an account's credentials come from; nothing is asked for yet.
    ///
    /// - Parameters:
    ///   - account: The account; `nil` if the fleet names none, and any will do.
    ///   - region: The Region of the fleet whose STS is asked, and whose partition they must be of.
    ///   - role: The role to take on in it.
    ///   - base: The machine's own source, shared by all accounts.
    ///   - chain: Where it was found.
    /// - Throws: ``WrongPlace`` if the role is of another account or partition;
    ///   ``CredentialFault``.
    public init(
        account: AccountID?,
        region: Region,
        role: Role?,
        on base: CredentialBase,
        of chain: CredentialChain
    ) throws {
        self.account = account
        self.base = base
        let service = try chain.tokenService(in: region, for: base.name)
        var source: any CredentialSource = base
        if let role {
            let arn = try chain.role(role.arn, of: "roleArn", for: "the fleet")
            if let account, arn.account != account { throw WrongPlace.roleOfAccount(arn, account) }
            guard arn.partition == region.partition else {
                throw WrongPlace.roleOfPartition(arn, region)
            }
            source = RoleSource(
                try RoleRequest(
                    arn,
                    sessionName: chain.defaultSessionName,
                    externalID: role.externalID
                ),
                with: base.cache,
                base.name,
                service
            )
        }
        self.source = source.name
        cache = chain.cache(CheckedSource(source: source, account: account, service: service))
    }

    /// Credentials that hold now, of which AWS said that they are of the account.
    ///
    /// - Returns: The credentials.
    /// - Throws: ``WrongPlace``; ``CredentialFault``; `CancellationError`.
    public func current() async throws -> Credentials { try await cache.current() }

    /// Lets go of credentials that the service does not take any more.
    ///
    /// - Parameter refused: The credentials that a request was signed with.
    public func forget(_ refused: Credentials) async {
        await cache.forget(refused)
        // Without a role they are the machine's own, which would otherwise be given out again.
        await base.cache.forget(refused)
    }
}

/// The machine's own credentials, found once and shared by all accounts of a fleet.
public struct CredentialBase: CredentialSource {
    /// Where they are from, for people.
    public let name: String

    let cache: CredentialCache

    /// Finds them.
    ///
    /// - Parameter chain: Where to look.
    /// - Throws: ``CredentialFault``.
    public init(_ chain: CredentialChain) throws {
        let source = try chain.source()
        name = source.name
        cache = chain.cache(source)
    }

    /// Credentials that hold now.
    ///
    /// - Returns: The credentials.
    /// - Throws: ``CredentialFault``; `CancellationError`.
    public func credentials() async throws -> Credentials { try await cache.current() }
}
