internal import CloudHSM
internal import CloudHSMWire

/// AWS Security Token Service, of one Region.
///
/// Source: AWS STS API Reference, "AssumeRole", "AssumeRoleWithWebIdentity", "GetCallerIdentity";
/// the query protocol with answers in XML.
struct TokenService: Sendable {
    let endpoint: ServiceEndpoint
    let exchange: any HTTPExchange
    let secrets: SecretBook
    let now: @Sendable () -> Timestamp

    /// How long one try may take.
    var timeLimit = Duration.seconds(10)

    private static let tries = 2
    private static let answerLimit = 256 << 10

    /// Takes on a role.
    ///
    /// - Parameters:
    ///   - request: The role, and what is said when taking it on.
    ///   - signing: Whose right it is to take it on.
    ///   - source: The source, for people.
    /// - Returns: The session's credentials.
    /// - Throws: ``CredentialFault``; `CancellationError`.
    func assume(
        _ request: RoleRequest,
        with signing: SigningCredentials,
        source: String
    ) async throws -> Credentials {
        var fields = [
            ("RoleArn", "\(request.role)"), ("RoleSessionName", request.sessionName),
        ]
        if let id = request.externalID { fields.append(("ExternalId", id)) }
        if let seconds = request.durationInSeconds {
            fields.append(("DurationSeconds", "\(seconds)"))
        }
        let answer = try await ask("AssumeRole", fields, signedWith: signing, source: source)
        return try session(in: answer, "AssumeRole", of: request.role, source: source)
    }

    /// Takes on a role by a token that somebody else signed; the request itself is not signed.
    ///
    /// - Parameters:
    ///   - request: The role, and what is said when taking it on.
    ///   - token: The token.
    ///   - source: The source, for people.
    /// - Returns: The session's credentials.
    /// - Throws: ``CredentialFault``; `CancellationError`.
    func assume(
        _ request: RoleRequest,
        showing token: Secret,
        source: String
    ) async throws -> Credentials {
        var fields = [
            ("RoleArn", "\(request.role)"), ("RoleSessionName", request.sessionName),
            ("WebIdentityToken", token.revealed),
        ]
        if let seconds = request.durationInSeconds {
            fields.append(("DurationSeconds", "\(seconds)"))
        }
        let operation = "AssumeRoleWithWebIdentity"
        let answer = try await ask(operation, fields, signedWith: nil, source: source)
        return try session(in: answer, operation, of: request.role, source: source)
    }

    /// Asks who we are; every caller may.
    ///
    /// - Parameters:
    ///   - signing: The credentials in question.
    ///   - source: The source, for people.
    /// - Returns: Who AWS takes us for.
    /// - Throws: ``CredentialFault``; `CancellationError`.
    func identity(of signing: SigningCredentials, source: String) async throws -> CallerIdentity {
        let operation = "GetCallerIdentity"
        let answer = try await ask(operation, [], signedWith: signing, source: source)
        guard let identity = answer["\(operation)Result", "Arn"].flatMap(CallerIdentity.init(arn:)),
            answer["\(operation)Result", "Account"] == identity.account.description
        else {
            throw CredentialFault(source, .malformedAnswer("\(operation) names no account"))
        }
        return identity
    }
}

extension TokenService {
    private func session(
        in answer: TokenServiceAnswer,
        _ operation: String,
        of role: RoleARN,
        source: String
    ) throws -> Credentials {
        func text(_ name: String) throws -> String {
            guard let text = answer["\(operation)Result", "Credentials", name] else {
                throw CredentialFault(source, .malformedAnswer("\(operation) gives no \(name)"))
            }
            return text
        }
        guard let end = Timestamp(try text("Expiration")) else {
            throw CredentialFault(source, .malformedAnswer("its Expiration is no moment"))
        }
        let identity = answer["\(operation)Result", "AssumedRoleUser", "Arn"]
            .flatMap(CallerIdentity.init(arn:))
        guard let identity, identity.account == role.account, identity.partition == role.partition
        else {
            throw CredentialFault(source, .malformedAnswer("it is a session of another account"))
        }
        let signing = try SigningCredentials(
            accessKeyID: text("AccessKeyId"),
            secretAccessKey: text("SecretAccessKey"),
            sessionToken: text("SessionToken"),
            of: source
        )
        secrets.note(signing)
        return Credentials(
            signing: signing,
            expiresAt: end,
            source: source
        )
    }

    private func ask(
        _ operation: String,
        _ fields: [(String, String)],
        signedWith signing: SigningCredentials?,
        source: String
    ) async throws -> TokenServiceAnswer {
        if let signing { secrets.note(signing) }
        let all = [("Action", operation), ("Version", "2011-06-15")] + fields
        let body = Array(
            all.map { "\(percentEncoded($0.0))=\(percentEncoded($0.1))" }.joined(separator: "&")
                .utf8
        )
        var last = CredentialFault(source, .refused(status: 0, code: nil))
        for _ in 0..<Self.tries {
            try Task.checkCancellation()
            do {
                let answer = try await exchange.ask(
                    request(body, signedWith: signing),
                    within: timeLimit
                )
                let fault = try Self.refusal(in: answer, source: source)
                guard let fault else { return try Self.read(answer.body, source: source) }
                last = fault.fault
                guard fault.mayPass else { throw last }
            } catch let failure as HTTPFailure {
                last = CredentialFault(source, .unanswered(failure))
            }
        }
        throw last
    }

    private func request(
        _ body: [UInt8],
        signedWith signing: SigningCredentials?
    ) -> HTTPMessageRequest {
        let headers = [
            ("Host", endpoint.origin.hostHeader),
            ("Content-Type", "application/x-www-form-urlencoded; charset=utf-8"),
        ]
        var request = SignableRequest(headers: headers, body: body)
        if let signing {
            request = SigV4.sign(
                request,
                credentials: signing,
                region: endpoint.region.description,
                service: endpoint.service.signingName,
                at: now()
            )
        }
        return HTTPMessageRequest(
            request.method,
            to: endpoint.origin,
            target: request.path,
            headers: request.headers.map { (name: $0.0, value: $0.1) },
            body: request.body,
            answerLimit: Self.answerLimit
        )
    }

    /// Why STS says no, and whether it may say yes when asked again; `nil` if it says yes.
    ///
    /// Of a refusal only the name of its error is kept: its message may quote what was sent.
    private static func refusal(
        in answer: HTTPMessageResponse,
        source: String
    ) throws -> (fault: CredentialFault, mayPass: Bool)? {
        guard answer.status != 200 else { return nil }
        let code = (try? TokenServiceAnswer(answer.body))?["Error", "Code"]
        let isThrottled = ["Throttling", "ThrottlingException", "IDPCommunicationError"]
            .contains(code ?? "")
        return (
            CredentialFault(source, .refused(status: answer.status, code: code)),
            mayPass: answer.status >= 500 || isThrottled
        )
    }

    private static func read(_ bytes: [UInt8], source: String) throws -> TokenServiceAnswer {
        do {
            return try TokenServiceAnswer(bytes)
        } catch {
            throw CredentialFault(
                source,
                .malformedAnswer("it is not XML as STS sends it (\(error.reason))")
            )
        }
    }
}

/// Every byte but RFC 3986's unreserved ones as `%` and two hexadecimal digits.
private func percentEncoded(_ text: String) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    let bytes = text.utf8.flatMap { byte -> [UInt8] in
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: [byte]
        default: [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
    }
    return String(decoding: bytes, as: UTF8.self)
}
