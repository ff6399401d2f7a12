internal import CloudHSM

/// Credentials of which it is asked whose they are, before anything is done with them.
///
/// AWS is asked anew for each session, because a profile, a token or a role can begin to mean another
/// account from one renewal to the next.
struct CheckedSource: CredentialSource {
    let source: any CredentialSource

    /// The account they must be of; `nil` if any will do.
    let account: AccountID?
    let service: TokenService

    var name: String { source.name }

    func credentials() async throws -> Credentials {
        let credentials = try await source.credentials()
        let identity = try await service.identity(of: credentials.signing, source: name)
        if let account, identity.account != account {
            throw WrongPlace.account(account, identity)
        }
        guard identity.partition == service.endpoint.region.partition else {
            throw WrongPlace.partition(service.endpoint.region, identity)
        }
        return Credentials(
            signing: credentials.signing,
            expiresAt: credentials.expiresAt,
            source: credentials.source,
            identity: identity
        )
    }
}
