public import CloudHSM
internal import StrongroomModel

/// A backup kept by name.
public struct RecoveryPointStatus: Hashable, Sendable, Codable {
    /// Its name.
    public let name: String

    /// The backup; absent where none fits.
    public let backup: BackupID?

    /// Its state; absent where it is not listed.
    public let state: BackupState?

    /// When its content was taken.
    public let createdAt: Timestamp?

    /// Whether retention passes it over.
    public let isPinned: Bool

    /// The Regions it is to be held in, in the order written.
    public let regions: [Held]

    /// A Region a recovery point is to be held in.
    public struct Held: Hashable, Sendable, Codable {
        /// The Region.
        public let region: Region

        /// Whether a copy is READY there.
        public let isHeld: Bool
    }

    init(_ desired: DesiredRecoveryPoint, in group: ProtectionGroup?, home: Region) {
        let found: Backup? =
            switch desired.selector {
            case .backup(let id): group?.backup(id)
            case .takenBefore(let moment):
                group?.readyBackups(in: home).last { $0.createdAt < moment }
            case .takenAfter(let moment):
                group?.readyBackups(in: home).first { $0.createdAt > moment }
            case .newest: group?.newestReadyBackup(in: home)
            }
        name = desired.name.value
        if case .backup(let id) = desired.selector {
            backup = id
        } else {
            backup = found?.id
        }
        state = found?.state
        createdAt = found?.createdAt
        isPinned = found?.neverExpires ?? false
        regions = desired.regions.map { region in
            let isHeld = group?.backups.contains { other in
                guard other.isReady, other.region == region.value, let found else { return false }
                return other.id == found.id || other.copiedFrom == found.id
            }
            return Held(region: region.value, isHeld: isHeld ?? false)
        }
    }
}
