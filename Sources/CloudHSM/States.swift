/// A state as the service names it; a name this version does not know is kept and counts as busy.
///
/// Source: fact sheet, section 4, note (d): unknown future values must parse.
public protocol ServiceState: Hashable, Sendable, LosslessStringConvertible, TextCodable {
    /// The states the service model lists.
    static var known: [Self] { get }

    /// Keeps a name that is not in the model.
    static func unrecognised(_ name: String) -> Self
}

extension ServiceState {
    /// Reads a state's name; never fails, because unknown names are kept.
    ///
    /// - Parameter text: The name as the service writes it.
    public init?(_ text: String) {
        self = Self.known.first { $0.description == text } ?? .unrecognised(text)
    }
}

/// The states of a cluster.
///
/// Source: `API`, enum `ClusterState`.
public enum ClusterState: ServiceState {
    /// Being created.
    case createInProgress
    /// Waits for its first HSM and for its certificate.
    case uninitialized
    /// The certificate is being taken in.
    case initializeInProgress
    /// Waits for a person to set the first officer's password on the data plane.
    case initialized
    /// In service, with or without HSMs.
    case active
    /// Undocumented; read only until it leaves (fact sheet, section 20, row 1).
    case updateInProgress
    /// Its HSMs are being moved to another type.
    case modifyInProgress
    /// A change of type is being taken back.
    case rollbackInProgress
    /// Being deleted.
    case deleteInProgress
    /// Gone; may still be listed for a while.
    case deleted
    /// Faulty; read only until it leaves (fact sheet, section 20, row 1).
    case degraded
    /// A state this version does not know.
    case unrecognised(String)

    /// The states the service model lists.
    public static let known: [ClusterState] = [
        .createInProgress, .uninitialized, .initializeInProgress, .initialized, .active,
        .updateInProgress, .modifyInProgress, .rollbackInProgress, .deleteInProgress, .deleted,
        .degraded,
    ]

    /// The state as the service writes it.
    public var description: String {
        switch self {
        case .createInProgress: "CREATE_IN_PROGRESS"
        case .uninitialized: "UNINITIALIZED"
        case .initializeInProgress: "INITIALIZE_IN_PROGRESS"
        case .initialized: "INITIALIZED"
        case .active: "ACTIVE"
        case .updateInProgress: "UPDATE_IN_PROGRESS"
        case .modifyInProgress: "MODIFY_IN_PROGRESS"
        case .rollbackInProgress: "ROLLBACK_IN_PROGRESS"
        case .deleteInProgress: "DELETE_IN_PROGRESS"
        case .deleted: "DELETED"
        case .degraded: "DEGRADED"
        case .unrecognised(let name): name
        }
    }

    /// Whether the service, or a fault, is at work, so that nothing may be asked of the cluster.
    public var isBusy: Bool {
        switch self {
        case .uninitialized, .initialized, .active, .deleted: false
        case .createInProgress, .initializeInProgress, .updateInProgress, .modifyInProgress,
            .rollbackInProgress, .deleteInProgress, .degraded, .unrecognised:
            true
        }
    }
}

/// The states of an HSM.
///
/// Source: `API`, enum `HsmState`.
public enum HSMState: ServiceState {
    /// Being created.
    case createInProgress
    /// In service.
    case active
    /// Failed to be created, or its hardware is in trouble (fact sheet, section 5).
    case degraded
    /// Being deleted; still blocks DeleteCluster.
    case deleteInProgress
    /// Gone.
    case deleted
    /// A state this version does not know.
    case unrecognised(String)

    /// The states the service model lists.
    public static let known: [HSMState] = [
        .createInProgress, .active, .degraded, .deleteInProgress, .deleted,
    ]

    /// The state as the service writes it.
    public var description: String {
        switch self {
        case .createInProgress: "CREATE_IN_PROGRESS"
        case .active: "ACTIVE"
        case .degraded: "DEGRADED"
        case .deleteInProgress: "DELETE_IN_PROGRESS"
        case .deleted: "DELETED"
        case .unrecognised(let name): name
        }
    }

    /// Whether the HSM bills and uses quota (fact sheet, section 5, counting rule).
    ///
    /// An unknown state counts as present: a further HSM is then never created by mistake.
    public var isPresent: Bool {
        switch self {
        case .createInProgress, .active, .degraded, .unrecognised: true
        case .deleteInProgress, .deleted: false
        }
    }

    /// Whether the HSM is on its way to another state.
    public var isBusy: Bool {
        switch self {
        case .createInProgress, .deleteInProgress, .unrecognised: true
        case .active, .degraded, .deleted: false
        }
    }
}

/// The states of a backup.
///
/// Source: `API`, enum `BackupState`.
public enum BackupState: ServiceState {
    /// Being made or copied.
    case createInProgress
    /// Whole and usable.
    case ready
    /// Deleted, and restorable until its DeleteTimestamp.
    case pendingDeletion
    /// Gone for ever, or a copy that failed.
    case deleted
    /// A state this version does not know.
    case unrecognised(String)

    /// The states the service model lists.
    public static let known: [BackupState] = [
        .createInProgress, .ready, .pendingDeletion, .deleted,
    ]

    /// The state as the service writes it.
    public var description: String {
        switch self {
        case .createInProgress: "CREATE_IN_PROGRESS"
        case .ready: "READY"
        case .pendingDeletion: "PENDING_DELETION"
        case .deleted: "DELETED"
        case .unrecognised(let name): name
        }
    }
}
