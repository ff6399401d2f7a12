internal import CloudHSM
internal import CloudHSMWire
internal import Foundation

/// The JSON in which helper programs, containers and instances hand out credentials.
///
/// Source: AWS SDKs and Tools Reference Guide, "Process credential provider", "Container credential
/// provider"; EC2 User Guide, "Retrieve security credentials from instance metadata".
struct KeyDocument: Decodable {
    private let version: Int?
    private let code: String?
    private let accessKeyID: String?
    private let secretAccessKey: String?
    private let sessionToken: String?
    private let token: String?
    private let expiration: String?

    private enum CodingKeys: String, CodingKey {
        case version = "Version"
        case code = "Code"
        case accessKeyID = "AccessKeyId"
        case secretAccessKey = "SecretAccessKey"
        case sessionToken = "SessionToken"
        case token = "Token"
        case expiration = "Expiration"
    }

    /// Who hands the document out, which says what must be in it.
    enum Giver {
        case helper
        case container
        case instance
    }

    /// Reads credentials.
    ///
    /// - Parameters:
    ///   - bytes: The document.
    ///   - giver: Who handed it out.
    ///   - source: The source, for people.
    /// - Returns: The credentials.
    /// - Throws: ``CredentialFault`` that repeats nothing of the document but its code.
    static func credentials(
        in bytes: [UInt8],
        from giver: Giver,
        source: String
    ) throws -> Credentials {
        func fault(_ reason: String) -> CredentialFault {
            CredentialFault(source, .malformedAnswer(reason))
        }
        // The decoder's own error may quote the text.
        guard let document = try? JSONDecoder().decode(KeyDocument.self, from: Data(bytes)) else {
            throw fault("it is not the JSON document that it should be")
        }
        if giver == .helper && document.version != 1 { throw fault("its Version is not 1") }
        if let code = document.code, code != "Success" {
            throw CredentialFault(source, .refused(status: 200, code: code))
        }
        guard let id = document.accessKeyID else { throw fault("it has no AccessKeyId") }
        guard let secret = document.secretAccessKey else {
            throw fault("it has no SecretAccessKey")
        }
        let token = giver == .helper ? document.sessionToken : document.token
        if giver != .helper && token == nil { throw fault("it has no Token") }
        if giver != .helper && document.expiration == nil { throw fault("it has no Expiration") }
        return try Credentials(
            signing: SigningCredentials(
                accessKeyID: id,
                secretAccessKey: secret,
                sessionToken: token,
                of: source
            ),
            expiresAt: document.expiration.map { text in
                guard let moment = Timestamp(text) else {
                    throw fault("its Expiration is no moment")
                }
                return moment
            },
            source: source
        )
    }
}
