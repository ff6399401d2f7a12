internal import CloudHSM
internal import StrongroomModel
internal import Synchronization

/// Which places fail again and again, so that they are left alone for a while.
///
/// A place that failed so often in a row is not asked any more: every read of it fails at once with
/// the reason of the last failure. After a pause one read is let through; its answer opens the place
/// again, its failure closes it for another pause.
final class PlaceHealth: Sendable {
    private struct State {
        var failures = 0
        var closure: Closure?
    }

    private struct Closure {
        let reason: UnreadReason
        let until: Duration
        var isProbed = false
    }

    private let limits: PageLimits
    private let uptime: @Sendable () -> Duration
    private let states = Mutex<[Place: State]>([:])

    init(_ limits: PageLimits, uptime: @escaping @Sendable () -> Duration) {
        self.limits = limits
        self.uptime = uptime
    }

    /// A place that is left alone; the reason is that of its last failure.
    struct Closed: ReadingFailure {
        let unreadReason: UnreadReason
    }

    /// Lets a read through.
    ///
    /// - Returns: Whether it is the one that finds out whether the place answers again.
    /// - Throws: ``Closed``.
    func enter(_ place: Place) throws(Closed) -> Bool {
        let now = uptime()
        let closed: UnreadReason?
        let isProbe: Bool
        (closed, isProbe) = states.withLock { states in
            guard let closure = states[place]?.closure else { return (nil, false) }
            guard !closure.isProbed, now >= closure.until else { return (closure.reason, false) }
            states[place]?.closure?.isProbed = true
            return (nil, true)
        }
        if let closed { throw Closed(unreadReason: closed) }
        return isProbe
    }

    /// Fails if the place was closed meanwhile.
    func check(_ place: Place) throws(Closed) {
        if let closure = states.withLock({ $0[place]?.closure }) {
            throw Closed(unreadReason: closure.reason)
        }
    }

    /// A read ended and tells nothing of the place, such as one that was cancelled.
    func left(_ place: Place, isProbe: Bool) {
        guard isProbe else { return }
        states.withLock { $0[place]?.closure?.isProbed = false }
    }

    /// The place answered.
    func answered(_ place: Place) {
        states.withLock { $0[place] = nil }
    }

    /// An attempt failed.
    ///
    /// - Parameters:
    ///   - place: Where.
    ///   - error: How.
    ///   - isProbe: Whether it was the read that was let through after a pause.
    func failed(_ place: Place, by error: any Error, isProbe: Bool) {
        let until = uptime() + limits.pause
        states.withLock { states in
            var state = states[place] ?? State()
            state.failures += 1
            if isProbe || (state.closure == nil && state.failures >= limits.failures) {
                state.closure = Closure(reason: UnreadReason(of: error), until: until)
            }
            states[place] = state
        }
    }
}
