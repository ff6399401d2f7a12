internal import CloudHSM

/// The role of the EC2 instance we run on, asked for by IMDSv2 and never by v1.
///
/// A token comes first. The answer to that request lives for as many network hops as the instance's
/// metadata options say, one by default, so from inside a container it may never arrive; v1 would,
/// and with it whatever can make a program of the instance send a GET. Source: EC2 User Guide, "Use
/// the Instance Metadata Service to access instance metadata".
struct InstanceSource: CredentialSource {
    let name = "instance role (IMDSv2)"

    private let environment: CredentialEnvironment
    private let exchange: any HTTPExchange

    private static let endpointVariable = "AWS_EC2_METADATA_SERVICE_ENDPOINT"
    private static let modeVariable = "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"
    private static let path = "/latest/meta-data/iam/security-credentials/"

    /// Hosts that may be spoken to without TLS beside this machine.
    private static let linkLocal = ["169.254.169.254", "fd00:ec2::254"]

    /// The source, unless it is switched off.
    init?(_ environment: CredentialEnvironment, over exchange: any HTTPExchange) {
        guard environment.text("AWS_EC2_METADATA_DISABLED")?.lowercased() != "true" else {
            return nil
        }
        self.environment = environment
        self.exchange = exchange
    }

    func credentials() async throws -> Credentials {
        let origin = try origin()
        let token = try await token(from: origin)
        let list = try await get(Self.path, from: origin, token)
        let roles = String(decoding: list, as: UTF8.self).split(whereSeparator: \.isNewline)
        guard let role = roles.first, role.utf8.allSatisfy(Self.isRoleLetter) else {
            throw CredentialFault(name, .malformedAnswer("it names no role"))
        }
        let document = try await get("\(Self.path)\(role)", from: origin, token)
        return try KeyDocument.credentials(in: document, from: .instance, source: name)
    }

    private func token(from origin: HTTPOrigin) async throws -> String {
        let answer = try await MetadataExchange(exchange, source: name).send(
            HTTPMessageRequest(
                "PUT",
                to: origin,
                target: "/latest/api/token",
                headers: [(name: "X-aws-ec2-metadata-token-ttl-seconds", value: "21600")],
                answerLimit: MetadataExchange.answerLimit
            )
        )
        guard answer.status == 200 else {
            throw CredentialFault(name, .refused(status: answer.status, code: "no IMDSv2 token"))
        }
        let token = String(decoding: answer.body, as: UTF8.self)
        guard !token.isEmpty, token.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw CredentialFault(name, .malformedAnswer("it is not a token"))
        }
        environment.secrets.note(token)
        return token
    }

    private func get(
        _ path: String,
        from origin: HTTPOrigin,
        _ token: String
    ) async throws -> [UInt8] {
        let answer = try await MetadataExchange(exchange, source: name).send(
            HTTPMessageRequest(
                "GET",
                to: origin,
                target: path,
                headers: [(name: "X-aws-ec2-metadata-token", value: token)],
                answerLimit: MetadataExchange.answerLimit
            )
        )
        switch answer.status {
        case 200: return answer.body
        case 404:
            throw CredentialFault(name, .refused(status: 404, code: "the instance has no role"))
        default: throw CredentialFault(name, .refused(status: answer.status, code: nil))
        }
    }

    private func origin() throws -> HTTPOrigin {
        guard let text = environment.text(Self.endpointVariable) else { return try usualOrigin() }
        func forbidden(_ reason: String) -> CredentialFault {
            CredentialFault(
                name,
                .forbiddenAddress(variable: Self.endpointVariable, reason: reason)
            )
        }
        let address: WebAddress
        do throws(WebAddress.Fault) {
            address = try WebAddress(text)
        } catch {
            throw forbidden(error.description)
        }
        guard address.target == "/" else { throw forbidden("has a path or a query") }
        let origin = address.origin
        guard origin.scheme == .https || origin.isLoopback || Self.linkLocal.contains(origin.host)
        else {
            throw forbidden(
                "is plain http to \(origin.host); without TLS only this machine and "
                    + "\(Self.linkLocal.joined(separator: ", ")) may be asked"
            )
        }
        return origin
    }

    private func usualOrigin() throws -> HTTPOrigin {
        switch environment.text(Self.modeVariable)?.lowercased() {
        case nil, "ipv4": return HTTPOrigin(.http, host: Self.linkLocal[0])
        case "ipv6": return HTTPOrigin(.http, host: Self.linkLocal[1])
        default:
            let reason = "is neither IPv4 nor IPv6"
            throw CredentialFault(name, .malformedValue(name: Self.modeVariable, reason: reason))
        }
    }

    /// Source: IAM API Reference, "CreateRole", pattern of `RoleName`.
    private static func isRoleLetter(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: "_+=,.@-".utf8.contains(byte)
        }
    }
}
