/// A change of a cluster's HSM type: one HSM after the other, with a backup before each.
///
/// The cluster is MODIFY_IN_PROGRESS meanwhile, writes to keys and users are blocked, addresses are
/// kept. The service began changing types by itself on 2026-01-20, so a type can differ from what
/// was asked for without anyone's action. Source: `UG+:hsm1-to-hsm2-migration`.
public enum TypeChange {
    /// How long a change can be taken back, from its start; what was made since is lost.
    public static let rollbackWindow = Duration.hours(24)

    /// About how long one HSM takes; longer with many users.
    public static let usualTimePerHSM = Duration.minutes(30)

    /// Whether the service backs the cluster up before it replaces an HSM.
    ///
    /// - Parameter target: The cluster as it is.
    /// - Returns: Whether a backup comes before each HSM; there is none without an active HSM.
    public static func causesBackup(on target: Cluster) -> Bool { !target.healthyHSMs.isEmpty }
}
