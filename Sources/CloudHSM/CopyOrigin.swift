/// What a copy was made from.
///
/// Source: `API`: all of its fields are given, or none.
public struct CopyOrigin: Hashable, Sendable {
    /// The backup it was copied from.
    public let backup: BackupID

    /// The Region it was copied from.
    public let region: Region

    /// When it was copied; says nothing about the age of the content.
    public let copiedAt: Timestamp

    /// Describes where a copy comes from.
    ///
    /// - Parameters:
    ///   - backup: The backup it was copied from.
    ///   - region: The Region it was copied from.
    ///   - copiedAt: When it was copied.
    public init(backup: BackupID, region: Region, copiedAt: Timestamp) {
        self.backup = backup
        self.region = region
        self.copiedAt = copiedAt
    }
}
