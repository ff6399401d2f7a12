public import CloudHSM

/// How much may be deleted, and whether anything may be changed at all.
public struct Safety: Hashable, Sendable {
    /// Backups that one run may delete or let expire; 0 means none.
    public let deletionsPerRun: Int

    /// Backups that may be deleted or let expire in 24 hours, whoever runs it; 0 means none.
    public let deletionsPerDay: Int

    /// The largest part of a group's READY backups in a Region that one run may delete, 0 to 1.
    public let deletionRatio: Double

    /// HSMs that an hour may make in a cluster, the cluster itself counted as one; 0 means none.
    public let creationsPerHour: Int

    /// Until when nothing is changed, and why.
    public let freeze: Freeze?

    /// Sets budgets.
    ///
    /// - Parameters:
    ///   - deletionsPerRun: Backups that one run may delete, 0 or more.
    ///   - deletionsPerDay: Backups that may be deleted in 24 hours, 0 or more.
    ///   - deletionRatio: The largest part of a group's READY backups in a Region, 0 to 1.
    ///   - creationsPerHour: HSMs that an hour may make in a cluster, 0 or more.
    ///   - freeze: Until when nothing is changed.
    public init(
        deletionsPerRun: Int,
        deletionsPerDay: Int,
        deletionRatio: Double,
        creationsPerHour: Int = 10,
        freeze: Freeze? = nil
    ) {
        self.deletionsPerRun = deletionsPerRun
        self.deletionsPerDay = deletionsPerDay
        self.deletionRatio = deletionRatio
        self.creationsPerHour = creationsPerHour
        self.freeze = freeze
    }

    /// What holds where a fleet says nothing.
    public static let standard = Safety(
        deletionsPerRun: 10,
        deletionsPerDay: 20,
        deletionRatio: 0.34
    )
}

/// A time in which nothing is changed.
public struct Freeze: Hashable, Sendable {
    /// Why.
    public let reason: String

    /// Its end.
    public let until: Timestamp

    /// Where it is written.
    public let location: SourceLocation

    /// Describes a freeze.
    ///
    /// - Parameters:
    ///   - reason: Why.
    ///   - until: Its end.
    ///   - location: Where it is written.
    public init(reason: String, until: Timestamp, at location: SourceLocation) {
        self.reason = reason
        self.until = until
        self.location = location
    }
}
