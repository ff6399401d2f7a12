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
    /// - Throws: ``ServiceException`` if something is wrong with the call; ``CallFault``; what the
    ///   credentials' source throws; what the bounds throw; `CancellationError`.
    func read(
        _ call: Call,
        at place: Place,
        within bounds: ListingBounds
    ) async throws -> Answer {
        guard call.repetition == .reading else {
            throw CallFault.notReading(operation: call.operation)
        }
        var attempt = 1
        while true {
            try await rest(rates.take(for: place, at: sending.uptime()), within: bounds)
            let prepared = try await sending.prepare(call, for: place)
            let sentAt = sending.uptime()
            let outcome = try await sending.send(
                prepared.request,
                for: call,
                at: place,
                over: .pooled,
                // Never none: the time may be over since it was last looked at.
                within: min(sending.timeLimit, max(bounds.timeLeft(), .milliseconds(1))),
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
            let next = rule.next(after: outcome, attempt: attempt)
            let trial = FailedListing(call, at: place, prepared.credentials, attempts: attempt)
            let fault = trial.fault(of: outcome)
            if next == .giveUp { throw fault }
            if !outcome.isThrottled { try bounds.failed(fault) }
            if next == .afterPause {
                let pause = rule.pause(after: attempt, share: jitter())
                // No pause that lasts longer than what is left: the failure says more.
                guard pause < bounds.timeLeft() else { throw fault }
                try await rest(pause, within: bounds)
            }
            attempt += 1
        }
    }

    private func rest(_ span: Duration, within bounds: ListingBounds) async throws {
        let span = min(span, bounds.timeLeft())
        if span > .zero { try await sleep(span) }
        try Task.checkCancellation()
        try bounds.check()
    }
}

extension CallOutcome {
    fileprivate var isThrottled: Bool {
        if case .throttled = self { true } else { false }
    }
}
