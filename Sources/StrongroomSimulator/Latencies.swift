internal import CloudHSM

/// How long the simulated service takes for what the real one does not do at once.
///
/// The defaults stand at the end of section 20 of the fact sheet; those the sources do not give at
/// all are chosen here and say so.
public struct Latencies: Hashable, Sendable {
    /// From CreateCluster to UNINITIALIZED, or to ACTIVE for a clone.
    public var clusterCreate: Duration
    /// From DeleteCluster to DELETED.
    public var clusterDelete: Duration
    /// From InitializeCluster to INITIALIZED.
    public var initialize: Duration
    /// From CreateHsm to ACTIVE, or to DEGRADED where there is nothing to restore.
    public var hsmCreate: Duration
    /// From DeleteHsm until the HSM is no longer listed.
    public var hsmDelete: Duration
    /// From a hardware fault until the service has replaced the HSM; chosen.
    public var hsmReplace: Duration
    /// For each HSM of a cluster whose type changes, and of one whose change is taken back.
    public var typeChangePerHSM: Duration
    /// From the start of a backup to READY.
    public var backup: Duration
    /// From CopyBackupToRegion to READY in the destination.
    public var copy: Duration
    /// How long what is DELETED stays listed; chosen.
    public var listingOfDeleted: Duration

    /// What the simulated service takes unless told otherwise.
    public static let usual = Latencies(
        clusterCreate: .minutes(3),
        clusterDelete: .minutes(2),
        initialize: .minutes(2),
        hsmCreate: .minutes(8),
        hsmDelete: .minutes(2),
        hsmReplace: .minutes(10),
        typeChangePerHSM: TypeChange.usualTimePerHSM,
        backup: .minutes(5),
        copy: .minutes(10),
        listingOfDeleted: .days(1)
    )

    /// Everything at once, and nothing deleted is listed.
    public static let zero = Latencies(
        clusterCreate: .zero,
        clusterDelete: .zero,
        initialize: .zero,
        hsmCreate: .zero,
        hsmDelete: .zero,
        hsmReplace: .zero,
        typeChangePerHSM: .zero,
        backup: .zero,
        copy: .zero,
        listingOfDeleted: .zero
    )
}

extension Latencies {
    /// Every latency under the name files give it.
    static var named: [(name: String, path: WritableKeyPath<Latencies, Duration>)] {
        [
            ("clusterCreate", \.clusterCreate),
            ("clusterDelete", \.clusterDelete),
            ("initialize", \.initialize),
            ("hsmCreate", \.hsmCreate),
            ("hsmDelete", \.hsmDelete),
            ("hsmReplace", \.hsmReplace),
            ("typeChangePerHSM", \.typeChangePerHSM),
            ("backup", \.backup),
            ("copy", \.copy),
            ("listingOfDeleted", \.listingOfDeleted),
        ]
    }
}
