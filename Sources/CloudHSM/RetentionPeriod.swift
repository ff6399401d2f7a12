/// How long the service keeps a cluster's automatic backups, as it may be asked for.
///
/// The service accepts 7 to 379 days and never purges a cluster's last backup.
/// Source: AWS CloudHSM User Guide, "Configure AWS CloudHSM backup retention policy"
/// (`UG:manage-backup-retention`).
public struct RetentionPeriod: Hashable, Sendable, Comparable {
    /// The periods the service accepts, in days.
    public static let acceptedDays = 7...379

    /// What the service applies when CreateCluster names no period (`UG:manage-backup-retention`).
    public static let serviceDefault = RetentionPeriod(unchecked: 90)

    /// The period, in days.
    public let days: Int

    /// Creates a period the service will accept.
    ///
    /// It is `nil` if the service would refuse the period.
    ///
    /// - Parameter days: Whole days, within ``acceptedDays``.
    public init?(days: Int) {
        guard Self.acceptedDays.contains(days) else { return nil }
        self.days = days
    }

    private init(unchecked days: Int) {
        self.days = days
    }

    /// Orders by length.
    public static func < (left: RetentionPeriod, right: RetentionPeriod) -> Bool {
        left.days < right.days
    }
}

/// A cluster's retention policy as it can be read.
///
/// Clusters older than the feature read up to 90 days plus their age then (for example 455), which
/// cannot be written; support can switch the policy off, and then there is none. Absent is not 90.
/// Source: `UG:manage-backup-retention`.
public enum RetentionPolicy: Hashable, Sendable {
    /// Backups older than this many days are removed; 1 or more.
    case days(Int)
    /// The service removes nothing by itself.
    case unmanaged

    /// How long backups live, if there is a limit.
    public var lifetime: Duration? {
        switch self {
        case .days(let days): .days(days)
        case .unmanaged: nil
        }
    }
}

extension RetentionPolicy: CustomStringConvertible {
    /// The policy in words: `90 days` or `unmanaged`.
    public var description: String {
        switch self {
        case .days(let days): "\(days) days"
        case .unmanaged: "unmanaged"
        }
    }
}
