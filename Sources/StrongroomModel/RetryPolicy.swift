public import CloudHSM

/// How often one call is sent, and how long is waited in between.
///
/// The pauses double and are drawn from zero to their full length, so that runs that were throttled
/// together do not come back together.
public struct RetryPolicy: Hashable, Sendable {
    /// How often it is sent at most, 1 or more; 1 means never again.
    public let attempts: Int

    /// The longest pause after the first attempt.
    public let firstPause: Duration

    /// The longest pause of all.
    public let longestPause: Duration

    /// Sets a policy.
    ///
    /// - Parameters:
    ///   - attempts: How often the call is sent at most, 1 or more.
    ///   - firstPause: The longest pause after the first attempt.
    ///   - longestPause: The longest pause of all.
    public init(
        attempts: Int,
        firstPause: Duration = .seconds(1),
        longestPause: Duration = .seconds(20)
    ) {
        self.attempts = max(attempts, 1)
        self.firstPause = firstPause
        self.longestPause = longestPause
    }

    /// What holds for a class of calls.
    ///
    /// A read is repeated after any failure. A change with a natural repeat is sent again only after
    /// an answer, throttled or failed: while an answer is missing the call may still be under way,
    /// and could overtake what comes later. What would make a second thing is never sent again.
    ///
    /// - Parameter repetition: The class.
    /// - Returns: Its policy.
    public static func standard(for repetition: Repetition) -> RetryPolicy {
        switch repetition {
        case .reading: RetryPolicy(attempts: 5)
        case .natural: RetryPolicy(attempts: 4)
        case .never: RetryPolicy(attempts: 1)
        }
    }

    /// How long to wait before the next attempt.
    ///
    /// - Parameters:
    ///   - attempt: How often the call was sent so far, 1 or more.
    ///   - share: A random part of the longest pause, 0 to 1.
    /// - Returns: The pause; `nil` if the call is not to be sent again.
    public func pause(after attempt: Int, share: Double) -> Duration? {
        guard attempt < attempts else { return nil }
        var longest = firstPause
        for _ in 1..<max(attempt, 1) where longest < longestPause { longest *= 2 }
        return min(longest, longestPause) * min(max(share, 0), 1)
    }
}
