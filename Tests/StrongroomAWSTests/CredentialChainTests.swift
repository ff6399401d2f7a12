import CloudHSM
import CloudHSMWire
import Foundation
import Glibc
import StrongroomAWS
import Testing

/// Which source is asked, in which order, and that nothing else is when it fails.
@Suite("The credential chain", .timeLimit(.minutes(10)))
struct CredentialChainTests {
    /// What the machine of one combination looks like.
    struct Combination: Sendable, CustomTestStringConvertible {
        let name: String
        var variables: [String: String] = [:]
        var flag: String?
        var config: String?
        var credentials: String?
        /// What the stand-ins do, by what they stand in for; others refuse the connection.
        var answers: [StandIn: Behaviour] = [:]
        let expected: Expected
        /// Who may be asked at all.
        var asked: Set<StandIn> = []

        var testDescription: String { name }
    }

    enum StandIn: Sendable, Hashable, CaseIterable {
        case sts
        case container
        case instance
    }

    enum Behaviour: Sendable {
        case good
        case broken
        case refusing
        case slow
        case expired
        case redirecting
        case v1Only
    }

    enum Expected: Sendable {
        /// The access key's id, and a part of the source's name.
        case key(String, String)
        /// Parts of the message.
        case fault([String])
    }

    // Everything that can be present, each with a key id of its own.
    private static let environmentKeys = [
        "AWS_ACCESS_KEY_ID": "AKIAENVIRONMENT00001", "AWS_SECRET_ACCESS_KEY": Canary.secret,
        "AWS_SESSION_TOKEN": Canary.session,
    ]
    private static let webIdentity = [
        "AWS_WEB_IDENTITY_TOKEN_FILE": "FOLDER/token",
        "AWS_ROLE_ARN": "arn:aws:iam::111122223333:role/web",
    ]
    private static let container = ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/v2/credentials"]
    private static let defaultProfile = """
        [default]
        aws_access_key_id = AKIADEFAULT000000001
        aws_secret_access_key = \(Canary.secret)
        """
    private static let all: [StandIn: Behaviour] = [
        .sts: .good, .container: .good, .instance: .good,
    ]

    private static func join(_ parts: [String: String]...) -> [String: String] {
        parts.reduce(into: [:]) { $0.merge($1) { $1 } }
    }

