import CloudHSM
import StrongroomModel

/// `backups` of a cluster, or of a fleet's defaults.
struct WrittenBackups {
    /// How long the service keeps them.
    private(set) var retention: Spanned<RetentionPeriod>?

    /// How old the newest may become.
    private(set) var maxAge: Spanned<Duration>?

    /// What to do when it is older.
    private(set) var whenStale: Spanned<StaleBackupResponse>?

    /// How many there must always be.
    private(set) var keepAtLeast: Spanned<Int>?

    /// Whether a retention period is written that could not be read.
    private(set) var hasUnreadRetention = false

    /// How many backups or copies a floor may ask for.
    static let floors = 1...1_000

    private enum Key: String, ManifestKey {
        case retentionDays, maxAge, whenStale, keepAtLeast
    }

    /// Says nothing.
    init() {}

    /// Reads the four keys, all of them optional.
    init(of field: Field) {
        guard let fields = Fields<Key>(of: field) else {
            hasUnreadRetention = true
            return
        }
        if let days = fields[.retentionDays]?.integer(in: RetentionPeriod.acceptedDays) {
            retention = RetentionPeriod(days: days.value).map { Spanned($0, at: days.span) }
        }
        hasUnreadRetention = fields[.retentionDays] != nil && retention == nil
        maxAge = fields[.maxAge]?.value(.duration)
        whenStale = fields[.whenStale]?.choice(StaleBackupResponse.self)
        keepAtLeast = fields[.keepAtLeast]?.integer(in: Self.floors)
    }
}
