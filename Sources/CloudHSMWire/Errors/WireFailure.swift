public import CloudHSM

/// What an answer that is no success says.
public enum WireFailure: Error, Hashable, Sendable {
    /// An exception of the service's own, or one that all of AWS shares and means the same.
    case exception(ServiceException)
    /// Too many requests; the call was not carried out.
    case throttled(name: String, message: String)
    /// The session's token has run out; the call was not carried out.
    case expiredToken(name: String, message: String)
    /// The signature's date is too far from the service's clock; the call was not carried out.
    case clock(name: String, message: String)
    /// The signature or its key is not accepted; the call was not carried out.
    case signature(name: String, message: String)
    /// A name this version does not know.
    case unrecognised(status: Int, name: String, message: String)
    /// A body that is not the service's, such as a proxy's page.
    case notJSON(status: Int, excerpt: String)
}

extension WireFailure: CustomStringConvertible {
    /// The name and text.
    public var description: String {
        switch self {
        case .exception(let exception): exception.description
        case .throttled(let name, let message), .expiredToken(let name, let message),
            .clock(let name, let message), .signature(let name, let message):
            "\(name): \(message)"
        case .unrecognised(let status, let name, let message):
            "\(name): \(message) (HTTP \(status))"
        case .notJSON(let status, let excerpt):
            "HTTP \(status) without a known error in its body"
                + (excerpt.isEmpty ? "" : ": \(excerpt)")
        }
    }
}