    static let combinations: [Combination] = [
        // Present: the order.
        Combination(
            name: "everything: the environment's keys",
            variables: join(environmentKeys, webIdentity, container),
            credentials: defaultProfile,
            answers: all,
            expected: .key("AKIAENVIRONMENT00001", "environment")
        ),
        Combination(
            name: "a flag's profile goes before the environment",
            variables: join(environmentKeys, webIdentity, container),
            flag: "default",
            credentials: defaultProfile,
            answers: all,
            expected: .key("AKIADEFAULT000000001", "profile default in")
        ),
        Combination(
            name: "AWS_PROFILE does not go before the environment",
            variables: join(environmentKeys, ["AWS_PROFILE": "default"]),
            credentials: defaultProfile,
            expected: .key("AKIAENVIRONMENT00001", "environment")
        ),
        Combination(
            name: "web identity goes before the profile",
            variables: join(webIdentity, container),
            credentials: defaultProfile,
            answers: all,
            expected: .key("ASIAWEBIDENTITY00001", "by web identity"),
            asked: [.sts]
        ),
        Combination(
            name: "the default profile goes before the container",
            variables: container,
            credentials: defaultProfile,
            answers: all,
            expected: .key("AKIADEFAULT000000001", "profile default in")
        ),
        Combination(
            name: "a default profile without credentials is no source",
            variables: container,
            config: "[default]\nregion = eu-west-1\noutput = json\ns3 =\n  max_queue_size = 10\n",
            answers: all,
            expected: .key("ASIACONTAINER0000001", "container endpoint"),
            asked: [.container]
        ),
        Combination(
            name: "the container goes before the instance",
            variables: container,
            answers: all,
            expected: .key("ASIACONTAINER0000001", "container endpoint"),
            asked: [.container]
        ),
        Combination(
            name: "the instance comes last",
            answers: all,
            expected: .key("ASIAINSTANCE00000001", "instance role"),
            asked: [.instance]
        ),
        Combination(
            name: "empty variables count as absent",
            variables: [
                "AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "AWS_PROFILE": "",
                "AWS_WEB_IDENTITY_TOKEN_FILE": "", "AWS_CONTAINER_CREDENTIALS_FULL_URI": "",
            ],
            answers: all,
            expected: .key("ASIAINSTANCE00000001", "instance role"),
            asked: [.instance]
        ),
        Combination(
            name: "a role alone is no source",
            variables: ["AWS_ROLE_ARN": "arn:aws:iam::111122223333:role/web"],
            answers: all,
            expected: .key("ASIAINSTANCE00000001", "instance role"),
            asked: [.instance]
        ),
        Combination(
            name: "the credentials file goes before the config file",
            config:
                "[default]\naws_access_key_id = AKIACONFIG0000000001\naws_secret_access_key = x\n",
            credentials: defaultProfile,
            expected: .key("AKIADEFAULT000000001", "credentials")
        ),
        // Absent.
        Combination(
            name: "nothing, and the instance is switched off",
            variables: ["AWS_EC2_METADATA_DISABLED": "TRUE"],
            answers: all,
            expected: .fault(["none are configured", "AWS_EC2_METADATA_DISABLED"])
        ),
        Combination(
            name: "nothing at all",
            expected: .fault(["none are configured", "no instance role"]),
            asked: [.instance]
        ),
        // Broken, and nothing else is tried.
        Combination(
            name: "half a key in the environment",
            variables: join(["AWS_ACCESS_KEY_ID": "AKIAENVIRONMENT00001"], webIdentity, container),
            credentials: defaultProfile,
            answers: all,
            expected: .fault(["AWS_SECRET_ACCESS_KEY is not"])
        ),
        Combination(
            name: "the other half of a key in the environment",
            variables: join(["AWS_SECRET_ACCESS_KEY": Canary.secret], container),
            credentials: defaultProfile,
            answers: all,
            expected: .fault(["AWS_ACCESS_KEY_ID is not"])
        ),
        Combination(
            name: "keys in the environment that ended",
            variables: join(
                environmentKeys,
                ["AWS_CREDENTIAL_EXPIRATION": "2020-01-01T00:00:00Z"],
                container
            ),
            credentials: defaultProfile,
            answers: all,
            expected: .fault(["ended at 2020-01-01T00:00:00Z"])
        ),
        Combination(
            name: "web identity without a role",
            variables: join(["AWS_WEB_IDENTITY_TOKEN_FILE": "FOLDER/token"], container),
            credentials: defaultProfile,
            answers: all,
            expected: .fault(["AWS_ROLE_ARN is not"])
        ),
        Combination(
            name: "web identity without its file",
            variables: join(webIdentity, ["AWS_WEB_IDENTITY_TOKEN_FILE": "FOLDER/none"]),
            credentials: defaultProfile,
            answers: all,
            expected: .fault(["FOLDER/none", "no such file"])
        ),
        Combination(
            name: "web identity that STS refuses",
            variables: join(webIdentity, container),
            credentials: defaultProfile,
            answers: [.sts: .refusing, .container: .good, .instance: .good],
            expected: .fault(["web identity", "ExpiredTokenException"]),
            asked: [.sts]
        ),
        Combination(
            name: "web identity with a broken answer",
            variables: webIdentity,
            answers: [.sts: .broken, .instance: .good],
            expected: .fault(["not credentials"]),
            asked: [.sts]
        ),
        Combination(
            name: "a profile that nobody wrote",
            variables: join(["AWS_PROFILE": "nobody"], container),
            credentials: defaultProfile,
            answers: all,
            expected: .fault(["no profile nobody"])
        ),
        Combination(
            name: "two variables that name different profiles",
            variables: ["AWS_PROFILE": "default", "AWS_DEFAULT_PROFILE": "other"],
            credentials: defaultProfile,
            answers: all,
            expected: .fault(["AWS_PROFILE and AWS_DEFAULT_PROFILE name different profiles"])
        ),
        Combination(
            name: "the older name of the variable",
            variables: container.merging(["AWS_DEFAULT_PROFILE": "default"]) { $1 },
            credentials: defaultProfile,
            answers: all,
            expected: .key("AKIADEFAULT000000001", "profile default in")
        ),
        Combination(
            name: "a profile written without its word",
            variables: ["AWS_PROFILE": "ours"],
            config: "[ours]\nrole_arn = x\n",
            answers: all,
            expected: .fault(["it must be [profile ours]"])
        ),
        Combination(
            name: "a profile that was asked for and has no credentials",
            variables: join(["AWS_PROFILE": "bare"], container),
            config: "[profile bare]\nregion = eu-west-1\n",
            answers: all,
            expected: .fault(["profile bare has no credentials"])
        ),
        Combination(
            name: "half a key in a profile",
            variables: container,
            config: "[default]\naws_secret_access_key = \(Canary.secret)\n",
            credentials: "[default]\naws_access_key_id = AKIADEFAULT000000001\n",
            answers: all,
            expected: .fault(["aws_access_key_id is given, but aws_secret_access_key is not"])
        ),
        Combination(
            name: "a file with a mistake, even if another profile is meant",
            variables: container,
            config: "[profile a]\nregion = eu-west-1\nnonsense \(Canary.secret)\n",
            credentials: defaultProfile,
            answers: all,
            expected: .fault(["config:3: there is no = between key and value"])
        ),
        Combination(
            name: "a file that a variable names and that is not there",
            variables: join(["AWS_CONFIG_FILE": "FOLDER/nowhere"], container),
            credentials: defaultProfile,
            answers: all,
            expected: .fault(["FOLDER/nowhere", "no such file"])
        ),
        Combination(
            name: "a profile that signs in through IAM Identity Center",
            variables: join(["AWS_PROFILE": "people"], container),
            config: """
                [profile people]
                sso_session = us
                sso_account_id = 111122223333
                [sso-session us]
                sso_start_url = https://example.awsapps.com/start
                """,
            answers: all,
            expected: .fault([
                "aws configure export-credentials --profile people --format process"
            ])
        ),
        Combination(
            name: "a container that answers with something else",
            variables: container,
            answers: [.container: .broken, .instance: .good],
            expected: .fault(["container endpoint", "not credentials"]),
            asked: [.container]
        ),
        Combination(
            name: "a container that refuses",
            variables: container,
            answers: [.container: .refusing, .instance: .good],
            expected: .fault(["container endpoint", "HTTP 403"]),
            asked: [.container]
        ),
        Combination(
            name: "a container that is not there",
            variables: container,
            answers: [.instance: .good],
            expected: .fault(["container endpoint", "not known"]),
            asked: [.container]
        ),
        Combination(
            name: "a container that points elsewhere",
            variables: container,
            answers: [.container: .redirecting, .instance: .good],
            expected: .fault(["container endpoint", "HTTP 302"]),
            asked: [.container]
        ),
        Combination(
            name: "an instance that has v1 only",
            answers: [.instance: .v1Only],
            expected: .fault(["no IMDSv2 token"]),
            asked: [.instance]
        ),
        Combination(
            name: "an instance without a role",
            answers: [.instance: .refusing],
            expected: .fault(["the instance has no role"]),
            asked: [.instance]
        ),
        // Slow.
        Combination(
            name: "a container that never answers",
            variables: container,
            answers: [.container: .slow, .instance: .good],
            expected: .fault(["container endpoint", "no whole answer within 1.0 seconds"]),
            asked: [.container]
        ),
        Combination(
            name: "an instance that never answers",
            answers: [.instance: .slow],
            expected: .fault(["no instance role", "no whole answer within 1.0 seconds"]),
            asked: [.instance]
        ),
        // Ended when they come.
        Combination(
            name: "a container that gives what has ended",
            variables: container,
            answers: [.container: .expired, .instance: .good],
            expected: .fault(["container endpoint", "they ended at"]),
            asked: [.container]
        ),
        Combination(
            name: "an instance that gives what has ended",
            answers: [.instance: .expired],
            expected: .fault(["instance role", "they ended at"]),
            asked: [.instance]
        ),
        Combination(
            name: "a role that gives what has ended",
            variables: webIdentity,
            answers: [.sts: .expired, .instance: .good],
            expected: .fault(["they ended at"]),
            asked: [.sts]
        ),
        // Profiles on top of each other.
        Combination(
            name: "a role on top of two others",
            variables: ["AWS_PROFILE": "top"],
            config: """
                [profile top]
                role_arn = arn:aws:iam::111122223333:role/top
                source_profile = middle
                external_id = outside
                role_session_name = ana
                [profile middle]
                role_arn = arn:aws:iam::111122223333:role/middle
                source_profile = default
                """,
            credentials: defaultProfile,
            answers: all,
            expected: .key("ASIAROLE000000000001", "role/top, taken on with"),
            asked: [.sts]
        ),
        Combination(
            name: "a role on top of the profile's own keys",
            variables: ["AWS_PROFILE": "self"],
            config: """
                [profile self]
                role_arn = arn:aws:iam::111122223333:role/self
                source_profile = self
                """,
            credentials: "[self]\naws_access_key_id = AKIASELF0000000001\n"
                + "aws_secret_access_key = \(Canary.secret)\n",
            answers: all,
            expected: .key("ASIAROLE000000000001", "role/self"),
            asked: [.sts]
        ),
        Combination(
            name: "a role on top of the container",
            variables: join(container, ["AWS_PROFILE": "task"]),
            config: """
                [profile task]
                role_arn = arn:aws:iam::111122223333:role/task
                credential_source = EcsContainer
                """,
            answers: all,
            expected: .key("ASIAROLE000000000001", "container endpoint"),
            asked: [.sts, .container]
        ),
        Combination(
            name: "a role on top of a container that is not configured",
            variables: ["AWS_PROFILE": "task"],
            config: """
                [profile task]
                role_arn = arn:aws:iam::111122223333:role/task
                credential_source = EcsContainer
                """,
            answers: all,
            expected: .fault(["credential_source"])
        ),
        Combination(
            name: "roles that lead back",
            variables: ["AWS_PROFILE": "a"],
            config: """
                [profile a]
                role_arn = arn:aws:iam::111122223333:role/a
                source_profile = b
                [profile b]
                role_arn = arn:aws:iam::111122223333:role/b
                source_profile = a
                """,
            answers: all,
            expected: .fault(["a → b → a"])
        ),
        Combination(
            name: "a role with two bases",
            variables: ["AWS_PROFILE": "a"],
            config: """
                [profile a]
                role_arn = arn:aws:iam::111122223333:role/a
                source_profile = default
                credential_source = Environment
                """,
            credentials: defaultProfile,
            answers: all,
            expected: .fault(["source_profile and credential_source"])
        ),
        Combination(
            name: "a role that STS refuses",
            variables: ["AWS_PROFILE": "a"],
            config: """
                [profile a]
                role_arn = arn:aws:iam::111122223333:role/a
                source_profile = default
                """,
            credentials: defaultProfile,
            answers: [.sts: .refusing, .instance: .good],
            expected: .fault(["role/a", "ExpiredTokenException"]),
            asked: [.sts]
        ),
        Combination(
            name: "a role that asks for a code",
            variables: ["AWS_PROFILE": "a"],
            config: """
                [profile a]
                role_arn = arn:aws:iam::111122223333:role/a
                source_profile = default
                mfa_serial = arn:aws:iam::111122223333:mfa/ana
                """,
            credentials: defaultProfile,
            answers: all,
            expected: .fault(["mfa_serial"])
        ),
        Combination(
            name: "a profile that names an endpoint",
            variables: ["AWS_PROFILE": "a"],
            config: "[profile a]\nendpoint_url = https://a.example\n",
            credentials:
                "[a]\naws_access_key_id = AKIA0000000000000001\naws_secret_access_key = x\n",
            answers: all,
            expected: .fault(["endpoint_url", "AWS_ENDPOINT_URL"])
        ),
    ]

