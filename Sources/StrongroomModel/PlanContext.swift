public import CloudHSM

/// What a planner knows besides the desired fleet and one group: the clock and what is uncertain.
public struct PlanContext: Sendable {
    /// The moment planned for, by the service's clock.
    public let now: Timestamp

    /// Places that could not be read whole, and why.
    public var unreadPlaces: [Place: UnreadReason]

    /// Groups that exist but could not be read, and why.
    public var unreadGroups: [GroupID: UnreadReason]

    /// Journal entries that matter still: in doubt, of the last 30 days, or the record of a recovery
    /// point.
    public let recentEntries: [JournalEntry]

    /// The parts of the journal that cannot be read.
    public var journalGaps: [JournalGap] = []

    /// Why our own memory may be older than the world, so that nothing may be changed; `nil` where
    /// it is not.
    public var memoryDoubt: String?

    /// Why the clock cannot be trusted, so that nothing may be destroyed; `nil` where it can.
    public var clockDoubt: String?

    /// When what is planned from was observed, where that was earlier; `nil` where the service was
    /// asked.
    public var observedAt: Timestamp?

    /// Who reads the plan before it is carried out.
    public var reader = PlanReader.person

    /// What the last run saw and wanted of each cluster, empty before the first; `nil` if that
    /// cannot be read, so that no cause can be told.
    public let seen: [GroupID: SeenGroup]?

    /// Since when the HSM of a place (``CloudHSM/HSM/place``) is DEGRADED, as far as runs saw it.
    public let degradedSince: [String: Timestamp]

    /// The limits that a person gave leave to go beyond, each for one group.
    public let overrides: [RuleOverride]

    /// Describes what is known.
    ///
    /// - Parameters:
    ///   - now: The moment planned for.
    ///   - unreadPlaces: Places that could not be read whole, and why.
    ///   - unreadGroups: Groups that exist but could not be read, and why.
    ///   - recentEntries: Journal entries that matter still.
    ///   - seen: What the last run saw and wanted of each cluster; `nil` if that cannot be read.
    ///   - degradedSince: Since when the HSM of a place is DEGRADED; absent means what `seen` says.
    ///   - overrides: The limits that a person gave leave to go beyond.
    public init(
        now: Timestamp,
        unreadPlaces: [Place: UnreadReason] = [:],
        unreadGroups: [GroupID: UnreadReason] = [:],
        recentEntries: [JournalEntry] = [],
        seen: [GroupID: SeenGroup]? = [:],
        degradedSince: [String: Timestamp]? = nil,
        overrides: [RuleOverride] = []
    ) {
        self.now = now
        #if PLANTED_BUGS
            self.unreadPlaces = PlantedBug.gapsOverlooked.isPlanted ? [:] : unreadPlaces
        #else
            self.unreadPlaces = unreadPlaces
        #endif
        self.unreadGroups = unreadGroups
        self.recentEntries = recentEntries
        self.seen = seen
        self.degradedSince = degradedSince ?? seen?.degradedSince ?? [:]
        self.overrides = overrides
    }

    /// Whether a person gave leave to go beyond a limit for a group.
    ///
    /// - Parameters:
    ///   - rule: Which limit.
    ///   - group: Which group; `nil` for a cluster that does not exist yet.
    /// - Returns: Whether somebody did.
    public func isOverridden(_ rule: RuleOverride.Rule, for group: GroupID?) -> Bool {
        overrides.contains { $0.rule == rule && $0.group == group }
    }
}
