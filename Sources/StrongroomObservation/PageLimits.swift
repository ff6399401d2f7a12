/// How far a reader goes before it says that a place cannot be read.
public struct PageLimits: Hashable, Sendable {
    /// Pages of one listing, 1 or more; full pages of backups hold 50.
    public var pages: Int

    /// Times a listing is begun anew because its token was no longer taken, 0 or more.
    ///
    /// How long a token lives is unknown (fact sheet, section 20, row 20).
    public var restarts: Int

    /// Calls under way at the same time, 1 or more.
    public var readsAtOnce: Int

    /// Sets limits.
    ///
    /// - Parameters:
    ///   - pages: Pages of one listing, 1 or more.
    ///   - restarts: Times a listing is begun anew, 0 or more.
    ///   - readsAtOnce: Calls under way at the same time, 1 or more.
    public init(pages: Int = 2_000, restarts: Int = 1, readsAtOnce: Int = 8) {
        self.pages = max(pages, 1)
        self.restarts = max(restarts, 0)
        self.readsAtOnce = max(readsAtOnce, 1)
    }
}
