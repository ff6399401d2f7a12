internal import CloudHSM
internal import StrongroomModel

extension LossWalk {
    /// Only the group's own backups count at home, and only copies elsewhere.
    mutating func shelve(_ group: ProtectionGroup) {
        let byRegion = Dictionary(
            grouping: group.backups.filter { $0.state != .deleted },
            by: \.region
        )
        let restored = Set(scene.steps.compactMap(\.action.restored))
        for (region, backups) in byRegion {
            let isHome = region == home
            var shelf = Shelf(backups) { $0.isCopy != isHome }
            var count = 0
            for backup in backups {
                if backup.isReady, backup.isCopy != isHome { count += 1 }
                shelf.set(backup.id, standing(of: backup, restored.contains(backup.id)))
            }
            shelves[region] = shelf
            initial[region] = count
        }
        if let newest = newestOwn { shelves[home]?.set(newest.id, .certain) }
        shelves[home, default: .empty].isEndless = mayBackUp
        initial[home, default: 0] += 0
    }

    func standing(of backup: Backup, _ isRestored: Bool) -> Shelf.Standing {
        switch backup.state {
        case .ready: isSweepable(backup) ? .possible : .certain
        case .createInProgress: .possible
        case .pendingDeletion, .deleted, .unrecognised: isRestored ? .possible : .gone
        }
    }

    /// Whether no younger backup of its own can come to take the newest one's place.
    var isSurelyLast: Bool {
        guard let shelf = shelves[home], !shelf.isEndless, let newest = newestOwn else {
            return false
        }
        return !shelf.rows.contains {
            shelf.counts($0.id) && shelf.isPossible($0.id)
                && ($0.createdAt, $0.id) > (newest.createdAt, newest.id)
        }
    }

    /// Whether the service may back the cluster up: it does daily while an HSM is in service.
    var mayBackUp: Bool {
        guard let cluster = scene.cluster else { return false }
        return !cluster.presentHSMs.isEmpty
            || scene.steps.contains { if case .addHSM = $0.action { true } else { false } }
    }

    /// Whether the service may take a backup by itself under the policy in force.
    func isSweepable(_ backup: Backup) -> Bool {
        guard !backup.isCopy, let lifetime, backup.createdAt <= scene.now - lifetime else {
            return false
        }
        return !isPinned(backup)
    }

    func isPinned(_ backup: Backup) -> Bool {
        pinnedBy[backup.id] != nil || (backup.neverExpires && !unpinned.contains(backup.id))
    }

    /// Backups that steps unpin, whenever they are done.
    var unpinned: Set<BackupID> { scene.unpinned }

    /// Copies that are surely new: nothing else could make the step count as done.
    mutating func prepareArrivals() {
        var copies: [Region: [(position: Int, content: Timestamp)]] = [:]
        for (position, step) in scene.steps.enumerated() {
            guard case .copyBackup(let reference, let region) = step.action else { continue }
            guard let content = content(of: reference) else { continue }
            copies[region, default: []].append((position, content))
        }
        for (region, all) in copies {
            let known = shelves[region].map { shelf in
                shelf.rows.last { shelf.isPossible($0.id) }?.createdAt ?? .distantPast
            }
            shelves[region, default: .empty].possibleArrivals = []
            copySteps[region] = all.map { copy in
                CopyStep(content: copy.content, ancestors: scene.ancestors(of: copy.position))
            }
            initial[region, default: 0] += 0
            for copy in all where copy.content > known ?? .distantPast {
                let isSurelyNew = all.allSatisfy { other in
                    other.position == copy.position || other.content < copy.content
                        || scene.ancestors(of: other.position).contains(copy.position)
                }
                guard isSurelyNew, isSeen(scene.steps[copy.position], in: region) else { continue }
                arrivalsByStep[copy.position] = (region, copy.content)
            }
        }
    }

    /// Whether a copying step is done only when the copy is READY.
    func isSeen(_ step: Step, in region: Region) -> Bool {
        guard case .copyBackup(let reference, _) = step.action else { return false }
        return step.postcondition == .copyReady(of: reference, in: region)
    }

    func content(of reference: BackupReference) -> Timestamp? {
        switch reference {
        case .known(let id): scene.backups[id]?.createdAt
        case .caused: .afterThePlan
        }
    }
}
