import Synchronization

/// Faults by chance.
///
/// Which request meets one depends on the seed, on what is asked for and on how often that was asked
/// for there, and not on which of several at a time comes first.
final class WireWeather: Sendable {
    /// A part of all requests, 0 to 1, and what it meets.
    struct Share: Sendable {
        let part: Double
        let faults: [WireFault]
    }

    private let seed: UInt64
    private let shares: [Share]
    private let throttles: Int
    private let throttled = Mutex<[String: Int]>([:])

    /// Plans faults.
    ///
    /// - Parameters:
    ///   - seed: Decides which.
    ///   - shares: How many requests meet what; the rest meets nothing.
    ///   - throttles: How many requests of a Region are throttled at most. Each halves the rate at
    ///     which the client asks from then on, down to one request in 20 s of real time.
    init(seed: UInt64, _ shares: [Share], throttles: Int) {
        self.seed = seed
        self.shares = shares
        self.throttles = throttles
    }

    /// What a request meets.
    func fault(of request: WireRequest) -> WireFault? {
        guard request.isReading || request.isChanging else { return nil }
        let name = "\(request.operation) \(request.region) \(request.numberInRegion)"
        var numbers = SeededNumbers(seed: name.utf8.reduce(seed) { $0 &* 31 &+ UInt64($1) })
        var luck = Double.random(in: 0..<1, using: &numbers)
        for share in shares {
            if luck < share.part {
                let fault = share.faults.randomElement(using: &numbers)
                return fault == .throttled && !mayThrottle(request.region)
                    ? nil : fault
            }
            luck -= share.part
        }
        return nil
    }

    private func mayThrottle(_ region: String) -> Bool {
        throttled.withLock { throttled in
            throttled[region, default: 0] += 1
            return throttled[region, default: 0] <= throttles
        }
    }
}
