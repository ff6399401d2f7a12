public import StrongroomModel

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

extension HTTPFailure: ReadingFailure {
    /// What went wrong, the same for every Region: AWS's hosts name theirs, and are not named.
    public var unreadReason: UnreadReason {
        let host = origin.nameForPeople
        let network = "check this machine's network and DNS"
        return switch kind {
        case .unknownHost:
            UnreadReason("cannot connect to \(host): its name has no address", next: network)
        case .refused: UnreadReason("cannot connect to \(host): connection refused", next: network)
        case .unreachable(let reason):
            UnreadReason("cannot connect to \(host): \(reason)", next: network)
        case .untrusted(let reason):
            UnreadReason(
                "cannot connect to \(host): its certificate is not trusted (\(reason))",
                next: "name the file of a private root in AWS_CA_BUNDLE"
            )
        case .tls(let reason):
            UnreadReason("cannot connect to \(host): no TLS connection (\(reason))")
        case .timeout: UnreadReason("\(host) did not answer in time", next: network)
        case .connectionLost:
            UnreadReason("\(host) ended the connection before its answer was whole")
        case .answerTooLong(let limit):
            UnreadReason("\(host) gave an answer longer than \(limit) bytes")
        case .malformedRequest, .shutDown, .cancelled:
            UnreadReason("nothing was sent: \(kind.text)")
        case .other(let reason): UnreadReason("no answer from \(host): \(reason)")
        }
    }
}

extension HTTPOrigin {
    /// AWS's endpoints by their service, all others by their address.
    fileprivate var nameForPeople: String {
        guard isAmazons else { return "\(self)" }
        return switch host.split(separator: ".").first.map(String.init) {
        case let word? where word.hasPrefix("cloudhsm"): "the CloudHSM endpoint"
        case let word? where word.hasPrefix("sts"): "the STS endpoint"
        default: "AWS's endpoint"
        }
    }
}