    @Test func theFirstConfiguredSourceIsTheOnlyOne() async throws {
        var surprises = 0
        for combination in Self.combinations {
            let text = try await Machine(combination).surprise()
            if text != nil { surprises += 1 }
            #expect(text == nil, "\(combination.name): \(text ?? "")")
        }
        #expect(Self.combinations.count >= 24)
        close(
            "F22",
            [("combinations", Self.combinations.count), ("surprises", surprises)]
        )
    }
}

/// One combination's machine: files, stand-ins, and what came of asking for credentials.
private struct Machine {
    let combination: CredentialChainTests.Combination
    let folder: Folder
    let servers: [CredentialChainTests.StandIn: LocalServer]
    let exchange: DetouringExchange
    let clock = TestClock()

    init(_ combination: CredentialChainTests.Combination) throws {
        self.combination = combination
        folder = try Folder()
        let now = clock.now
        let sts = try LocalServer { Self.tokenService($0, combination.answers[.sts], now) }
        let container = try LocalServer { Self.container($0, combination.answers[.container], now) }
        let instance = try LocalServer { Self.instance($0, combination.answers[.instance], now) }
        servers = [.sts: sts, .container: container, .instance: instance]
        var detours: [String: LocalServer] = [:]
        for (standIn, origin) in [
            (CredentialChainTests.StandIn.sts, "https://sts.us-east-1.amazonaws.com"),
            (.container, "http://169.254.170.2"), (.instance, "http://169.254.169.254"),
        ] where combination.answers[standIn] != nil {
            detours[origin] = servers[standIn]
        }
        exchange = DetouringExchange(
            exchange: try NetworkExchange.shared.get(),
            detours: detours
        )
    }

