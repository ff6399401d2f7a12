internal import CloudHSM

/// Finds where credentials come from, in the order that AWS's own tools look.
///
/// 1. a profile that a flag names
/// 2. keys in the environment
/// 3. web identity in the environment
/// 4. the profile that `AWS_PROFILE` names, or the default profile if it has credentials
/// 5. the container's endpoint
/// 6. the instance's role
///
/// The first that is configured is the only one: if it fails, nothing else is tried, because credentials
/// of another account would then act in its place. Within a profile: a role, then keys, then
/// `credential_process`. Source: botocore 1.43.11, `credentials.py`, `create_credential_resolver`.
public struct CredentialChain: Sendable {
    private let environment: CredentialEnvironment
    private let exchange: any HTTPExchange
    private let endpoints: EndpointSettings
    private let sessionName: String
    private let helperTimeLimit: Duration
    private let warn: @Sendable (String) -> Void

    /// Looks for nothing yet.
    ///
    /// - Parameters:
    ///   - environment: All that may be seen of the machine.
    ///   - exchange: Sends what is asked of STS and of the machine's own endpoints.
    ///   - endpoints: Where STS is spoken to.
    ///   - sessionName: Who is acting, for roles whose profile does not say; the run's id.
    ///   - helperTimeLimit: How long `credential_process` may take.
    ///   - warn: Told, in one line, when a renewal failed while the old credentials still hold.
    public init(
        _ environment: CredentialEnvironment,
        over exchange: any HTTPExchange,
        endpoints: EndpointSettings,
        sessionName: String,
        helperTimeLimit: Duration = .seconds(30),
        warn: @escaping @Sendable (String) -> Void
    ) {
        self.environment = environment
        self.exchange = exchange
        self.endpoints = endpoints
        self.sessionName = sessionName
        self.helperTimeLimit = helperTimeLimit
        self.warn = warn
    }

    /// The first source that is configured; nothing is asked of it yet.
    ///
    /// - Returns: The source.
    /// - Throws: ``CredentialFault`` if what is configured cannot be used, or nothing is.
    public func source() throws -> any CredentialSource {
        if let name = environment.profileFlag { return try profileSource(named: name) }
        if let source = EnvironmentSource(environment) { return source }
        if let source = try webIdentity() { return source }
        let files = try ProfileFiles(environment)
        if let name = try environment.profileVariable() {
            return try ProfileSources(chain: self, files: files).source(named: name)
        }
        let isConfigured =
            try files.contains(ProfileFiles.defaultName)
            && files.profile(ProfileFiles.defaultName).isConfigured
        if isConfigured {
            return try ProfileSources(chain: self, files: files)
                .source(named: ProfileFiles.defaultName)
        }
        if let source = ContainerSource(environment, over: exchange) { return source }
        if let source = InstanceSource(environment, over: exchange) {
            return LastResort(source: source, looked: looked(at: files))
        }
        throw CredentialFault(
            "this machine",
            .nothingConfigured(looked(at: files) + ["AWS_EC2_METADATA_DISABLED is true"])
        )
    }

    private func profileSource(named name: String) throws -> any CredentialSource {
        try ProfileSources(chain: self, files: ProfileFiles(environment)).source(named: name)
    }

    private func looked(at files: ProfileFiles) -> [String] {
        [
            "no AWS_ACCESS_KEY_ID", "no AWS_WEB_IDENTITY_TOKEN_FILE",
            "no credentials in the profile default (\(files.description))",
            "no AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or _FULL_URI",
        ]
    }

    /// A token file and its role; a role alone is no source, in AWS's own tools neither.
    private func webIdentity() throws -> (any CredentialSource)? {
        let variable = "AWS_WEB_IDENTITY_TOKEN_FILE"
        guard let path = environment.text(variable) else { return nil }
        let place = "web identity (\(variable))"
        guard let text = environment.text("AWS_ROLE_ARN") else {
            throw CredentialFault(place, .partial(has: variable, lacks: "AWS_ROLE_ARN"))
        }
        return WebIdentitySource(
            try RoleRequest(
                role(text, of: "AWS_ROLE_ARN", for: place),
                sessionName: environment.text("AWS_ROLE_SESSION_NAME") ?? sessionName
            ),
            tokenPath: path,
            of: variable,
            in: environment,
            try tokenService(for: place)
        )
    }
}

