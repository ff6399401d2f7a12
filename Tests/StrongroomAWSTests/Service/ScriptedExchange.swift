import CloudHSM
import CloudHSMWire
import StrongroomAWS
import Synchronization

/// An exchange without a network: it answers by a script, and remembers what it was sent.
final class ScriptedExchange: HTTPExchange {
    /// What one request meets.
    enum Reply: Sendable {
        /// An answer.
        case answer(HTTPMessageResponse)
        /// No whole answer.
        case failure(HTTPFailure.Kind, HTTPFailure.Sending)
        /// Whatever follows from the request.
        case following(@Sendable (HTTPMessageRequest) -> HTTPMessageResponse)
    }

    private struct Notes {
        var replies: [Reply]
        var requests: [HTTPMessageRequest] = []
        var limits: [Duration] = []
    }

    private let notes: Mutex<Notes>
    private let onSend: @Sendable () -> Void

    /// Answers in order; the last reply is given again and again.
    init(_ replies: [Reply], onSend: @escaping @Sendable () -> Void = {}) {
        notes = Mutex(Notes(replies: replies))
        self.onSend = onSend
    }

    var requests: [HTTPMessageRequest] { notes.withLock { $0.requests } }
    var limits: [Duration] { notes.withLock { $0.limits } }

    func send(
        _ request: HTTPMessageRequest,
        within limit: Duration
    ) async throws -> HTTPMessageResponse {
        let reply = notes.withLock { notes in
            notes.requests.append(request)
            notes.limits.append(limit)
            return notes.replies.count > 1 ? notes.replies.removeFirst() : notes.replies.first
        }
        onSend()
        try Task.checkCancellation()
        switch reply {
        case .answer(let response): return response
        case .failure(let kind, let sending):
            throw HTTPFailure(kind, sending, at: request.origin)
        case .following(let answer): return answer(request)
        case nil: throw HTTPFailure(.refused, .certainlyNotSent, at: request.origin)
        }
    }
}

extension ScriptedExchange.Reply {
    /// An answer with a text for a body.
    static func text(
        _ status: Int,
        _ body: String,
        headers: [(name: String, value: String)] = []
    ) -> ScriptedExchange.Reply {
        .answer(HTTPMessageResponse(status: status, headers: headers, body: Array(body.utf8)))
    }

    /// An exception.
    static func exception(
        _ name: String,
        _ message: String = "why",
        status: Int = 400,
        headers: [(name: String, value: String)] = []
    ) -> ScriptedExchange.Reply {
        let body = ErrorCoding.encode(name: name, message: message)
        return .answer(HTTPMessageResponse(status: status, headers: headers, body: body))
    }

    /// A page with nothing on it.
    static let emptyPage = text(200, #"{"Clusters":[]}"#)
}

extension HTTPMessageRequest {
    /// The request as a server checks its signature.
    var signable: SignableRequest {
        SignableRequest(
            method: method,
            path: target,
            headers: headers.map { ($0.name, $0.value) },
            body: body
        )
    }

    /// The first value of a header.
    func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}
