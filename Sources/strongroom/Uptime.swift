/// Time since the program began, by a clock that runs on while the machine sleeps.
enum Uptime {
    private static let beginning = ContinuousClock.now

    /// The time so far.
    static var now: Duration { beginning.duration(to: .now) }
}
