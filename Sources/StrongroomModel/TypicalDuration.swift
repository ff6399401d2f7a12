internal import CloudHSM

extension Action {
    /// How long it takes as a rule until it is seen to be done; `nil` where nobody has published
    /// a figure.
    ///
    /// Source: fact sheet, section 17: terraform's acceptance runs for clusters, `CFN` and `UG+` for
    /// HSMs and type changes (30 minutes for each HSM), `FIELD` for removals. Nothing waits by it.
    public var typicalDuration: Duration? {
        switch self {
        case .createCluster: .minutes(5)
        case .addHSM: .minutes(10)
        case .removeHSM, .deleteCluster: .minutes(2)
        case .changeType: .minutes(30)
        case .initializeCluster, .setRetention, .copyBackup, .deleteBackup, .restoreBackup,
            .pinBackup, .unpinBackup, .tagBackup, .untagBackup, .tagCluster:
            nil
        }
    }
}
