public import CloudHSM
internal import CloudHSMWire
public import Logging
public import StrongroomModel

/// CloudHSM itself, over HTTPS.
///
/// What changes something is signed first and sent once, as it was signed, over a connection that
/// nothing was sent over before; nothing is repeated and no redirect followed, so that the journal's
/// protocol holds (`execution.md`, section 2.4). Listings go another way, ``read(_:at:)``, which
/// tries again.
public struct AWSService: Sendable {
    /// How it behaves.
    public struct Settings: Sendable {
        /// How long one exchange may take.
        public var timeLimit: Duration

        /// How often listings are tried.
        public var retries: RetryRule

        /// How many requests each account's Region is sent.
        public var rate: RequestRate.Limits

        /// Sets how it behaves.
        ///
        /// - Parameters:
        ///   - timeLimit: How long one exchange may take; 30 s (`execution.md`, section 2.4, *T*).
        ///   - retries: How often listings are tried.
        ///   - rate: How many requests each account's Region is sent.
        public init(
            timeLimit: Duration = .seconds(30),
            retries: RetryRule = RetryRule(),
            rate: RequestRate.Limits = RequestRate.Limits()
        ) {
            self.timeLimit = timeLimit
            self.retries = retries
            self.rate = rate
        }
    }

    /// What is outside of us, so that tests can stand in for it.
    public struct Surroundings: Sendable {
        /// This machine's clock.
        public var now: @Sendable () -> Timestamp

        /// Time since some moment, by a clock that is never set.
        public var uptime: @Sendable () -> Duration

        /// Lets time pass.
        public var sleep: @Sendable (Duration) async throws -> Void

        /// A random number, 0 to 1.
        public var jitter: @Sendable () -> Double

        /// Names what is outside of us.
        ///
        /// - Parameters:
        ///   - now: This machine's clock.
        ///   - uptime: Time since some moment, by a clock that is never set.
        ///   - sleep: Lets time pass; throws `CancellationError` if the run is to stop.
        ///   - jitter: A random number, 0 to 1.
        public init(
            now: @escaping @Sendable () -> Timestamp,
            uptime: @escaping @Sendable () -> Duration,
            sleep: @escaping @Sendable (Duration) async throws -> Void,
            jitter: @escaping @Sendable () -> Double
        ) {
            self.now = now
            self.uptime = uptime
            self.sleep = sleep
            self.jitter = jitter
        }
    }

    private let sending: CallSending
    private let reader: ListingReader
    private let rates: RequestRates
    private let clock: ServiceClock
    private let sleep: @Sendable (Duration) async throws -> Void

    /// Speaks to nobody yet.
    ///
    /// - Parameters:
    ///   - sessions: The credentials of the fleet's accounts.
    ///   - endpoints: Where the service is spoken to.
    ///   - exchange: Carries requests.
    ///   - surroundings: What is outside of us.
    ///   - settings: How it behaves.
    ///   - logger: Told of every exchange at TRACE, without secrets.
    public init(
        sessions: AccountSessions,
        endpoints: EndpointSettings,
        exchange: any HTTPExchange,
        surroundings: Surroundings,
        settings: Settings = Settings(),
        logger: Logger
    ) {
        clock = ServiceClock(local: surroundings.now)
        rates = RequestRates(settings.rate)
        sleep = surroundings.sleep
        sending = CallSending(
            endpoints: endpoints,
            exchange: exchange,
            sessions: sessions,
            clock: clock,
            uptime: surroundings.uptime,
            timeLimit: settings.timeLimit,
            log: CallLog(logger: logger)
        )
        reader = ListingReader(
            sending: sending,
            rates: rates,
            rule: settings.retries,
            jitter: surroundings.jitter,
            sleep: surroundings.sleep
        )
    }

    /// How far this machine's clock runs ahead of the service's, as the last answer told it; none
    /// before the first.
    ///
    /// - Returns: The skew; negative where the machine's clock is behind. Beyond 60 s nothing may
    ///   be destroyed (`execution.md`, section 4, row 24).
    public func skew() -> Duration { clock.skew }

    /// Asks for a listing, again and again where that may help; this is the transport of an
    /// observation.
    ///
    /// - Parameters:
    ///   - call: A call that only reads.
    ///   - place: The account and Region it goes to.
    ///   - bounds: How far it may go.
    /// - Returns: The answer.
    /// - Throws: ``ServiceException`` if something is wrong with the call; ``CallFault`` when it was
    ///   given up; ``WrongPlace`` if AWS takes us for another account; what the bounds throw;
    ///   `CancellationError` and nothing else if the task was cancelled.
    public func read(
        _ call: Call,
        at place: Place,
        within bounds: ListingBounds = ListingBounds()
    ) async throws -> Answer {
        do {
            return try await reader.read(call, at: place, within: bounds)
        } catch {
            try Task.checkCancellation()
            throw error
        }
    }
}

extension AWSService: HSMCaller {
    /// The service's clock: this machine's, put right by what the service's answers say.
    public func now() async throws -> Timestamp { clock.now }

    /// Builds and signs the request of a call; nothing leaves the machine but what it takes to get
    /// credentials.
    ///
    /// - Parameters:
    ///   - call: The call.
    ///   - place: The account and Region it goes to.
    ///   - group: The group it concerns.
    /// - Returns: The call with the bytes to send.
    /// - Throws: ``WrongPlace`` if AWS takes us for another account; ``EndpointFault``; what the
    ///   credentials' source throws.
    public func sign(
        _ call: Call,
        at place: Place,
        in group: GroupID?
    ) async throws -> SignedCall {
        let prepared = try await sending.prepare(call, for: place)
        return SignedCall(
            call,
            at: place,
            in: group,
            signedAt: prepared.signedAt,
            bytes: prepared.request.bytes
        )
    }

    /// Sends a call as it was signed, once.
    ///
    /// - Parameter signed: The call.
    /// - Returns: The service's answer.
    /// - Throws: ``ServiceException`` for a refusal or fault; ``CallNotDone``; ``CallInDoubt``.
    public func send(_ signed: SignedCall) async throws -> Answer {
        let request: PreparedRequest
        do {
            request = try PreparedRequest(bytes: signed.bytes)
        } catch {
            throw CallNotDone("\(error)")
        }
        // Acting goes first: it takes its share of the rate and waits for none.
        let sentAt = sending.uptime()
        _ = rates.take(for: signed.place, at: sentAt)
        let outcome = try await sending.send(
            request,
            for: signed.call,
            at: signed.place,
            over: .fresh,
            attempt: 1
        )
        switch outcome {
        case .throttled: rates.throttled(signed.place, sentAt: sentAt, at: sending.uptime())
        case .sessionEnded: await forgetSession(of: request, at: signed.place)
        case .answered, .refused, .clockOff, .unsigned, .turnedAway, .lost, .unclear: break
        }
        return try outcome.answer(from: signed.place)
    }

    /// Lets time pass.
    ///
    /// - Parameter span: How long.
    /// - Throws: `CancellationError` if the run is to stop.
    public func wait(_ span: Duration) async throws { try await sleep(span) }

    /// The session a request was signed with is not used again.
    private func forgetSession(of request: PreparedRequest, at place: Place) async {
        guard
            let credentials = try? await sending.sessions.credentials(of: place.account),
            request.request.values(of: "Authorization").first?
                .contains("Credential=\(credentials.signing.accessKeyID)/") == true
        else { return }
        await sending.sessions.letGo(of: credentials, of: place.account)
    }
}
