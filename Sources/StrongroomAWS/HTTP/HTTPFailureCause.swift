internal import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL

extension HTTPFailure {
    /// Says what an error of the client's means for the request.
    ///
    /// - Parameters:
    ///   - error: What the client threw.
    ///   - request: The request.
    ///   - body: Its body, which knows whether it was asked for.
    ///   - limit: How long all of it could take.
    init(
        _ error: any Error,
        of request: HTTPMessageRequest,
        _ body: WatchedBody,
        within limit: Duration
    ) {
        let (kind, isBeforeSending) = Self.meaning(of: error, within: limit, request.answerLimit)
        // With a body the body decides. Without one only the kind of error can tell.
        let isUnsent = body.bytes.isEmpty ? isBeforeSending : !body.mayHaveLeft
        self.init(kind, isUnsent ? .certainlyNotSent : .mayHaveBeenSent, at: request.origin)
    }

    private static func meaning(
        of error: any Error,
        within limit: Duration,
        _ answerLimit: Int
    ) -> (kind: Kind, isBeforeSending: Bool) {
        switch error {
        case let error as Malformed: (.malformedRequest(error.reason), true)
        case let error as NIOConnectionError: (connection(error), true)
        case let error as NIOSSLError: tls(error)
        case let error as BoringSSLError: (.tls(String(describing: error)), false)
        case let error as NIOSSLExtraError: extra(error)
        case HTTPParserError.invalidEOFState: (.connectionLost, false)
        case is HTTPParserError: (.other("the answer is not HTTP"), false)
        case is NIOTooManyBytesError: (.answerTooLong(answerLimit), false)
        case let error as HTTPClientError: client(error, within: limit)
        case is CancellationError: (.cancelled, false)
        case let error as ChannelError: channel(error)
        case let error as IOError: input(error)
        default: (.other("\(type(of: error))"), false)
        }
    }

    private static func connection(_ error: NIOConnectionError) -> Kind {
        if error.dnsAError != nil || error.dnsAAAAError != nil, error.connectionErrors.isEmpty {
            return .unknownHost
        }
        let errors = error.connectionErrors.map(\.error)
        for case let error as IOError in errors where error.errnoCode == 111 { return .refused }
        for case let error as IOError in errors { return .unreachable("\(error)") }
        return .unreachable("no address of it answered")
    }

    private static func tls(_ error: NIOSSLError) -> (Kind, Bool) {
        switch error {
        case .handshakeFailed(let inner):
            let text = "\(inner)"
            return text.contains("CERTIFICATE_VERIFY_FAILED")
                ? (.untrusted("it is not signed by a trusted root, or has run out"), true)
                : (.tls(words(of: text)), true)
        case .unableToValidateCertificate: return (.untrusted("it could not be checked"), true)
        case .uncleanShutdown: return (.connectionLost, false)
        default: return (.tls("\(error)"), false)
        }
    }

    private static func extra(_ error: NIOSSLExtraError) -> (Kind, Bool) {
        error == .failedToValidateHostname
            ? (.untrusted("it is for another host"), true) : (.tls("\(error)"), false)
    }

    private static func client(_ error: HTTPClientError, within limit: Duration) -> (Kind, Bool) {
        switch error {
        case .deadlineExceeded, .readTimeout, .writeTimeout: (.timeout(limit), false)
        case .connectTimeout: (.unreachable("nothing answered in time"), true)
        case .tlsHandshakeTimeout: (.tls("the handshake took too long"), true)
        case .getConnectionFromPoolTimeout: (.unreachable("no connection in time"), true)
        case .remoteConnectionClosed: (.connectionLost, false)
        case .cancelled: (.cancelled, false)
        case .alreadyShutdown: (.shutDown, true)
        // The long description may repeat a header's value.
        default: (.other(error.shortDescription), false)
        }
    }

    private static func channel(_ error: ChannelError) -> (Kind, Bool) {
        switch error {
        case .connectTimeout: (.unreachable("nothing answered in time"), true)
        default: (.connectionLost, false)
        }
    }

    private static func input(_ error: IOError) -> (Kind, Bool) {
        error.errnoCode == 111 ? (.refused, true) : (.connectionLost, false)
    }

    /// The library's own name for what went wrong, without its numbers and files.
    private static func words(of text: String) -> String {
        let name = text.split(separator: ":").first { $0.contains("_") }
        return name.map(String.init) ?? "the handshake failed"
    }
}
