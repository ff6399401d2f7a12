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

        /// Why it was not read whole; `nil` if it was.
        public let gap: String?

        /// Describes a place.
        ///
        /// - Parameters:
        ///   - place: The account and Region.
        ///   - clusters: The clusters that exist there.
        ///   - readyBackups: The READY backups that lie there.
        ///   - pendingDeletion: The backups there that are pending deletion.
        ///   - gap: Why it was not read whole.
        public init(
            _ place: Place,
            clusters: Int,
            readyBackups: Int,
            pendingDeletion: Int,
            gap: String?
        ) {
            self.place = place
            self.clusters = clusters
            self.readyBackups = readyBackups
            self.pendingDeletion = pendingDeletion
            self.gap = gap
        }
    }

    /// The lines, and a total.
    ///
    /// - Parameter rows: The places, in order.
    /// - Returns: Text that ends with a line break.
    public static func text(of rows: [Row]) -> String {
        var lines = rows.map { row in
            let gap = row.gap.map { "  not read whole: \(SafeText.terminal($0))" } ?? ""
            let pending =
                row.pendingDeletion == 0 ? "" : ", \(row.pendingDeletion) pending deletion"
            return
                "\(row.place.account)  \(row.place.region)  \(counted(row.clusters, "cluster")), "
                + "\(counted(row.readyBackups, "READY backup"))\(pending)\(gap)"
        }
        let clusters = rows.reduce(0) { $0 + $1.clusters }
        let backups = rows.reduce(0) { $0 + $1.readyBackups }
        let unread = rows.count { $0.gap != nil }
        lines.append(
            "\(counted(clusters, "cluster")) and \(counted(backups, "READY backup")) in "
                + "\(counted(rows.count, "place"))"
                + (unread == 0 ? "" : ", \(unread) of them not read whole")
        )
        return lines.joined(separator: "\n") + "\n"
    }
}
