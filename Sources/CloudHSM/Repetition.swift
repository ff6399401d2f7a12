/// Whether a call may be sent again when its answer was lost: no operation of the API has an
/// idempotency token.
///
/// Source: `API`, the parameters of each operation; `execution.md`, section 2.5.
public enum Repetition: Hashable, Sendable, CaseIterable {
    /// It only reads.
    case reading
    /// It names what it changes, or sets a value, so a second one brings nothing new.
    case natural
    /// A second one may make a second thing.
    case never
}

extension Call {
    /// Whether it may be sent again when its answer was lost.
    public var repetition: Repetition {
        switch self {
        case .describeClusters, .describeBackups, .listTags, .getResourcePolicy: .reading
        case .initializeCluster, .modifyCluster, .deleteCluster, .deleteHSM,
            .modifyBackupAttributes, .deleteBackup, .restoreBackup, .tagResource, .untagResource,
            .putResourcePolicy, .deleteResourcePolicy:
            .natural
        case .createCluster, .createHSM, .copyBackup: .never
        }
    }
}