extension CredentialChain {
    /// STS in the Region that variables name, or else the profile, or else the fleet.
    func tokenService(for place: String, profile: Profile? = nil) throws -> TokenService {
        let text =
            environment.text("AWS_REGION") ?? environment.text("AWS_DEFAULT_REGION")
            ?? profile?.text("region")
        guard let text else {
            guard let region = environment.fallbackRegion else {
                throw CredentialFault(place, .noRegion)
            }
            return try tokenService(in: region, for: place)
        }
        let region: Region
        do throws(EndpointFault) {
            region = try RegionName.read(text)
        } catch {
            throw CredentialFault(place, .endpoint(error))
        }
        return try tokenService(in: region, for: place)
    }

    /// STS in a Region.
    func tokenService(in region: Region, for place: String) throws -> TokenService {
        do throws(EndpointFault) {
            return TokenService(
                endpoint: try endpoints.endpoint(of: .sts, in: region),
                exchange: exchange,
                secrets: secrets,
                now: environment.now
            )
        } catch {
            throw CredentialFault(place, .endpoint(error))
        }
    }

    func role(_ text: String, of name: String, for place: String) throws -> RoleARN {
        guard let role = RoleARN(text) else {
            let reason = "is not the ARN of a role in the partition aws or aws-us-gov"
            throw CredentialFault(place, .malformedValue(name: name, reason: reason))
        }
        return role
    }

    func cache(_ source: any CredentialSource) -> CredentialCache {
        CredentialCache(source, secrets: secrets, now: environment.now, warn: warn)
    }

    func process(_ profile: Profile) -> ProcessSource {
        ProcessSource(profile, in: environment, timeLimit: helperTimeLimit)
    }

    /// The source that a profile's `credential_source` names.
    func namedSource(_ name: String, for place: String) throws -> any CredentialSource {
        let source: (any CredentialSource)? =
            switch name.lowercased() {
            case "environment": EnvironmentSource(environment)
            case "ecscontainer": ContainerSource(environment, over: exchange)
            case "ec2instancemetadata": InstanceSource(environment, over: exchange)
            default: nil
            }
        guard let source else {
            let reason =
                "is \(escaped(name)), which is none of Environment, EcsContainer and "
                + "Ec2InstanceMetadata, or is not configured here"
            throw CredentialFault(place, .malformedValue(name: "credential_source", reason: reason))
        }
        return source
    }

    /// The secrets of all sources that were asked, and those that they showed.
    package var secrets: SecretBook { environment.secrets }

    var defaultSessionName: String { sessionName }
    var surroundings: CredentialEnvironment { environment }
}

extension CredentialEnvironment {
    /// The profile that variables name; the second is an older name of the first.
    fileprivate func profileVariable() throws(CredentialFault) -> String? {
        let names = ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"]
        let values = names.compactMap { text($0) }
        guard let first = values.first, values.allSatisfy({ $0 == first }) else {
            guard !values.isEmpty else { return nil }
            let reason = "and \(names[1]) name different profiles; take one of the two away"
            throw CredentialFault(
                "the environment",
                .malformedValue(name: names[0], reason: reason)
            )
        }
        return first
    }
}

/// The instance's role where nothing is configured: if no instance answers, all that was looked at is
/// said, and not only that an address is silent.
private struct LastResort: CredentialSource {
    let source: InstanceSource
    let looked: [String]

    var name: String { source.name }

    func credentials() async throws -> Credentials {
        do {
            return try await source.credentials()
        } catch let fault as CredentialFault {
            guard case .unanswered(let failure) = fault.kind else { throw fault }
            throw CredentialFault(
                "this machine",
                .nothingConfigured(
                    looked + [
                        "no instance role: \(failure); inside a container the instance's metadata "
                            + "options must allow 2 hops"
                    ]
                )
            )
        }
    }
}
