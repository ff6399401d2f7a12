/// A backup or a copy of one, as the service describes it, in a row of 72 bytes.
///
/// Fleets hold millions, so everything a rule asks for is stored flat, and what is rare stands in
/// one shared object. The cluster is not repeated: it is the protection group's.
/// Source: `API`, shape `Backup`.
public struct Backup: Sendable {
    /// Its id.
    public let id: BackupID

    /// The Region it lies in.
    public let region: Region

    /// When its content was taken; a copy has its source's (`API`).
    ///
    /// The only age that counts.
    public let createdAt: Timestamp

    private var deletesAtMilliseconds: Int64
    private let copiedAtMilliseconds: Int64
    private let sourceBackup: BackupID?
    private let sourceRegionCode: UInt32
    private var stateCode: StateCode
    private let modeCode: ModeCode

    /// Whether retention passes it over (`API`, NeverExpires).
    public var neverExpires: Bool

    /// Tags and whatever is rare; shared between backups that have the same.
    public var details: BackupDetails?

    /// Describes a backup.
    ///
    /// - Parameters:
    ///   - id: Its id.
    ///   - region: The Region it lies in.
    ///   - createdAt: When its content was taken.
    ///   - state: Its state.
    ///   - deletesAt: The future moment of permanent deletion, only while pending deletion.
    ///   - origin: What it was copied from; `nil` for a cluster's own backup.
    ///   - mode: The mode of the backed-up cluster, if the service says.
    ///   - neverExpires: Whether retention passes it over.
    ///   - details: Tags and whatever is rare.
    public init(
        id: BackupID,
        region: Region,
        createdAt: Timestamp,
        state: BackupState,
        deletesAt: Timestamp? = nil,
        origin: CopyOrigin? = nil,
        mode: ClusterMode? = nil,
        neverExpires: Bool = false,
        details: BackupDetails? = nil
    ) {
        self.id = id
        self.region = region
        self.createdAt = createdAt
        deletesAtMilliseconds = deletesAt?.milliseconds ?? .min
        copiedAtMilliseconds = origin?.copiedAt.milliseconds ?? .min
        sourceBackup = origin?.backup
        sourceRegionCode = origin?.region.code ?? 0
        stateCode = StateCode(state)
        modeCode = ModeCode(mode)
        self.neverExpires = neverExpires
        self.details = details
        if case .unrecognised = state {
            self.details = (details ?? BackupDetails()).with(unrecognisedState: state)
        }
    }
}

extension Backup {
    /// Its state.
    public var state: BackupState {
        get {
            switch stateCode {
            case .createInProgress: .createInProgress
            case .ready: .ready
            case .pendingDeletion: .pendingDeletion
            case .deleted: .deleted
            case .unrecognised: details?.unrecognisedState ?? .unrecognised("")
            }
        }
        set {
            stateCode = StateCode(newValue)
            if case .unrecognised = newValue {
                details = (details ?? BackupDetails()).with(unrecognisedState: newValue)
            }
        }
    }

    /// Whether it is whole and usable; the only backups that count for any floor.
    public var isReady: Bool { stateCode == .ready }

    /// The moment of permanent deletion, while it is pending deletion.
    public var deletesAt: Timestamp? {
        get {
            deletesAtMilliseconds == .min ? nil : Timestamp(milliseconds: deletesAtMilliseconds)
        }
        set { deletesAtMilliseconds = newValue?.milliseconds ?? .min }
    }

    /// What it was copied from; `nil` for a cluster's own backup.
    public var origin: CopyOrigin? {
        guard let sourceBackup, let region = Region(code: sourceRegionCode) else { return nil }
        return CopyOrigin(
            backup: sourceBackup,
            region: region,
            copiedAt: Timestamp(milliseconds: copiedAtMilliseconds)
        )
    }

    /// Whether it was copied from another Region.
    public var isCopy: Bool { sourceRegionCode != 0 }

    /// The backup it was copied from, without the rest of its origin.
    public var copiedFrom: BackupID? { sourceBackup }

    /// The mode of the backed-up cluster, if the service says.
    public var mode: ClusterMode? {
        switch modeCode {
        case .unsaid: nil
        case .fips: .fips
        case .nonFIPS: .nonFIPS
        }
    }

    /// Its tags.
    public var tags: [String: String] { details?.tags ?? [:] }

    /// The type of the backed-up cluster's HSMs, if the service says.
    public var hsmType: HSMType? { details?.hsmType }

    private enum StateCode: UInt8 {
        case createInProgress, ready, pendingDeletion, deleted, unrecognised

        init(_ state: BackupState) {
            switch state {
            case .createInProgress: self = .createInProgress
            case .ready: self = .ready
            case .pendingDeletion: self = .pendingDeletion
            case .deleted: self = .deleted
            case .unrecognised: self = .unrecognised
            }
        }
    }

    private enum ModeCode: UInt8 {
        case unsaid, fips, nonFIPS

        init(_ mode: ClusterMode?) {
            switch mode {
            case nil: self = .unsaid
            case .fips: self = .fips
            case .nonFIPS: self = .nonFIPS
            }
        }
    }
}

extension Backup: Hashable {}
