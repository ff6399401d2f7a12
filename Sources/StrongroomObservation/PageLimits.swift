/// How far a reader goes before it says that a place cannot be read.
public struct PageLimits: Hashable, Sendable {
    /// Pages of one listing, 1 or more; full pages of backups hold 50.
    public var pages: Int

    /// Pages in a row with nothing on them that still lead on, 1 or more.
    public var emptyPages: Int

    /// Times a listing is begun anew because its token was no longer taken, 0 or more.
    ///
    /// How long a token lives is unknown (fact sheet, section 20, row 20).
    public var restarts: Int

    /// Calls under way at the same time, 1 or more.
    public var readsAtOnce: Int

    /// How long one reading of a place may take: both listings, with every attempt and pause.
    public var time: Duration

    /// Failures in a row, 1 or more, after which a place is left alone for a while.
    public var failures: Int

    /// How long a place is left alone then; a single read is let through after it.
    public var pause: Duration

    /// Sets limits.
    ///
    /// - Parameters:
    ///   - pages: Pages of one listing, 1 or more.
    ///   - emptyPages: Pages in a row with nothing on them that still lead on, 1 or more.
    ///   - restarts: Times a listing is begun anew, 0 or more.
    ///   - readsAtOnce: Calls under way at the same time, 1 or more.
    ///   - time: How long one reading of a place may take.
    ///   - failures: Failures in a row after which a place is left alone, 1 or more.
    ///   - pause: How long a place is left alone then.
    public init(
        pages: Int = 10_000,
        emptyPages: Int = 100,
        restarts: Int = 1,
        readsAtOnce: Int = 8,
        time: Duration = .seconds(120),
        failures: Int = 5,
        pause: Duration = .seconds(30)
    ) {
        self.pages = max(pages, 1)
        self.emptyPages = max(emptyPages, 1)
        self.restarts = max(restarts, 0)
        self.readsAtOnce = max(readsAtOnce, 1)
        self.time = time
        self.failures = max(failures, 1)
        self.pause = pause
    }
}
