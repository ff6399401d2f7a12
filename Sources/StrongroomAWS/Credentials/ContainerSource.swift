internal import CloudHSM

/// The endpoint that ECS and EKS Pod Identity give a container.
///
/// Source: AWS SDKs and Tools Reference Guide, "Container credential provider".
struct ContainerSource: CredentialSource {
    let name: String

    private let variable: String
    private let environment: CredentialEnvironment
    private let exchange: any HTTPExchange

    private static let relative = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"
    private static let full = "AWS_CONTAINER_CREDENTIALS_FULL_URI"

    /// Hosts that may be spoken to without TLS beside this machine: ECS's, and EKS Pod Identity's.
    private static let linkLocal = ["169.254.170.2", "169.254.170.23", "fd00:ec2::23"]

    /// The source; `nil` if no endpoint is given.
    ///
    /// The relative address goes first, as in AWS's own tools.
    init?(_ environment: CredentialEnvironment, over exchange: any HTTPExchange) {
        guard
            let variable = [Self.relative, Self.full].first(where: { environment.text($0) != nil })
        else { return nil }
        self.variable = variable
        self.environment = environment
        self.exchange = exchange
        name = "container endpoint (\(variable))"
    }

    func credentials() async throws -> Credentials {
        let address = try address()
        var headers = [(name: "Accept", value: "application/json")]
        if let token = try token() { headers.append((name: "Authorization", value: token)) }
        let answer = try await MetadataExchange(exchange, source: name).send(
            HTTPMessageRequest(
                "GET",
                to: address.origin,
                target: address.target,
                headers: headers,
                answerLimit: MetadataExchange.answerLimit
            )
        )
        guard answer.status == 200 else {
            throw CredentialFault(name, .refused(status: answer.status, code: nil))
        }
        return try KeyDocument.credentials(in: answer.body, from: .container, source: name)
    }

    /// The address, if credentials may be asked of it: whoever sets the variable must not be able to
    /// have the token sent in the clear, or credentials of theirs taken from anywhere.
    private func address() throws -> WebAddress {
        let text = environment.text(variable) ?? ""
        func forbidden(_ reason: String) -> CredentialFault {
            CredentialFault(name, .forbiddenAddress(variable: variable, reason: reason))
        }
        let isRelative = variable == Self.relative
        guard !isRelative || text.hasPrefix("/") else { throw forbidden("does not begin with /") }
        let address: WebAddress
        do throws(WebAddress.Fault) {
            address = try WebAddress(isRelative ? "http://\(Self.linkLocal[0])\(text)" : text)
        } catch {
            throw forbidden(error.description)
        }
        let origin = address.origin
        let isAllowed =
            origin.scheme == .https || origin.isLoopback || Self.linkLocal.contains(origin.host)
        guard isAllowed else {
            throw forbidden(
                "is plain http to \(origin.host); without TLS only this machine and "
                    + "\(Self.linkLocal.joined(separator: ", ")) may be asked"
            )
        }
        return address
    }

    /// The token to show; the file goes first, and is read each time because it is renewed.
    private func token() throws -> String? {
        let fileVariable = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"
        if let path = environment.text(fileVariable) {
            return try environment.token(at: path, of: fileVariable, for: name)
        }
        let variable = "AWS_CONTAINER_AUTHORIZATION_TOKEN"
        return try environment.text(variable).map {
            environment.secrets.note($0)
            return try tokenText($0, of: variable, for: name)
        }
    }
}

extension CredentialEnvironment {
    /// A token that stands in a file; a line break at its end is not part of it.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - variable: The variable or key that names it.
    ///   - source: The source, for people.
    /// - Returns: The token.
    /// - Throws: ``CredentialFault`` that does not repeat it.
    func token(at path: String, of variable: String, for source: String) throws -> String {
        let file: CredentialFile
        do throws(FileFault) {
            file = try readFile(expanding(path))
        } catch {
            throw CredentialFault(source, .unreadable(path: path, error))
        }
        var text = String(decoding: file.bytes, as: UTF8.self)
        while text.last?.isNewline == true { text.removeLast() }
        secrets.note(text)
        return try tokenText(text, of: "the file in \(variable)", for: source)
    }
}

/// A token that fits in a header.
private func tokenText(_ text: String, of name: String, for source: String) throws -> String {
    guard !text.isEmpty, text.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
        let reason = "is empty or has characters that a token cannot have"
        throw CredentialFault(source, .malformedValue(name: name, reason: reason))
    }
    return text
}
