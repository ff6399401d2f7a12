/// How far the reader of listings may go with one call: others read the same place, and all of them
/// together have so much time and patience.
public struct ListingBounds: Sendable {
    /// How long the call may still take, with every attempt and pause.
    public var timeLeft: @Sendable () -> Duration

    /// Is asked before every attempt; throws why nothing more may be sent.
    public var check: @Sendable () throws -> Void

    /// Is told of every attempt that failed and may be followed by another, or throws why not.
    ///
    /// Throttling is no failure: the service answers, and the rate falls.
    public var failed: @Sendable (any Error) throws -> Void

    /// Sets bounds; without any, only the number of attempts ends a call.
    ///
    /// - Parameters:
    ///   - timeLeft: How long the call may still take.
    ///   - check: Is asked before every attempt.
    ///   - failed: Is told of every attempt that failed.
    public init(
        timeLeft: @escaping @Sendable () -> Duration = { .seconds(86_400) },
        check: @escaping @Sendable () throws -> Void = {},
        failed: @escaping @Sendable (any Error) throws -> Void = { _ in }
    ) {
        self.timeLeft = timeLeft
        self.check = check
        self.failed = failed
    }
}
