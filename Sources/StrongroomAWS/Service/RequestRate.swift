/// How many requests an account's Region may be asked per second: a bucket of tokens that is filled
/// at a rate which halves when the service throttles and grows slowly while it does not.
///
/// AWS publishes no rate for this API. Source: `execution.md`, section 3.4: 2 calls/s by default,
/// halved on throttle, plus 5 % per clean minute.
///
/// A value without a clock: moments are spans since any fixed one.
public struct RequestRate: Hashable, Sendable {
    /// How it begins, and its bounds.
    public struct Limits: Hashable, Sendable {
        /// The rate at the beginning, and the highest there is, in requests per second.
        public var perSecond: Double

        /// How many requests may come at once after a rest.
        ///
        /// A hundred pages are 2,500 clusters or 5,000 backups: small fleets are read at once.
        public var burst: Double

        /// The lowest rate, in requests per second, so that it always goes on.
        public var least: Double

        /// Sets the bounds.
        ///
        /// - Parameters:
        ///   - perSecond: The rate at the beginning, in requests per second.
        ///   - burst: How many requests may come at once after a rest.
        ///   - least: The lowest rate, in requests per second.
        public init(perSecond: Double = 2, burst: Double = 100, least: Double = 0.05) {
            self.perSecond = perSecond
            self.burst = burst
            self.least = least
        }
    }

    /// The share a clean minute adds to the rate.
    static let growth = 1.05

    private let limits: Limits

    /// The rate now, in requests per second.
    public private(set) var perSecond: Double

    private var tokens: Double
    private var filledAt: Duration
    private var cleanSince: Duration
    private var slowedAt: Duration?

    /// Begins with a full bucket.
    ///
    /// - Parameters:
    ///   - limits: How it begins, and its bounds.
    ///   - moment: The present moment.
    public init(_ limits: Limits = Limits(), at moment: Duration) {
        self.limits = limits
        perSecond = limits.perSecond
        tokens = limits.burst
        filledAt = moment
        cleanSince = moment
    }

    /// Takes a token, one of the future if none is there.
    ///
    /// - Parameter moment: The present moment.
    /// - Returns: How long to wait before the request may be sent; none if a token was there.
    public mutating func take(at moment: Duration) -> Duration {
        advance(to: moment)
        tokens -= 1
        guard tokens < 0 else { return .zero }
        return .seconds(-tokens / perSecond)
    }

    /// Learns that the service throttled a request.
    ///
    /// Requests that were sent before the rate last fell say nothing of the rate since, so that
    /// many of them, refused together, halve it once.
    ///
    /// - Parameters:
    ///   - sentAt: When the request was sent.
    ///   - moment: The present moment.
    public mutating func throttled(sentAt: Duration, at moment: Duration) {
        advance(to: moment)
        cleanSince = moment
        if let slowedAt, sentAt < slowedAt { return }
        slowedAt = moment
        perSecond = max(perSecond / 2, limits.least)
        // What had been saved up is too much for the service.
        tokens = min(tokens, 0)
    }

    private mutating func advance(to moment: Duration) {
        guard moment > filledAt else { return }
        while moment - cleanSince >= .seconds(60) {
            fill(to: cleanSince + .seconds(60))
            cleanSince += .seconds(60)
            perSecond = min(perSecond * Self.growth, limits.perSecond)
            if perSecond == limits.perSecond {
                // Nothing changes any more: whole minutes are passed at once.
                let minutes = Int((moment - cleanSince) / .seconds(60))
                fill(to: cleanSince + .seconds(60 * minutes))
                cleanSince += .seconds(60 * minutes)
            }
        }
        fill(to: moment)
    }

    private mutating func fill(to moment: Duration) {
        guard moment > filledAt else { return }
        tokens = min(tokens + (moment - filledAt) / .seconds(1) * perSecond, limits.burst)
        filledAt = moment
    }
}
