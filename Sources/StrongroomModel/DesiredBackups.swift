public import CloudHSM

/// What a manifest says of a cluster's own backups.
public struct DesiredBackups: Sendable {
    /// How long the service keeps them.
    public var retention: Located<RetentionPeriod>?

    /// How old the newest READY backup may become.
    public var maxAge: Located<Duration>?

    /// What to do when it is older.
    public var whenStale: StaleBackupResponse

    /// How many READY backups there must always be; absent means the hard floor of 1.
    public var keepAtLeast: Located<Int>?

    /// Manages nothing.
    public init() {
        whenStale = .report
    }

    /// How many READY backups must always be left, at least 1.
    public var floor: Int {
        #if PLANTED_BUGS
            if PlantedBug.floorOneTooLow.isPlanted { return max((keepAtLeast?.value ?? 1) - 1, 1) }
        #endif
        return max(keepAtLeast?.value ?? 1, 1)
    }
}

/// What to do about a stale backup.
public enum StaleBackupResponse: String, Hashable, Sendable, CaseIterable {
    /// Cause a new one by an HSM cycle.
    case force
    /// Say so.
    case report
}
