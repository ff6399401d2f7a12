internal import StrongroomModel
internal import Synchronization

/// The rates of all places; each account's Region has its own.
final class RequestRates: Sendable {
    private let limits: RequestRate.Limits
    private let rates = Mutex<[Place: RequestRate]>([:])

    init(_ limits: RequestRate.Limits) {
        self.limits = limits
    }

    /// How long to wait before a request may be sent to a place.
    func take(for place: Place, at moment: Duration) -> Duration {
        rates.withLock { rates in
            rates[place, default: RequestRate(limits, at: moment)].take(at: moment)
        }
    }

    /// Learns that a place throttled a request.
    func throttled(_ place: Place, sentAt: Duration, at moment: Duration) {
        rates.withLock { rates in
            rates[place, default: RequestRate(limits, at: moment)]
                .throttled(sentAt: sentAt, at: moment)
        }
    }
}
