internal import CloudHSM
internal import CloudHSMWire
internal import StrongroomModel

/// A call that is signed and not sent yet.
struct PreparedCall: Sendable {
    let request: PreparedRequest
    let credentials: Credentials
    let signedAt: Timestamp
}

/// What it takes to send a signed request once and to understand the answer.
struct CallSending: Sendable {
    let endpoints: EndpointSettings
    let exchange: any HTTPExchange
    let sessions: AccountSessions
    let clock: ServiceClock
    let uptime: @Sendable () -> Duration
    let timeLimit: Duration
    let log: CallLog

    /// Builds and signs the request of a call.
    ///
    /// - Throws: ``WrongPlace``, ``EndpointFault`` or what the credentials' source throws.
    func prepare(
        _ call: Call,
        for place: Place
    ) async throws -> PreparedCall {
        let endpoint = try endpoints.endpoint(of: .cloudHSM, in: place.region)
        let credentials = try await sessions.credentials(of: place.account)
        let moment = clock.now
        let request = try PreparedRequest(
            call,
            to: endpoint,
            with: credentials.signing,
            at: moment
        )
        return PreparedCall(request: request, credentials: credentials, signedAt: moment)
    }

    /// Sends a request, once.
    ///
    /// - Throws: What an exchange throws that is no ``HTTPFailure``.
    func send(
        _ prepared: PreparedRequest,
        for call: Call,
        at place: Place,
        over connection: HTTPMessageRequest.Connection,
        within limit: Duration? = nil,
        attempt: Int
    ) async throws -> CallOutcome {
        let began = uptime()
        let sentAt = clock.localNow
        let secrets = prepared.secrets(beside: sessions.secrets)
        var response: HTTPMessageResponse?
        let outcome: CallOutcome
        do {
            let answer = try await exchange.send(
                prepared.message(over: connection),
                within: limit ?? timeLimit
            )
            response = answer
            outcome = CallOutcome(answer, to: call, at: place, hiding: secrets)
            learn(from: answer, outcome, sentAt: sentAt)
        } catch let failure as HTTPFailure {
            outcome = .lost(failure)
        }
        log.note(
            call,
            at: place,
            attempt: attempt,
            prepared,
            response,
            outcome,
            hiding: secrets,
            took: uptime() - began
        )
        return outcome
    }

    /// Only the service's own answers tell its time; a proxy's page does not.
    private func learn(
        from answer: HTTPMessageResponse,
        _ outcome: CallOutcome,
        sentAt: Timestamp
    ) {
        switch outcome {
        case .answered, .refused, .throttled, .sessionEnded, .clockOff:
            clock.learn(
                from: answer.header("Date"),
                sentAt: sentAt,
                receivedAt: clock.localNow
            )
        case .unsigned, .turnedAway, .lost, .unclear: break
        }
    }
}
