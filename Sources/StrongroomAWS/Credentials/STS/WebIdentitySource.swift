internal import CloudHSM
internal import CloudHSMWire

/// A role taken on by a token that lies in a file, as in EKS and in CI with OIDC.
///
/// Source: AWS SDKs and Tools Reference Guide, "Federate with web identity or OpenID Connect".
struct WebIdentitySource: CredentialSource {
    let name: String

    private let request: RoleRequest
    private let tokenPath: String
    private let variable: String
    private let environment: CredentialEnvironment
    private let service: TokenService

    /// A role and the file with the token.
    ///
    /// - Parameters:
    ///   - request: The role, and what is said when taking it on.
    ///   - tokenPath: The file, read anew each time because it is renewed.
    ///   - variable: The variable or key that names it.
    ///   - environment: The surroundings.
    ///   - service: STS.
    init(
        _ request: RoleRequest,
        tokenPath: String,
        of variable: String,
        in environment: CredentialEnvironment,
        _ service: TokenService
    ) {
        self.request = request
        self.tokenPath = tokenPath
        self.variable = variable
        self.environment = environment
        self.service = service
        name = "\(request.role), by web identity (\(variable))"
    }

    func credentials() async throws -> Credentials {
        let token = try environment.token(at: tokenPath, of: variable, for: name)
        return try await service.assume(request, showing: Secret(token), source: name)
    }
}
