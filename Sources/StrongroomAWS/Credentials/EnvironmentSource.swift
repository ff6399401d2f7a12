internal import CloudHSM
internal import CloudHSMWire

/// Keys that the environment holds itself.
///
/// Source: AWS SDKs and Tools Reference Guide, "AWS access keys".
struct EnvironmentSource: CredentialSource {
    let name = "environment (AWS_ACCESS_KEY_ID)"

    private let environment: CredentialEnvironment

    /// The source; `nil` if neither half of a key is there.
    init?(_ environment: CredentialEnvironment) {
        guard
            environment.text("AWS_ACCESS_KEY_ID") != nil
                || environment.text("AWS_SECRET_ACCESS_KEY") != nil
        else { return nil }
        self.environment = environment
    }

    func credentials() throws -> Credentials {
        let id = environment.text("AWS_ACCESS_KEY_ID")
        let secret = environment.text("AWS_SECRET_ACCESS_KEY")
        guard let id else {
            throw fault(.partial(has: "AWS_SECRET_ACCESS_KEY", lacks: "AWS_ACCESS_KEY_ID"))
        }
        guard let secret else {
            throw fault(.partial(has: "AWS_ACCESS_KEY_ID", lacks: "AWS_SECRET_ACCESS_KEY"))
        }
        return try Credentials(
            signing: SigningCredentials(
                accessKeyID: id,
                secretAccessKey: secret,
                sessionToken: environment.text("AWS_SESSION_TOKEN"),
                of: name
            ),
            expiresAt: try end(),
            source: name
        )
    }

    /// What tools that hand on temporary keys say of their end.
    private func end() throws -> Timestamp? {
        guard let text = environment.text("AWS_CREDENTIAL_EXPIRATION") else { return nil }
        guard let moment = Timestamp(text) else {
            throw fault(
                .malformedValue(name: "AWS_CREDENTIAL_EXPIRATION", reason: "is not a moment")
            )
        }
        return moment
    }

    private func fault(_ kind: CredentialFault.Kind) -> CredentialFault {
        CredentialFault(name, kind)
    }
}

extension SigningCredentials {
    /// Checks what somebody gave as a key: what is sent in a header must fit in one.
    ///
    /// - Parameters:
    ///   - accessKeyID: The key's id: 16 to 128 letters, digits and underscores (AWS STS API
    ///     Reference, "Credentials").
    ///   - secretAccessKey: The key.
    ///   - sessionToken: What goes with a temporary key; none if empty.
    ///   - source: Where they are from, for people.
    /// - Throws: ``CredentialFault`` that does not repeat the values.
    init(
        accessKeyID: String,
        secretAccessKey: String,
        sessionToken: String?,
        of source: String
    ) throws {
        func check(_ text: String, _ name: String, _ isFit: (UInt8) -> Bool) throws {
            guard !text.isEmpty, text.utf8.allSatisfy(isFit) else {
                let reason = "is empty or has characters that it cannot have"
                throw CredentialFault(source, .malformedValue(name: name, reason: reason))
            }
        }
        try check(accessKeyID, "the access key id") { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
                || (0x61...0x7A).contains(byte) || byte == 0x5F
        }
        try check(secretAccessKey, "the secret access key") { (0x21...0x7E).contains($0) }
        let token = sessionToken.flatMap { $0.isEmpty ? nil : $0 }
        if let token { try check(token, "the session token") { (0x21...0x7E).contains($0) } }
        self.init(
            accessKeyID: accessKeyID,
            secretAccessKey: Secret(secretAccessKey),
            sessionToken: token.map(Secret.init)
        )
    }
}
