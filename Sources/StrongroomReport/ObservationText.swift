internal import CloudHSM
public import StrongroomModel

/// What an observation found, a line for each account and Region.
public enum ObservationText {
    /// One account and Region.
    public struct Row: Hashable, Sendable {
        /// The account and Region.
        public let place: Place

        /// The clusters that exist there.
        public let clusters: Int

        /// The READY backups that lie there, copies included.
        public let readyBackups: Int

        /// The backups there that can be restored for some days only.
        public let pendingDeletion: Int

        /// Whether it was read whole.
        public let isWhole: Bool

        /// Describes a place.
        ///
        /// - Parameters:
        ///   - place: The account and Region.
        ///   - clusters: The clusters that exist there.
        ///   - readyBackups: The READY backups that lie there.
        ///   - pendingDeletion: The backups there that are pending deletion.
        ///   - isWhole: Whether it was read whole.
        public init(
            _ place: Place,
            clusters: Int,
            readyBackups: Int,
            pendingDeletion: Int,
            isWhole: Bool
        ) {
            self.place = place
            self.clusters = clusters
            self.readyBackups = readyBackups
            self.pendingDeletion = pendingDeletion
            self.isWhole = isWhole
        }
    }

    /// The lines, and a total.
    ///
    /// - Parameter rows: The places, in order.
    /// - Returns: Text that ends with a line break.
    public static func text(of rows: [Row]) -> String {
        var lines = rows.map { "\($0.place.account)  \($0.place.region)  \($0.content)" }
        let whole = rows.filter(\.isWhole)
        let clusters = whole.reduce(0) { $0 + $1.clusters }
        let backups = whole.reduce(0) { $0 + $1.readyBackups }
        let unread = rows.count - whole.count
        if !whole.isEmpty {
            lines.append(
                "\(counted(clusters, "cluster")) and \(counted(backups, "READY backup")) in "
                    + "\(counted(whole.count, "Region"))"
            )
        }
        if unread > 0 { lines.append("\(counted(unread, "Region")) not read") }
        return lines.joined(separator: "\n") + "\n"
    }
}

extension ObservationText.Row {
    /// What was found; where not everything was read, nothing is counted.
    fileprivate var content: String {
        guard isWhole else { return "not read" }
        let pending = pendingDeletion == 0 ? "" : ", \(pendingDeletion) pending deletion"
        return "\(counted(clusters, "cluster")), \(counted(readyBackups, "READY backup"))\(pending)"
    }
}
