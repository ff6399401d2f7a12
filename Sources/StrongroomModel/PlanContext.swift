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

    /// What the last run saw and wanted of each cluster, empty before the first; `nil` if that
    /// cannot be read, so that no cause can be told.
    public let seen: [GroupID: SeenGroup]?

    /// Since when the HSM of a place (``CloudHSM/HSM/place``) is DEGRADED, as far as runs saw it.
    public let degradedSince: [String: Timestamp]

    /// Describes what is known.
    ///
    /// - Parameters:
    ///   - now: The moment planned for.
    ///   - unreadPlaces: Places that could not be read whole, and why.
    ///   - unreadGroups: Groups that exist but could not be read, and why.
    ///   - recentEntries: Journal entries that matter still.
    ///   - seen: What the last run saw and wanted of each cluster; `nil` if that cannot be read.
    ///   - degradedSince: Since when the HSM of a place is DEGRADED; absent means what `seen` says.
    public init(
        now: Timestamp,
        unreadPlaces: [Place: String] = [:],
        unreadGroups: [GroupID: String] = [:],
        recentEntries: [JournalEntry] = [],
        seen: [GroupID: SeenGroup]? = [:],
        degradedSince: [String: Timestamp]? = nil
    ) {
        self.now = now
        self.unreadPlaces = unreadPlaces
        self.unreadGroups = unreadGroups
        self.recentEntries = recentEntries
        self.seen = seen
        self.degradedSince = degradedSince ?? seen?.degradedSince ?? [:]
    }
}
