internal import CloudHSM

extension PlannedAction {
    /// The change in words, with every operand that can differ; not yet safe to show.
    var words: String {
        switch type {
        case .createCluster: "create cluster \(cluster.map { "\($0.hsmType)" } ?? "")"
        case .initializeCluster: "initialise with \(certificates?.certificate ?? "")"
        case .addHSM: "add HSM \(zone.map { "\($0)" } ?? "")"
        case .removeHSM: "remove HSM \(hsm.map { "\($0)" } ?? "added before")"
        case .setRetention:
            "retention \(RetentionPolicy(days: fromDays)) → \(toDays ?? 0) days, losing "
                + (losing.map { $0.isEmpty ? "nothing" : Self.list($0) } ?? "nothing")
        case .copyBackup:
            "copy \(backup.map { "\($0)" } ?? "the new backup") → \(region.map { "\($0)" } ?? "")"
        case .deleteBackup:
            "delete \(backup.map { "\($0)" } ?? "") in \(region.map { "\($0)" } ?? "")"
        case .restoreBackup:
            "restore \(backup.map { "\($0)" } ?? "") in \(region.map { "\($0)" } ?? "")"
        case .pinBackup: "pin \(backup.map { "\($0)" } ?? "the new backup")"
        case .unpinBackup: "unpin \(backup.map { "\($0)" } ?? "")"
        case .tagBackup: "tag \(backup.map { "\($0)" } ?? "the new backup")"
        case .untagBackup: "untag \(backup.map { "\($0)" } ?? "")"
        case .changeType: "HSM type → \(toType.map { "\($0)" } ?? "")"
        case .deleteCluster: "delete \(clusterID.map { "\($0)" } ?? "the cluster")"
        case .tagCluster:
            "tag "
                + (tags ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
                .joined(separator: ", ")
        }
    }

    private static func list(_ backups: [BackupID]) -> String {
        backups.map(\.description).joined(separator: ", ")
    }
}

extension RetentionPolicy {
    /// A policy as a file holds it.
    ///
    /// - Parameter days: The days; `nil` where retention is unmanaged.
    fileprivate init(days: Int?) {
        self = days.map { .days($0) } ?? .unmanaged
    }
}
