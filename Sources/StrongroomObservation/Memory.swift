internal import CloudHSM
internal import StrongroomModel

/// What earlier readings showed, of this run and those before it, as far as it proves a later one incomplete.
struct Memory: Sendable {
    /// The places that could not be read when planning began: they are left out of every look at a
    /// group until an inventory has read them, so that the looks of one plan show the same Regions.
    private(set) var leftOut: [Place: UnreadReason] = [:]

    /// The clusters that existed when last seen, or when the run began.
    private(set) var clusters: Set<GroupID>

    /// The groups whose cluster was seen at any time, which fixes their home.
    private(set) var homes: Set<GroupID>

    /// How many pages the last reading of everything took; `nil` before the first.
    var pageCount: Int?

    private var groups: [GroupID: Known] = [:]
    private var hasRead = false

    private struct Known: Sendable {
        var ready: [BackupID: Sight] = [:]
        var sources: Set<BackupID> = []
    }

    private struct Sight: Sendable {
        let region: Region
        let at: Timestamp
    }

    init(_ earlier: [EarlierGroup]) {
        clusters = Set(earlier.lazy.filter(\.isLiving).map(\.id))
        homes = clusters
        for group in earlier where !group.ready.isEmpty {
            let sights = group.ready.map { ($0.backup, Sight(region: $0.region, at: $0.at)) }
            groups[group.id] = Known(ready: Dictionary(sights) { first, _ in first })
        }
    }

    /// The backups that copies of a group may have been made from; `nil` before the first inventory.
    func sources(of id: GroupID) -> Set<BackupID>? {
        hasRead ? groups[id]?.sources ?? [] : nil
    }

    /// Backups that were READY so lately that they must still be listed, whoever deleted them:
    /// a deleted backup stays PENDING_DELETION for seven days (`S`).
    ///
    /// - Parameters:
    ///   - group: The group as it was read now.
    ///   - now: The service's clock after the reading.
    /// - Returns: For every place that lacks one, why it was not read whole.
    func vanished(from group: ProtectionGroup, at now: Timestamp) -> [Place: UnreadReason] {
        guard let known = groups[group.id] else { return [:] }
        let listed = Set(group.backups.lazy.map(\.id))
        var missing: [Place: [(id: BackupID, at: Timestamp)]] = [:]
        for (id, sight) in known.ready where !listed.contains(id) {
            guard now < DeletionWindow.end(ofDeletionAt: sight.at) else { continue }
            let place = Place(account: group.id.home.account, region: sight.region)
            missing[place, default: []].append((id, sight.at))
        }
        return missing.mapValues { sights in
            let sights = sights.sorted { $0.id < $1.id }
            return UnreadReason(unlisted: sights.map(\.id), readyAt: sights[0].at)
        }
    }

    /// The groups whose backups are remembered.
    var knownGroups: [GroupID] { Array(groups.keys) }

    /// Takes a reading in.
    ///
    /// - Parameters:
    ///   - group: The group.
    ///   - moment: The service's clock before the reading.
    mutating func note(_ group: ProtectionGroup, readAt moment: Timestamp) {
        var known = groups[group.id] ?? Known()
        for backup in group.backups {
            if let source = backup.copiedFrom { known.sources.insert(source) }
            known.ready[backup.id] =
                backup.isReady ? Sight(region: backup.region, at: moment) : nil
        }
        groups[group.id] = known
        if group.livingCluster != nil { clusters.insert(group.id) }
        if group.cluster != nil { homes.insert(group.id) }
    }

    /// Notes that a cluster is gone.
    mutating func forgetCluster(of id: GroupID) { clusters.remove(id) }

    /// Notes which places an inventory could not read.
    ///
    /// - Parameters:
    ///   - places: The places, and why.
    ///   - isBeginning: Whether planning begins with it.
    mutating func note(unread places: [Place: UnreadReason], isBeginning: Bool) {
        leftOut =
            isBeginning || !hasRead
            ? places : leftOut.filter { places[$0.key] != nil }
        hasRead = true
    }
}

extension UnreadReason {
    /// How many backups the line that is typed next names: more fit in no line.
    private static let most = 8

    /// Backups that were READY so lately that they must be listed, and are not.
    ///
    /// - Parameters:
    ///   - backups: The backups, not empty.
    ///   - moment: When the first of them was READY.
    fileprivate init(unlisted backups: [BackupID], readyAt moment: Timestamp) {
        let others = backups.count - 1
        let more = others == 0 ? "" : " and \(others) \(others == 1 ? "other" : "others")"
        let named = backups.prefix(Self.most).map { "\($0)" }.joined(separator: ",")
        self.init(
            "a backup that was READY is on no page now, "
                + "though a deleted one stays listed for 7 days",
            onPage: "\(PageName.Operation.describeBackups.rawValue) without \(backups[0]), "
                + "READY at \(moment)\(more)",
            next: "run it again; if the console does not list it either, "
                + "strongroom resolve \(named) --gone --reason WORDS"
        )
    }
}
