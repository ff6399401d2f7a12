/// Sends one request and reads its answer.
///
/// It sends once: it follows no redirect and tries nothing again, so what was sent is known to who
/// asked for it.
public protocol HTTPExchange: Sendable {
    /// Sends a request and reads the answer to its end.
    ///
    /// - Parameters:
    ///   - request: What is sent.
    ///   - limit: How long all of it may take, name look-up and the end of the answer included.
    /// - Returns: The answer, whatever its status.
    /// - Throws: ``HTTPFailure``, which tells whether the request may have been sent.
    func send(_ request: HTTPMessageRequest, within limit: Duration) async throws
        -> HTTPMessageResponse
}

extension HTTPExchange {
    /// Sends a request that changes nothing, so that nobody needs to know what became of it once the
    /// run is to stop.
    ///
    /// - Parameters:
    ///   - request: What is sent; it only reads.
    ///   - limit: How long all of it may take, name look-up and the end of the answer included.
    /// - Returns: The answer, whatever its status.
    /// - Throws: ``HTTPFailure``; `CancellationError` and nothing else if the task was cancelled.
    public func ask(
        _ request: HTTPMessageRequest,
        within limit: Duration
    ) async throws -> HTTPMessageResponse {
        do {
            return try await send(request, within: limit)
        } catch {
            try Task.checkCancellation()
            throw error
        }
    }
}
