public import CloudHSM

extension Action {
    /// The name in the API of the operation that carries it out.
    public var operation: String {
        switch self {
        case .createCluster: "CreateCluster"
        case .initializeCluster: "InitializeCluster"
        case .addHSM: "CreateHsm"
        case .removeHSM: "DeleteHsm"
        case .setRetention, .changeType: "ModifyCluster"
        case .copyBackup: "CopyBackupToRegion"
        case .deleteBackup: "DeleteBackup"
        case .restoreBackup: "RestoreBackup"
        case .pinBackup, .unpinBackup: "ModifyBackupAttributes"
        case .tagBackup, .tagCluster: "TagResource"
        case .untagBackup: "UntagResource"
        case .deleteCluster: "DeleteCluster"
        }
    }

    /// Whether its call may be sent again.
    public var repetition: Repetition {
        switch self {
        case .createCluster, .addHSM, .copyBackup: .never
        case .initializeCluster, .removeHSM, .setRetention, .changeType, .deleteBackup,
            .restoreBackup, .pinBackup, .unpinBackup, .tagBackup, .tagCluster, .untagBackup,
            .deleteCluster:
            .natural
        }
    }
}
