public import CloudHSM

/// A backup to keep by name.
public struct DesiredRecoveryPoint: Sendable {
    /// Its name, unique in the cluster.
    public let name: Located<String>

    /// Which backup it is.
    public let selector: Selector

    /// The Regions it is to be held in besides the home Region.
    public let regions: [Located<Region>]

    /// How a recovery point says which backup it is.
    public enum Selector: Hashable, Sendable {
        /// That one.
        case backup(BackupID)
        /// The newest taken before a moment.
        case takenBefore(Timestamp)
        /// The first taken after a moment.
        case takenAfter(Timestamp)
        /// The newest there is when it is nominated.
        case newest
    }

    /// Describes a recovery point.
    ///
    /// - Parameters:
    ///   - name: Its name.
    ///   - selector: Which backup it is.
    ///   - regions: The Regions it is to be held in besides the home Region.
    public init(name: Located<String>, selector: Selector, regions: [Located<Region>] = []) {
        self.name = name
        self.selector = selector
        self.regions = regions
    }
}
