package import CloudHSM

/// Something the simulated service will do by itself, because of a call or of a fault.
package struct PendingChange: Hashable, Sendable {
    /// What will happen.
    package enum Change: Hashable, Sendable {
        case clusterCreated
        case clusterInitialized
        case clusterDeleted
        case clusterUnlisted
        case typeChanged
        case typeRolledBack
        case hsmReady(HSMID)
        case hsmFailed(HSMID)
        case hsmGone(HSMID)
        case hsmReplaced(HSMID)
        case hsmTypeChanged(HSMID)
        case backupReady(BackupID)
        case backupUnlisted(BackupID)
    }

    /// When it happens.
    let due: Timestamp

    /// What happens.
    let change: Change

    /// Names what happens and when.
    package init(due: Timestamp, change: Change) {
        self.due = due
        self.change = change
    }
}

extension PendingChange.Change {
    /// The name files give it.
    var name: String {
        switch self {
        case .clusterCreated: "clusterCreated"
        case .clusterInitialized: "clusterInitialized"
        case .clusterDeleted: "clusterDeleted"
        case .clusterUnlisted: "clusterUnlisted"
        case .typeChanged: "typeChanged"
        case .typeRolledBack: "typeRolledBack"
        case .hsmReady: "hsmReady"
        case .hsmFailed: "hsmFailed"
        case .hsmGone: "hsmGone"
        case .hsmReplaced: "hsmReplaced"
        case .hsmTypeChanged: "hsmTypeChanged"
        case .backupReady: "backupReady"
        case .backupUnlisted: "backupUnlisted"
        }
    }

    /// The HSM it is about, if it is about one.
    var hsm: HSMID? {
        switch self {
        case .hsmReady(let id), .hsmFailed(let id), .hsmGone(let id), .hsmReplaced(let id),
            .hsmTypeChanged(let id):
            id
        case .clusterCreated, .clusterInitialized, .clusterDeleted, .clusterUnlisted,
            .typeChanged, .typeRolledBack, .backupReady, .backupUnlisted:
            nil
        }
    }

    /// The backup it is about, if it is about one.
    var backup: BackupID? {
        switch self {
        case .backupReady(let id), .backupUnlisted(let id): id
        case .clusterCreated, .clusterInitialized, .clusterDeleted, .clusterUnlisted,
            .typeChanged, .typeRolledBack, .hsmReady, .hsmFailed, .hsmGone, .hsmReplaced,
            .hsmTypeChanged:
            nil
        }
    }
}
