internal import CloudHSM
internal import StrongroomModel

/// Puts what places list together into protection groups.
///
/// A group's home is where its cluster is listed, or a backup of its own; where neither is seen any
/// more, the Region its copies were made from. Places are never mixed between accounts.
struct Grouping {
    /// The groups, each with its backups in order of Region and id.
    private(set) var groups: [GroupID: ProtectionGroup] = [:]

    /// The groups of which two pages say different things, and what.
    private(set) var contradictions: [GroupID: String] = [:]

    private var homes: [ClusterKey: Place] = [:]
    private var clusterPages: [GroupID: PageName] = [:]
    private var sightings: [BackupKey: Sighting] = [:]
    private var places: [GroupID: [BackupID: Int]] = [:]

    private struct ClusterKey: Hashable {
        let account: AccountID
        let cluster: ClusterID
    }

    private struct BackupKey: Hashable {
        let account: AccountID
        let backup: BackupID
    }

    /// Where a backup was listed first.
    private struct Sighting {
        let group: GroupID
        let region: Region
        let page: PageName
    }

    /// Groups what was read.
    ///
    /// - Parameters:
    ///   - readings: One or more for each place, in any order.
    ///   - known: Groups whose home is known already.
    init(_ readings: [PlaceReading], knowing known: [GroupID] = []) {
        for id in known {
            homes[ClusterKey(account: id.home.account, cluster: id.cluster)] = id.home
        }
        let readings = readings.sorted { $0.place < $1.place }
        for reading in readings {
            for listed in reading.clusters.items { add(listed, at: reading.place) }
        }
        settleHomes(of: readings)
        for reading in readings {
            for listed in reading.backups.items { add(listed, at: reading.place) }
        }
        for id in groups.keys {
            groups[id]?.backups.sort { ($0.region, $0.id) < ($1.region, $1.id) }
        }
    }

    private mutating func add(_ listed: Listed<Cluster>, at place: Place) {
        let id = GroupID(home: place, cluster: listed.item.id)
        let key = ClusterKey(account: place.account, cluster: listed.item.id)
        let home = homes[key] ?? place
        homes[key] = home
        if home != place {
            let text = "\(id.cluster) is listed in \(home) and in \(place)"
            contradict(id, text)
            contradict(GroupID(home: home, cluster: id.cluster), text)
        }
        guard let earlier = groups[id]?.cluster, let page = clusterPages[id] else {
            groups[id] = ProtectionGroup(id: id, cluster: listed.item)
            clusterPages[id] = listed.page
            return
        }
        guard earlier != listed.item else { return }
        contradict(id, "\(id.cluster) is one thing on \(page), another on \(listed.page)")
        groups[id]?.cluster = earlier.joined(with: listed.item)
    }

    /// Finds the homes of clusters that are not listed: where their own backups lie, else where
    /// their copies were made from.
    private mutating func settleHomes(of readings: [PlaceReading]) {
        var sources: [ClusterKey: Set<Region>] = [:]
        var locations: [ClusterKey: Set<Region>] = [:]
        for reading in readings {
            for listed in reading.backups.items {
                let key = ClusterKey(account: reading.place.account, cluster: listed.item.cluster)
                guard let origin = listed.item.backup.origin else {
                    if homes[key] == nil { homes[key] = reading.place }
                    continue
                }
                sources[key, default: []].insert(origin.region)
                locations[key, default: []].insert(reading.place.region)
            }
        }
        for (key, regions) in sources where homes[key] == nil {
            // A copy of a copy names the Region between; the first Region holds none itself.
            let first = regions.subtracting(locations[key] ?? []).min() ?? regions.min()
            homes[key] = first.map { Place(account: key.account, region: $0) }
        }
    }

    private mutating func add(_ listed: Listed<ListedBackup>, at place: Place) {
        let backup = listed.item.backup
        let key = ClusterKey(account: place.account, cluster: listed.item.cluster)
        let id = GroupID(home: homes[key] ?? place, cluster: listed.item.cluster)
        if !backup.isCopy, id.home != place {
            contradict(id, "\(backup.id) lies in \(place), and is no copy")
        }
        let backupKey = BackupKey(account: place.account, backup: backup.id)
        if let first = sightings[backupKey] {
            if first.group != id || first.region != backup.region {
                let text =
                    "\(backup.id) belongs to \(first.group.cluster) in \(first.region) on "
                    + "\(first.page), to \(id.cluster) in \(backup.region) on \(listed.page)"
                contradict(first.group, text)
                contradict(id, text)
            }
        } else {
            sightings[backupKey] = Sighting(group: id, region: backup.region, page: listed.page)
        }
        insert(backup, into: id, listedOn: listed.page, first: sightings[backupKey]?.page)
    }

    private mutating func insert(
        _ backup: Backup,
        into id: GroupID,
        listedOn page: PageName,
        first: PageName?
    ) {
        var group = groups[id] ?? ProtectionGroup(id: id, cluster: nil)
        // Taken out, so that the list is changed in place.
        groups[id] = nil
        defer { groups[id] = group }
        guard let place = places[id]?[backup.id] else {
            places[id, default: [:]][backup.id] = group.backups.endIndex
            group.backups.append(backup)
            return
        }
        let earlier = group.backups[place]
        guard earlier != backup else { return }
        contradict(
            id,
            "\(backup.id) is \(earlier.state) on \(first ?? page), \(backup.state) on \(page)"
        )
        group.backups[place] = earlier.joined(with: backup)
    }

    private mutating func contradict(_ id: GroupID, _ text: String) {
        guard let earlier = contradictions[id] else { return contradictions[id] = text }
        guard !earlier.contains(text) else { return }
        contradictions[id] = "\(earlier); \(text)"
    }
}
