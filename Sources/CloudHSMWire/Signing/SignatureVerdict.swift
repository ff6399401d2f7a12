/// What a server makes of a request's signature.
public enum SignatureVerdict: Hashable, Sendable {
    /// It is right.
    case valid(accessKeyID: String, region: String, service: String)
    /// It is not, and why.
    case refused(SignatureRefusal)
}

/// Why a signature is not accepted, by the names that AWS's JSON services give.
///
/// Source: "Common Errors" of the AWS API references; observed texts of AWS JSON services.
public struct SignatureRefusal: Error, Hashable, Sendable {
    /// The exception's name; all of them come with HTTP 400 from JSON services but the last three.
    public enum Name: String, Hashable, Sendable, CaseIterable {
        /// The signature, its date or its scope is wrong.
        case invalidSignature = "InvalidSignatureException"
        /// The header is there but lacks a part.
        case incompleteSignature = "IncompleteSignatureException"
        /// There is no signature.
        case missingAuthenticationToken = "MissingAuthenticationTokenException"
        /// Nobody has that key.
        case unrecognizedClient = "UnrecognizedClientException"
    }

    /// Which refusal.
    public let name: Name

    /// Its text.
    public let message: String
}
