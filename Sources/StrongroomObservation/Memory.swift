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
    /// - Returns: Those that are not, for every place that lacks one.
    func vanished(from group: ProtectionGroup, at now: Timestamp) -> [Place: UnlistedBackups] {
        guard let known = groups[group.id] else { return [:] }
        let listed = Set(group.backups.lazy.map(\.id))
        var missing: [Place: UnlistedBackups] = [:]
        for (id, sight) in known.ready where !listed.contains(id) {
            guard now < DeletionWindow.end(ofDeletionAt: sight.at) else { continue }
            let place = Place(account: group.id.home.account, region: sight.region)
            missing[place, default: UnlistedBackups()].note(id, readyAt: sight.at)
        }
        return missing
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
