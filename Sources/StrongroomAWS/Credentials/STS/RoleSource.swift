internal import CloudHSM

/// A role taken on with other credentials.
struct RoleSource: CredentialSource {
    let name: String

    private let request: RoleRequest
    private let base: CredentialCache
    private let service: TokenService

    /// A role.
    ///
    /// - Parameters:
    ///   - request: The role, and what is said when taking it on.
    ///   - base: The credentials it is taken on with, themselves renewed when they end.
    ///   - baseName: Where those are from, for people.
    ///   - service: STS.
    init(
        _ request: RoleRequest,
        with base: CredentialCache,
        _ baseName: String,
        _ service: TokenService
    ) {
        self.request = request
        self.base = base
        self.service = service
        name = "\(request.role), taken on with \(baseName)"
    }

    func credentials() async throws -> Credentials {
        let base = try await base.current()
        return try await service.assume(request, with: base.signing, source: name)
    }
}
