internal import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTP1
internal import NIOSSL

/// Sends requests over the network: HTTP/1.1 or HTTP/2, over TLS 1.2 or later where encrypted.
///
/// It reads no environment: proxies play no part, so none can stand between us and a link-local
/// address. There is no way to turn off the check of certificates and host names.
public final class NetworkExchange: HTTPExchange {
    private let pooled: HTTPClient
    private let fresh: HTTPClient

    /// Opens nothing yet.
    ///
    /// - Parameters:
    ///   - roots: The certificates that others' certificates must be signed by.
    ///   - connectionsPerHost: How many HTTP/1.1 connections to one host stay open.
    /// - Throws: ``TrustRoots/Unusable`` if the file of roots holds none.
    public init(trusting roots: TrustRoots = .system, connectionsPerHost: Int = 16) throws {
        var configuration = HTTPClient.Configuration()
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.minimumTLSVersion = .tlsv12
        tls.trustRoots = try roots.load()
        configuration.tlsConfiguration = tls
        configuration.redirectConfiguration = .disallow
        // Otherwise a refused connection is tried again until the time is over.
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = connectionsPerHost
        // Shorter than any server's own limit, so that few idle connections are dead.
        configuration.connectionPool.idleTimeout = .seconds(15)
        pooled = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        configuration.maximumUsesPerConnection = 1
        fresh = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    /// Closes what is still open: a client that is let go of open would end the program.
    deinit {
        pooled.shutdown { _ in }
        fresh.shutdown { _ in }
    }

    /// Closes every connection; nothing can be sent afterwards.
    ///
    /// - Throws: What the closing of a connection throws.
    public func shutDown() async throws {
        try await pooled.shutdown()
        try await fresh.shutdown()
    }

    /// Sends a request once and reads the answer to its end.
    ///
    /// - Parameters:
    ///   - request: What is sent.
    ///   - limit: How long all of it may take.
    /// - Returns: The answer, whatever its status.
    /// - Throws: ``HTTPFailure``.
    public func send(
        _ request: HTTPMessageRequest,
        within limit: Duration
    ) async throws -> HTTPMessageResponse {
        let body = WatchedBody(request.body)
        do {
            try request.check()
            return try await withThrowingTaskGroup(of: HTTPMessageResponse.self) { group in
                group.addTask { try await self.exchange(request, body) }
                group.addTask {
                    try await ContinuousClock().sleep(for: limit)
                    throw HTTPClientError.deadlineExceeded
                }
                defer { group.cancelAll() }
                guard let answer = try await group.next() else { throw CancellationError() }
                return answer
            }
        } catch {
            throw HTTPFailure(error, of: request, body, within: limit)
        }
    }

    private func exchange(
        _ request: HTTPMessageRequest,
        _ body: WatchedBody
    ) async throws -> HTTPMessageResponse {
        var message = HTTPClientRequest(url: "\(request.origin)\(request.target)")
        message.method = HTTPMethod(rawValue: request.method)
        message.headers = HTTPHeaders(request.headers.map { ($0.name, $0.value) })
        if !body.bytes.isEmpty {
            message.body = .stream(body, length: .known(Int64(body.bytes.count)))
        }
        let client =
            switch request.connection {
            case .pooled: pooled
            case .fresh: fresh
            }
        // The time limit is kept outside, because this one ends with the head of the answer.
        let answer = try await client.execute(message, deadline: .distantFuture)
        let bytes = try await answer.body.collect(upTo: request.answerLimit)
        return HTTPMessageResponse(
            status: Int(answer.status.code),
            headers: answer.headers.map { (name: $0.name, value: $0.value) },
            body: Array(buffer: bytes)
        )
    }
}

extension HTTPMessageRequest {
    /// Holds to what can be written down; a line break would begin another header.
    fileprivate func check() throws(Malformed) {
        guard target.hasPrefix("/"), target.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw Malformed(reason: "its path has characters that no path may have")
        }
        for (name, value) in headers {
            guard !name.isEmpty, name.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
                throw Malformed(reason: "a header's name has characters that no name may have")
            }
            guard value.utf8.allSatisfy({ $0 == 0x09 || ($0 >= 0x20 && $0 != 0x7F) }) else {
                throw Malformed(reason: "the header \(name) has a control character in its value")
            }
        }
    }
}

/// A request that cannot be written down; it never says what the value is.
struct Malformed: Error {
    let reason: String
}
