internal import CloudHSM
internal import StrongroomModel

extension LossWalk {
    /// The sweep may run at once after a change (fact sheet, section 20, row 7).
    mutating func sweep(
        under period: RetentionPeriod,
        _ losing: [BackupID],
        at position: Int
    ) {
        let step = scene.steps[position]
        defer { lifetime = .days(period.days) }
        guard let shelf = shelves[home], canHappen(position) else { return }
        guard policyBefore(position) != .days(period.days) else { return }
        let stays = isSurelyLast ? newestOwn?.id : nil
        let horizon = scene.now - .days(period.days)
        let before = policy(seenBy: step, losing).map { scene.now - $0 }
        let known = losing.isEmpty ? scene.ancestors(of: position) : nil
        let seen = Set(Guards(of: step, in: home, of: scene).pinned)
        let taken = shelf.rows.filter { row in
            guard shelf.counts(row.id), shelf.isPossible(row.id), row.createdAt <= horizon else {
                return false
            }
            if row.id == stays { return false }
            if let before, row.createdAt <= before { return false }
            return !seen.contains(row.id) && !isPinned(row, among: known)
        }
        guard !taken.isEmpty else { return }
        for backup in taken {
            guardNomination(of: backup, at: position)
        }
        // The newest goes only when a younger one is there, which is the better source.
        guardCopies(of: taken.filter { $0.id != newestOwn?.id }, at: position)
        announce(taken, at: position)
        if !losing.isEmpty { weighSweep(taken, at: position) }
        let newest = newestOwn?.id
        for backup in taken where backup.id != newest { shelves[home]?.set(backup.id, .doomed) }
        lossesIn[home, default: []].append(step.id)
    }

    /// The policy in force just before a change: the one that is looked up, else the longest there
    /// may be.
    func policy(seenBy step: Step, _ losing: [BackupID]) -> Duration? {
        for case .retention(let policy) in step.preconditions { return policy.lifetime }
        guard losing.isEmpty else { return lifetime }
        guard let lifetime, let first = scene.group?.cluster?.retention.lifetime else { return nil }
        return max(lifetime, first)
    }

    func isPinned(_ backup: Backup, among known: Set<Int>?) -> Bool {
        guard let known, let position = pinnedBy[backup.id] else { return isPinned(backup) }
        return known.contains(position) || (backup.neverExpires && !unpinned.contains(backup.id))
    }

    /// What may go must be said to go: budgets and approval are weighed by it.
    mutating func announce(_ taken: [Backup], at position: Int) {
        let announced = scene.announced
        let newest = newestOwn?.id
        let missing = taken.filter {
            $0.id != newest && $0.state != .createInProgress && !announced.contains($0.id)
        }
        guard let first = missing.first else { return }
        let step = scene.steps[position]
        reading.find(
            .budgets,
            "step \(step.id) may make \(missing.count) backups go that it does not name, "
                + "\(first.id) for one",
            [step.id],
            in: scene
        )
    }

    mutating func weighSweep(_ taken: [Backup], at position: Int) {
        guard var shelf = shelves[home] else { return }
        let guards = Guards(of: scene.steps[position], in: home, of: scene)
        guard guards.canHold else { return }
        // The newest of what is certainly there stays whatever its age (fact sheet, section 8).
        let sure = shelf.rows.last { shelf.isCertain($0.id) || guards.seen.contains($0.id) }
        let ids = Set(taken.map(\.id))
        let isLastTaken = sure.map { ids.contains($0.id) } ?? false
        guard shelf.isEndless || taken.contains(where: { $0.id != sure?.id }) else { return }
        var free: [Backup] = []
        for backup in taken {
            free.append(backup)
            shelf.set(backup.id, .gone)
        }
        let eased = guards.constraints.map { constraint in
            let met = free.count { $0.createdAt >= constraint.since && $0.id != constraint.apart }
            return Shelf.Constraint(
                since: constraint.since,
                apart: constraint.apart,
                atLeast: constraint.atLeast - met
            )
        }
        let seen = guards.seen.filter { !ids.contains($0) }
        guard let left = shelf.fewest(without: nil, where: eased, seen: seen) else { return }
        let bare = shelf.fewest(without: nil, where: [], seen: seen) ?? left
        let last = isLastTaken && left == bare && shelf.arrivals.isEmpty ? 1 : 0
        record(max(left + last, 1), in: home, at: position)
    }

    mutating func unpin(_ id: BackupID, _ losing: [BackupID], at position: Int) {
        let step = scene.steps[position]
        guard let backup = scene.backups[id], !backup.isCopy else { return }
        guard backup.neverExpires || scene.pinned.contains(id) else { return }
        pinnedBy[id] = nil
        guard shelves[home]?.isPossible(id) == true else { return }
        let policy = losing.isEmpty ? policyBefore(position) : lifetime
        guard let policy, backup.createdAt <= scene.now - policy else { return }
        if id != newestOwn?.id { guardCopies(of: [backup], at: position) }
        announce([backup], at: position)
        if !losing.isEmpty, id != newestOwn?.id || shelves[home]?.isEndless == true {
            weighUnpinned(id, at: position)
        }
        if id != newestOwn?.id { shelves[home]?.set(id, .doomed) }
        lossesIn[home, default: []].append(step.id)
    }

    mutating func weighUnpinned(_ id: BackupID, at position: Int) {
        guard let left = fewest(in: home, without: id, at: position) else { return }
        record(max(left, 1), in: home, at: position)
    }

    /// The policy in force when a step is done that need not wait for every step before it.
    func policyBefore(_ position: Int) -> Duration? {
        let before = scene.ancestors(of: position)
        let changes = before.sorted().compactMap { index -> Duration? in
            guard case .setRetention(_, let period, _) = scene.steps[index].action else {
                return nil
            }
            return .days(period.days)
        }
        return changes.last ?? scene.group?.cluster?.retention.lifetime
    }
}
