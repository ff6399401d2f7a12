public import CloudHSM

/// What a planner knows besides the desired fleet and one group: the clock and what is uncertain.
public struct PlanContext: Sendable {
    /// The moment planned for, by the service's clock.
    public let now: Timestamp

    /// Places that could not be read whole, and why.
    public let unreadPlaces: [Place: String]

    /// Groups that exist but could not be read, and why.
    public var unreadGroups: [GroupID: String]

    /// Journal entries that matter still: in doubt, of the last day, about an HSM that was added
    /// for a backup and not removed yet, or the record of a recovery point.
    public let recentEntries: [JournalEntry]

    /// Since when each HSM that is DEGRADED was seen so by every run, by ``HSM/place``.
    public let degradedSince: [String: Timestamp]

    /// Describes what is known.
    ///
    /// - Parameters:
    ///   - now: The moment planned for.
    ///   - unreadPlaces: Places that could not be read whole, and why.
    ///   - unreadGroups: Groups that exist but could not be read, and why.
    ///   - recentEntries: Journal entries that matter still.
    ///   - degradedSince: Since when each DEGRADED HSM was seen so.
    public init(
        now: Timestamp,
        unreadPlaces: [Place: String] = [:],
        unreadGroups: [GroupID: String] = [:],
        recentEntries: [JournalEntry] = [],
        degradedSince: [String: Timestamp] = [:]
    ) {
        self.now = now
        self.unreadPlaces = unreadPlaces
        self.unreadGroups = unreadGroups
        self.recentEntries = recentEntries
        self.degradedSince = degradedSince
    }
}
