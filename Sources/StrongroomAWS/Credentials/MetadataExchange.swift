internal import CloudHSM

/// Asks an endpoint on this machine or its link: twice at most, one second each.
///
/// Such endpoints answer at once or not at all. Redirects are a refusal: they could lead a token
/// anywhere.
struct MetadataExchange {
    /// The longest answer taken, in bytes.
    static let answerLimit = 64 << 10

    private let exchange: any HTTPExchange
    private let source: String
    private let timeLimit: Duration
    private static let tries = 2

    init(_ exchange: any HTTPExchange, source: String, timeLimit: Duration = .seconds(1)) {
        self.exchange = exchange
        self.source = source
        self.timeLimit = timeLimit
    }

    /// Sends a request, and once more if it is not answered or answered with 5xx or 429.
    ///
    /// - Parameter request: A request that changes nothing.
    /// - Returns: The answer, whatever else its status.
    /// - Throws: ``CredentialFault``; `CancellationError`.
    func send(_ request: HTTPMessageRequest) async throws -> HTTPMessageResponse {
        var last = CredentialFault(source, .refused(status: 0, code: nil))
        for _ in 0..<Self.tries {
            try Task.checkCancellation()
            do {
                let answer = try await exchange.ask(request, within: timeLimit)
                guard answer.status >= 500 || answer.status == 429 else { return answer }
                last = CredentialFault(source, .refused(status: answer.status, code: nil))
            } catch let failure as HTTPFailure {
                last = CredentialFault(source, .unanswered(failure))
            }
        }
        throw last
    }
}
