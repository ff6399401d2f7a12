public import CloudHSM

/// What a journal says, and what of it cannot be read.
public struct JournalReading: Hashable, Sendable {
    /// Intents and how they ended, in the order they were begun.
    public var entries: [JournalEntry]

    /// What people agreed to and was used, in order.
    public var uses: [ApprovalUse]

    /// The parts that cannot be read.
    public var gaps: [JournalGap]

    /// The parts that begin anew because what they said before is lost.
    public var losses: [JournalLoss]

    /// Joins what was read.
    ///
    /// - Parameters:
    ///   - entries: Intents and how they ended.
    ///   - uses: What people agreed to and was used.
    ///   - gaps: The parts that cannot be read.
    ///   - losses: The parts that begin anew because what they said before is lost.
    public init(
        entries: [JournalEntry] = [],
        uses: [ApprovalUse] = [],
        gaps: [JournalGap] = [],
        losses: [JournalLoss] = []
    ) {
        self.entries = entries
        self.uses = uses
        self.gaps = gaps
        self.losses = losses
    }
}

/// A part of a journal that is damaged or gone.
///
/// Nothing is done for its group, and nothing is deleted anywhere, because nobody knows any more
/// how much was.
public struct JournalGap: Hashable, Sendable {
    /// The group whose part it is; `nil` for the part about no group.
    public let group: GroupID?

    /// What is wrong, where, and what to do next.
    public let reason: String

    /// Whether it was mended, and only the count of the last day is missing.
    public let isPast: Bool

    /// Describes a gap.
    ///
    /// - Parameters:
    ///   - group: The group whose part it is; `nil` for the part about no group.
    ///   - reason: What is wrong, where, and what to do next.
    ///   - isPast: Whether it was mended, and only the count of the last day is missing.
    public init(of group: GroupID?, because reason: String, isPast: Bool = false) {
        self.group = group
        self.reason = reason
        self.isPast = isPast
    }
}

/// A part of a journal whose records were lost, and that was begun anew with a person's consent.
///
/// Nobody knows how much was deleted in the day before: until a day has passed, no deletion of its
/// group is within the budget.
public struct JournalLoss: Hashable, Sendable {
    /// The group whose part it is; `nil` for the part about no group.
    public let group: GroupID?

    /// When it was begun anew, by the service's clock.
    public let at: Timestamp

    /// Describes a loss.
    ///
    /// - Parameters:
    ///   - group: The group whose part it is; `nil` for the part about no group.
    ///   - at: When it was begun anew, by the service's clock.
    public init(of group: GroupID?, at: Timestamp) {
        self.group = group
        self.at = at
    }
}
