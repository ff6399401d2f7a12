public import CloudHSM
internal import StrongroomModel

/// A backup kept by name.
public struct RecoveryPointStatus: Hashable, Sendable, Codable {
    /// Its name.
    public let name: String

    /// The backup it means; absent where that is not decided, or cannot be.
    public let backup: BackupID?

    /// Whether the backup carries the record, so that the name never means another.
    public let isRecorded: Bool

    /// Why no backup is meant yet, or none can be kept; absent where one is.
    public let openReason: String?

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

        /// Whether the Region was read: where not, ``isHeld`` says what was seen, and no more.
        public let isRead: Bool
    }

    init(
        _ desired: DesiredRecoveryPoint,
        in group: ProtectionGroup?,
        home: Region,
        records: RecoveryPointRecords,
        unread: UnreadRegions,
        now: Timestamp
    ) {
        let isBlind = unread.contains(home)
        let seen = group.map { desired.meaning(in: $0, records: records, at: now) }
        // What was not recorded is told from all of the home's backups, or not at all.
        let meaning = isBlind && !(seen?.isRecorded ?? false) ? nil : seen
        let found = meaning?.decided
        name = desired.name.value
        if case .backup(let id) = desired.selector {
            backup = id
        } else {
            backup = found?.id
        }
        switch meaning {
        case .backup(let backup, let isRecorded):
            // What a copy carries is its source's record; named by id it needs none.
            self.isRecorded = isRecorded || backup.isCopy
            openReason = nil
        case .waiting(let text), .impossible(let text):
            isRecorded = false
            openReason = text
        case nil:
            isRecorded = false
            openReason =
                isBlind
                ? "\(home) was not read, so nobody can tell how it stands"
                : "the cluster has no backups"
        }
        state = found?.state
        createdAt = found?.createdAt
        isPinned = found?.neverExpires ?? false
        let source = found.map { $0.copiedFrom ?? $0.id }
        regions = desired.regions.map { region in
            let isHeld = group?.backups.contains { other in
                guard other.isReady, other.region == region.value, let source else { return false }
                return other.id == source || other.copiedFrom == source
            }
            return Held(
                region: region.value,
                isHeld: isHeld ?? false,
                isRead: !unread.contains(region.value)
            )
        }
    }

    /// Whether it is safe: recorded, READY, pinned unless it is a copy, and held everywhere.
    var isSafe: Bool {
        openReason == nil && isRecorded && state == .ready && regions.allSatisfy(\.isHeld)
    }
}

extension RecoveryPointMeaning {
    /// Whether the backup it means carries the record.
    fileprivate var isRecorded: Bool {
        if case .backup(_, isRecorded: true) = self { return true }
        return false
    }
}