    /// What is not as it should be; `nil` if all is.
    func surprise() async throws -> String? {
        defer { servers.values.forEach { $0.stop() } }
        let result: Result<Credentials, any Error>
        do {
            result = .success(try await credentials())
        } catch {
            result = .failure(error)
        }
        let asked = Set(servers.filter { !$0.value.seen.isEmpty }.keys)
        let reached = combination.asked.intersection(combination.answers.keys)
        guard asked == reached else { return "asked \(asked) and not \(reached)" }
        return try leak(of: result) ?? contradiction(of: result)
    }

    private func credentials() async throws -> Credentials {
        var variables = combination.variables.mapValues {
            $0.replacingOccurrences(of: "FOLDER", with: folder.path)
        }
        _ = try folder.write("\(Canary.bearer)\n", to: "token")
        if let config = combination.config { _ = try folder.write(config, to: ".aws/config") }
        if let text = combination.credentials { _ = try folder.write(text, to: ".aws/credentials") }
        variables["PATH"] = "/usr/bin:/bin"
        let clock = clock
        let environment = CredentialEnvironment(
            variables: variables,
            homeDirectory: folder.path,
            profileFlag: combination.flag,
            fallbackRegion: .usEast1,
            userID: getuid(),
            now: { clock.now }
        )
        let chain = CredentialChain(
            environment,
            over: exchange,
            endpoints: try EndpointSettings(variables: variables),
            sessionName: "run-1",
            warn: { _ in }
        )
        let credentials = try await CredentialBase(chain).credentials()
        let secrets = KnownSecrets(sessionTokens: [], authorizations: [], held: chain.secrets)
        for spelling in SafeTextSecretTests.spellings {
            let signing = credentials.signing
            for secret in [signing.secretAccessKey.revealed, signing.sessionToken?.revealed] {
                guard let secret else { continue }
                let shown = secrets.scrubbed("bad <\(spelling.write(secret))> x")
                let isHidden = shown.contains("<redacted>") || shown.contains("is left out")
                #expect(isHidden && !shown.contains(secret), "\(shown)")
            }
        }
        return credentials
    }

