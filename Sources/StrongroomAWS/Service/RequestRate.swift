/// How many requests an account's Region may be asked per second: as many as it answers, until it
/// throttles; then half of what it was asked, and slowly more.
///
/// AWS publishes no rate for this API. Source: `execution.md`, section 3.4: halved on throttle, plus
/// 5 % per clean second up to what was reached before, then plus 5 % per clean minute, and never
/// above a cap of one's own.
///
/// A value without a clock: moments are spans since any fixed one.
public struct RequestRate: Hashable, Sendable {
    /// Its bounds.
    public struct Limits: Hashable, Sendable {
        /// The highest rate, in requests per second; none by default.
        public var most: Double

        /// The lowest rate, in requests per second, so that it always goes on.
        public var least: Double

        /// Sets the bounds.
        ///
        /// - Parameters:
        ///   - most: The highest rate, in requests per second.
        ///   - least: The lowest rate, in requests per second.
        public init(most: Double = .infinity, least: Double = 0.05) {
            self.least = max(least, 0.001)
            self.most = max(most, self.least)
        }
    }

    /// The share that a clean second, or a clean minute, adds to the rate.
    static let growth = 1.05

    private let limits: Limits

    /// The rate now, in requests per second; infinite until the service throttles, unless capped.
    public private(set) var perSecond: Double

    /// The rate at which it was throttled last: up to it the rate grows fast.
    private var reached: Double

    /// The requests of a second that began then, and of the one before.
    private var secondSince: Duration
    private var requests = 0
    private var requestsBefore = 0

    /// The moment from which the next request may be sent.
    private var nextAt: Duration
    private var cleanSince: Duration
    private var slowedAt: Duration?

    /// Begins without a bound but the cap.
    ///
    /// - Parameters:
    ///   - limits: Its bounds.
    ///   - moment: The present moment.
    public init(_ limits: Limits = Limits(), at moment: Duration) {
        self.limits = limits
        perSecond = limits.most
        reached = limits.most
        secondSince = moment
        nextAt = moment
        cleanSince = moment
    }

    /// Takes the turn of a request, one of the future if none is free.
    ///
    /// - Parameter moment: The present moment.
    /// - Returns: How long to wait before the request may be sent.
    public mutating func take(at moment: Duration) -> Duration {
        advance(to: moment)
        requests += 1
        guard perSecond.isFinite else { return .zero }
        let sentAt = max(nextAt, moment)
        nextAt = sentAt + .seconds(1 / perSecond)
        return sentAt - moment
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
        cleanSince = max(cleanSince, moment)
        if let slowedAt, sentAt < slowedAt { return }
        slowedAt = moment
        // What was asked within a second is what was too much, where that is less than was allowed.
        reached = min(perSecond, Double(max(requests, requestsBefore, 1)))
        perSecond = max(reached / 2, limits.least)
        nextAt = moment + .seconds(1 / perSecond)
    }

    private mutating func advance(to moment: Duration) {
        if moment - secondSince >= .seconds(1) {
            requestsBefore = moment - secondSince < .seconds(2) ? requests : 0
            requests = 0
            secondSince = moment
        }
        while perSecond < limits.most {
            let step = perSecond < reached ? Duration.seconds(1) : .seconds(60)
            guard moment - cleanSince >= step else { return }
            cleanSince += step
            let bound = perSecond < reached ? reached : limits.most
            perSecond = min(perSecond * Self.growth, bound)
        }
        cleanSince = max(cleanSince, moment)
    }
}
