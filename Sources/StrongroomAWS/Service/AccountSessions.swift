public import CloudHSM
internal import CloudHSMWire

/// The credentials of a fleet's accounts, each surely of its account.
public struct AccountSessions: Sendable {
    /// The secrets of all who were given credentials.
    let secrets: SecretBook

    private let current: @Sendable (AccountID) async throws -> Credentials
    private let forget: @Sendable (AccountID, Credentials) async -> Void

    /// Takes credentials from wherever they come.
    ///
    /// - Parameters:
    ///   - current: Credentials of an account that hold now.
    ///   - forget: Told that the service does not take credentials any more.
    public init(
        current: @escaping @Sendable (AccountID) async throws -> Credentials,
        forget: @escaping @Sendable (AccountID, Credentials) async -> Void
    ) {
        self.init(current: current, forget: forget, secrets: SecretBook())
    }

    private init(
        current: @escaping @Sendable (AccountID) async throws -> Credentials,
        forget: @escaping @Sendable (AccountID, Credentials) async -> Void,
        secrets: SecretBook
    ) {
        self.secrets = secrets
        self.current = current
        self.forget = forget
    }

    /// Takes the credentials of the accounts that a fleet names.
    ///
    /// - Parameters:
    ///   - accounts: Each account's.
    ///   - chain: Where they were found, which knows of more secrets than the accounts' own.
    public init(_ accounts: [AccountID: AccountCredentials], of chain: CredentialChain) {
        self.init(
            current: { account in
                guard let credentials = accounts[account] else {
                    throw CallFault.noCredentials(account)
                }
                return try await credentials.current()
            },
            forget: { account, refused in await accounts[account]?.forget(refused) },
            secrets: chain.secrets
        )
    }

    /// Credentials of an account that hold now.
    ///
    /// - Throws: ``WrongPlace`` if AWS takes us for another account; what the source throws.
    func credentials(of account: AccountID) async throws -> Credentials {
        let credentials = try await current(account)
        secrets.note(credentials.signing)
        if let identity = credentials.identity, identity.account != account {
            throw WrongPlace.account(account, identity)
        }
        return credentials
    }

    /// Lets go of credentials that the service does not take any more.
    func letGo(of refused: Credentials, of account: AccountID) async {
        await forget(account, refused)
    }
}
