/// A request that got no whole answer.
public struct HTTPFailure: Error, Hashable, Sendable {
    /// What went wrong.
    public enum Kind: Hashable, Sendable {
        /// The host has no address.
        case unknownHost
        /// Nothing listens at the address.
        case refused
        /// No connection came to be, for another reason.
        case unreachable(String)
        /// The certificate is not signed by a trusted root, or is for another host.
        case untrusted(String)
        /// TLS did not come to be for another reason, such as a version below 1.2.
        case tls(String)
        /// The time was over.
        case timeout(Duration)
        /// The connection ended before the answer did.
        case connectionLost
        /// The answer is longer than was allowed, in bytes.
        case answerTooLong(Int)
        /// The request could not be written down, such as a line break in a header.
        case malformedRequest(String)
        /// The task was cancelled.
        case cancelled
        /// The client was shut down before.
        case shutDown
        /// Anything else.
        case other(String)
    }

    /// Whether the other end can have seen the request.
    public enum Sending: Hashable, Sendable {
        /// Not one byte of its body left, so it cannot have been acted on.
        case certainlyNotSent
        /// It may have been acted on.
        case mayHaveBeenSent
    }

    /// What went wrong.
    public let kind: Kind

    /// Whether the other end can have seen the request.
    public let sending: Sending

    /// Where it was going.
    public let origin: HTTPOrigin

    /// Says what became of a request.
    ///
    /// - Parameters:
    ///   - kind: What went wrong.
    ///   - sending: Whether the other end can have seen it.
    ///   - origin: Where it was going.
    public init(_ kind: Kind, _ sending: Sending, at origin: HTTPOrigin) {
        self.kind = kind
        self.sending = sending
        self.origin = origin
    }
}

extension HTTPFailure: CustomStringConvertible {
    /// What went wrong, where, and whether the request may have been sent; never what was sent.
    public var description: String {
        switch sending {
        case .certainlyNotSent: "\(origin): \(kind.text); the request was not sent"
        case .mayHaveBeenSent: "\(origin): \(kind.text); the request may have been sent"
        }
    }
}

extension HTTPFailure.Kind {
    /// What went wrong, for people.
    fileprivate var text: String {
        switch self {
        case .unknownHost: "the host is not known"
        case .refused: "the connection was refused"
        case .unreachable(let reason): "no connection: \(reason)"
        case .untrusted(let reason):
            "the certificate is not trusted (\(reason)); "
                + "a private root goes into the file that AWS_CA_BUNDLE names"
        case .tls(let reason): "no TLS connection: \(reason)"
        case .timeout(let limit): "no whole answer within \(limit)"
        case .connectionLost: "the connection ended before the answer did"
        case .answerTooLong(let limit): "the answer is longer than \(limit) bytes"
        case .malformedRequest(let reason): "the request cannot be written down: \(reason)"
        case .cancelled: "cancelled"
        case .shutDown: "the client was shut down"
        case .other(let reason): reason
        }
    }
}
