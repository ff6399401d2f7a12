internal import CloudHSM
internal import StrongroomModel

/// Carries listing calls, and again where that may help: reading changes nothing.
struct ListingReader: Sendable {
    let sending: CallSending
    let rates: RequestRates
    let rule: RetryRule
    let jitter: @Sendable () -> Double
    let sleep: @Sendable (Duration) async throws -> Void

    /// Asks until an answer is there or nothing is to be hoped for any more.
    ///
    /// - Throws: ``ServiceException`` for a refusal; ``CallFault``; what the credentials' source
    ///   throws; `CancellationError`.
    func read(_ call: Call, at place: Place) async throws -> Answer {
        guard call.repetition == .reading else {
            throw CallFault.notReading(operation: call.operation)
        }
        var attempt = 1
        while true {
            try await rest(rates.take(for: place, at: sending.uptime()))
            let prepared = try await sending.prepare(call, for: place)
            let sentAt = sending.uptime()
            let outcome = try await sending.send(
                prepared.request,
                for: call,
                at: place,
                over: .pooled,
                attempt: attempt
            )
            if case .answered(let answer) = outcome { return answer }
            try Task.checkCancellation()
            if case .throttled = outcome {
                rates.throttled(place, sentAt: sentAt, at: sending.uptime())
            }
            if case .sessionEnded = outcome {
                await sending.sessions.letGo(of: prepared.credentials, of: place.account)
            }
            switch rule.next(after: outcome, attempt: attempt) {
            case .giveUp: throw outcome.fault(of: call, at: place, attempts: attempt)
            case .atOnce: break
            case .afterPause: try await rest(rule.pause(after: attempt, share: jitter()))
            }
            attempt += 1
        }
    }

    private func rest(_ span: Duration) async throws {
        if span > .zero { try await sleep(span) }
    }
}

extension CallOutcome {
    /// Why a listing was given up; the service's own exceptions go through as they are.
    fileprivate func fault(of call: Call, at place: Place, attempts: Int) -> any Error {
        let problem: String
        switch self {
        case .refused(let exception): return exception
        case .throttled(let text): return ServiceException(.throttling, text)
        case .answered: problem = "nothing"
        case .sessionEnded(let text):
            problem = "the session has ended, and a new one is not taken either: \(text)"
        case .clockOff(let text):
            problem = "the signature's date is not taken: \(text); set this machine's clock right"
        case .turnedAway(let text): problem = text
        case .lost(let failure): problem = "\(failure)"
        case .unclear(let status, let text): problem = "HTTP \(status): \(text)"
        }
        return CallFault.unread(
            operation: call.operation,
            place: place,
            attempts: attempts,
            problem: problem
        )
    }
}
