public import CloudHSM
public import StrongroomModel

/// A group as an earlier run saw it, as far as that proves a later reading incomplete.
public struct EarlierGroup: Sendable {
    /// A backup that was READY.
    public struct Sight: Sendable {
        /// The backup.
        public let backup: BackupID

        /// Where it lay.
        public let region: Region

        /// When its Region was last read whole, by the service's clock.
        public let at: Timestamp

        /// Describes a sight.
        ///
        /// - Parameters:
        ///   - backup: The backup.
        ///   - region: Where it lay.
        ///   - at: When its Region was last read whole.
        public init(_ backup: BackupID, in region: Region, at: Timestamp) {
            self.backup = backup
            self.region = region
            self.at = at
        }
    }

    /// The group.
    public let id: GroupID

    /// Whether it had a cluster: one that no page lists is asked for by its id.
    public let isLiving: Bool

    /// Its backups that were READY: they stay listed for 7 days, whoever deletes them.
    public let ready: [Sight]

    /// Describes a group.
    ///
    /// - Parameters:
    ///   - id: The group.
    ///   - isLiving: Whether it had a cluster.
    ///   - ready: Its backups that were READY.
    public init(_ id: GroupID, isLiving: Bool, ready: [Sight] = []) {
        self.id = id
        self.isLiving = isLiving
        self.ready = ready
    }
}
