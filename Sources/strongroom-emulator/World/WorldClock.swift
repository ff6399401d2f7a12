import CloudHSM

/// The simulated world's clock: it starts at a moment and runs at real speed or faster.
///
/// It is read off the machine's monotonic clock, so that it never runs backwards.
struct WorldClock: Sendable {
    /// What it showed when it was started.
    let start: Timestamp

    /// How many seconds pass in the world in one real second.
    let speed: Double

    private let origin = ContinuousClock.now

    /// Starts a clock.
    ///
    /// - Parameters:
    ///   - start: What it shows.
    ///   - speed: How many seconds pass in the world in one real second, above 0.
    init(from start: Timestamp, speed: Double) {
        self.start = start
        self.speed = speed
    }

    /// What it shows now.
    var now: Timestamp {
        let elapsed = Double((ContinuousClock.now - origin).wholeMilliseconds)
        return start + .milliseconds(Int64((elapsed * speed).rounded(.down)))
    }
}