    private func leak(of result: Result<Credentials, any Error>) throws -> String? {
        var dumped = ""
        dump(result, to: &dumped)
        let text = "\(result) \(String(reflecting: result)) \(dumped)"
        return Canary.isIn(text) ? "a secret is shown" : nil
    }

    private func contradiction(of result: Result<Credentials, any Error>) -> String? {
        switch (combination.expected, result) {
        case (.key(let key, let source), .success(let credentials)):
            let isRight =
                credentials.signing.accessKeyID == key && credentials.source.contains(source)
                && credentials.signing.secretAccessKey == Secret(Canary.secret)
            return isRight ? nil : "\(credentials.signing.accessKeyID) from \(credentials.source)"
        case (.fault(let parts), .failure(let error)):
            let missing = parts.map { $0.replacingOccurrences(of: "FOLDER", with: folder.path) }
                .filter { !"\(error)".contains($0) }
            return missing.isEmpty ? nil : "\(error) does not say \(missing)"
        case (.key, .failure(let error)): return "failed: \(error)"
        case (.fault, .success(let credentials)): return "gave \(credentials)"
        }
    }

    private static func tokenService(
        _ request: SeenRequest,
        _ behaviour: CredentialChainTests.Behaviour?,
        _ now: Timestamp
    ) -> StandInAnswer {
        let form = request.form
        let operation = form["Action"] ?? "none"
        switch behaviour {
        case .broken: return .reply(200, "<html>\(Canary.bearer)</html>")
        case .refusing: return .reply(400, TokenServiceText.refusal("ExpiredTokenException"))
        case .slow: return .silence
        default: break
        }
        let isWeb = operation == "AssumeRoleWithWebIdentity"
        let isSigned = request.headers["authorization"] != nil
        let hasToken = !isWeb || form["WebIdentityToken"] == Canary.bearer
        let role = form["RoleArn"] ?? ""
        let isTop = role.hasSuffix("role/top")
        let hasID = !isTop || (form["ExternalId"] == "outside" && form["RoleSessionName"] == "ana")
        guard isSigned != isWeb, hasToken, hasID, request.target == "/" else {
            return .reply(400, TokenServiceText.refusal("ValidationError"))
        }
        return .reply(
            200,
            TokenServiceText.session(
                of: operation,
                key: isWeb ? "ASIAWEBIDENTITY00001" : "ASIAROLE000000000001",
                role: role,
                until: behaviour.isExpired ? now - .minutes(1) : now + .hours(1)
            )
        )
    }

