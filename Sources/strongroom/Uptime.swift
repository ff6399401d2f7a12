import Glibc

/// Time since the program began, by a clock that runs on while the machine sleeps.
enum Uptime {
    private static let beginning = ContinuousClock.now

    /// The time so far.
    static var now: Duration { beginning.duration(to: .now) }

    /// What of it the program kept processors busy, on all threads.
    static var busy: Duration {
        var time = timespec()
        guard clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time) == 0 else { return .zero }
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }
}
