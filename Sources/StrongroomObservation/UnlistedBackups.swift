internal import CloudHSM
internal import StrongroomModel

/// Backups of a place that were READY so lately that they must be listed, and are not.
struct UnlistedBackups: Sendable {
    /// How many of them the command that is typed next names: more fit in no line.
    private static let most = 8

    private var sights: [BackupID: Timestamp] = [:]

    /// Adds one.
    ///
    /// - Parameters:
    ///   - backup: The backup.
    ///   - moment: When it was READY.
    mutating func note(_ backup: BackupID, readyAt moment: Timestamp) { sights[backup] = moment }

    /// Adds those of another group.
    ///
    /// - Parameter others: Backups of the same place.
    mutating func note(_ others: UnlistedBackups) { sights.merge(others.sights) { one, _ in one } }

    /// Why the place was not read whole.
    var reason: UnreadReason {
        let inOrder = sights.sorted { $0.key < $1.key }
        let one = inOrder.first.map { " without \($0.key), READY at \($0.value)" } ?? ""
        let others = inOrder.count - 1
        let more = others > 0 ? ", and \(others) \(others == 1 ? "other" : "others")" : ""
        let named = inOrder.prefix(Self.most).map { "\($0.key)" }.joined(separator: ",")
        return UnreadReason(
            "a backup that was READY is on no page now, "
                + "though a deleted one stays listed for 7 days",
            onPage: "\(PageName.Operation.describeBackups.rawValue)\(one)\(more)",
            next: "run it again; if the console does not list it either, "
                + "strongroom resolve \(named) --gone --reason WORDS"
        )
    }
}