    private static func container(
        _ request: SeenRequest,
        _ behaviour: CredentialChainTests.Behaviour?,
        _ now: Timestamp
    ) -> StandInAnswer {
        guard request.target == "/v2/credentials" else { return .reply(404, "") }
        let end = behaviour.isExpired ? now - .minutes(1) : now + .hours(6)
        return switch behaviour {
        case .broken: .reply(200, "{\"AccessKeyId\": \"\(Canary.secret)\"")
        case .refusing: .reply(403, Canary.bearer)
        case .slow: .silence
        case .redirecting: .reply(302, "", headers: ["Location": "http://169.254.169.254/"])
        default: .reply(200, keyDocument("ASIACONTAINER0000001", until: end))
        }
    }

    private static func instance(
        _ request: SeenRequest,
        _ behaviour: CredentialChainTests.Behaviour?,
        _ now: Timestamp
    ) -> StandInAnswer {
        let path = "/latest/meta-data/iam/security-credentials/"
        let isV1 = request.headers["x-aws-ec2-metadata-token"] != Canary.bearer
        let end = behaviour.isExpired ? now - .minutes(1) : now + .hours(6)
        let document = keyDocument("ASIAINSTANCE00000001", until: end, code: "Success")
        switch (behaviour, request.method, request.target) {
        case (.slow, _, _): return .silence
        case (.v1Only, "PUT", _): return .reply(403, "")
        case (.v1Only, _, path): return .reply(200, "role")
        case (.v1Only, _, _): return .reply(200, document)
        case (_, "PUT", "/latest/api/token"):
            let isTimed = request.headers["x-aws-ec2-metadata-token-ttl-seconds"] == "21600"
            return isTimed ? .reply(200, Canary.bearer) : .reply(400, "")
        case (_, "GET", _) where isV1: return .reply(401, "")
        case (.refusing, _, _): return .reply(404, "")
        case (_, "GET", path): return .reply(200, "the-role")
        case (_, "GET", path + "the-role"): return .reply(200, document)
        default: return .reply(404, "")
        }
    }
}

extension CredentialChainTests.Behaviour? {
    fileprivate var isExpired: Bool {
        if case .expired = self { true } else { false }
    }
}
