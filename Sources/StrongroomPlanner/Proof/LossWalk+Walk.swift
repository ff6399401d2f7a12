internal import CloudHSM
internal import StrongroomModel

extension LossWalk {
    mutating func visit(_ position: Int) {
        let step = scene.steps[position]
        if isStuck(step, at: position) {
            stuck.insert(step.id)
            return
        }
        if step.action.mayLoseBackups { expectCopies(before: position) }
        let isSurelyCalled = isSurelyCalled(step, at: position)
        switch step.action {
        case .deleteBackup(let id, let region, _): delete(id, in: region, at: position)
        case .setRetention(_, let period, let losing): sweep(under: period, losing, at: position)
        case .unpinBackup(let id, _, let losing): unpin(id, losing, at: position)
        case .copyBackup(let source, let region):
            if let arrival = arrivalsByStep[position] {
                shelves[arrival.region]?.arrive(arrival.content)
            } else if isSeen(step, in: region), let content = content(of: source) {
                shelves[region]?.hold(since: content)
            }
        case .createCluster, .initializeCluster, .addHSM, .removeHSM, .restoreBackup, .pinBackup,
            .tagBackup, .untagBackup, .tagCluster, .changeType, .deleteCluster:
            break
        }
        see(step.postcondition, at: position)
        if isSurelyCalled { remember(step) }
    }

    /// Whether a step cannot count as done without its call, so that its guards were seen.
    func isSurelyCalled(_ step: Step, at position: Int) -> Bool {
        switch step.action {
        case .deleteBackup(let id, let region, _):
            step.postcondition == .backupGone(id) && shelves[region]?.isCertain(id) == true
                && id != newestOwn?.id
        case .setRetention(_, let period, _):
            step.postcondition == .retention(.days(period.days))
                && policyBefore(position) != .days(period.days)
        case .createCluster, .initializeCluster, .addHSM, .removeHSM, .copyBackup,
            .restoreBackup, .pinBackup, .unpinBackup, .tagBackup, .untagBackup, .tagCluster,
            .changeType, .deleteCluster:
            false
        }
    }

    /// Young content that was seen stays: no sweep takes it, and no deletion leaves only older.
    mutating func remember(_ step: Step) {
        let horizon = lifetime.map { scene.now - $0 } ?? .distantPast
        for constraint in Guards(of: step, in: home, of: scene).constraints
        where constraint.apart == nil && constraint.since > horizon && constraint.atLeast > 0 {
            shelves[home]?.hold(since: constraint.since)
        }
    }

    /// Copies that may be there by then: of every step that need not wait for this one.
    mutating func expectCopies(before position: Int) {
        for (region, steps) in copySteps {
            let coming = steps.filter { !$0.ancestors.contains(position) }
            shelves[region]?.possibleArrivals = coming.map(\.content)
        }
    }

    /// Whether a step waits for what never comes: a step that is stuck, or guards that cannot hold
    /// while there is still something to be done.
    func isStuck(_ step: Step, at position: Int) -> Bool {
        if !stuck.isEmpty {
            guard step.action.lostBackups.isEmpty, stuck.isDisjoint(with: step.after) else {
                return true
            }
        }
        switch step.action {
        case .deleteBackup(let id, let region, _):
            return shelves[region]?.isCertain(id) == true && !canHappen(position)
        case .setRetention(_, let period, let losing):
            guard policyBefore(position) != .days(period.days) else { return false }
            return !canHappen(position) || !fits(step.preconditions, losing, at: position)
        case .pinBackup(.known(let id)): return !mayBeReady(id)
        case .copyBackup(.known(let id), let region):
            guard let source = scene.backups[id], !mayBeReady(id) else { return false }
            return !(shelvesAtFirst[region]?.mayHold(since: source.createdAt) ?? false)
        case .createCluster, .initializeCluster, .addHSM, .removeHSM, .copyBackup,
            .restoreBackup, .pinBackup, .unpinBackup, .tagBackup, .untagBackup, .tagCluster,
            .changeType, .deleteCluster:
            return false
        }
    }

    func mayBeReady(_ id: BackupID) -> Bool {
        scene.backups[id].map { shelvesAtFirst[$0.region]?.isPossible(id) == true } ?? false
    }

    /// Whether the policy can be the one that must be seen before a change of it.
    func fits(
        _ preconditions: [Fact],
        _ losing: [BackupID],
        at position: Int
    ) -> Bool {
        let isFixed = !losing.isEmpty || isChanged(before: position)
        let before = policyBefore(position)
        for case .retention(let policy) in preconditions where policy.lifetime != before {
            return !isFixed
        }
        return true
    }

    /// Whether an earlier change of the policy must be done first.
    func isChanged(before position: Int) -> Bool {
        scene.ancestors(of: position).contains {
            if case .setRetention = scene.steps[$0].action { true } else { false }
        }
    }

    /// What is known from then on because a step is done only when it is seen.
    mutating func see(_ fact: Fact, at position: Int) {
        switch fact {
        case .backupPinned(.known(let id)):
            pinnedBy[id] = pinnedBy[id] ?? position
            confirm(id)
        case .backupReady(.known(let id)): confirm(id)
        case .backupPinned(.caused), .backupReady(.caused), .freshBackup:
            guard !hasSeenFresh else { return }
            hasSeenFresh = true
            shelves[home]?.arrive(.afterThePlan)
        case .clusterExists, .clusterState, .signingRequestShown, .clusterClaimed, .hsmsSettled,
            .presentHSMs, .healthyHSMs, .healthyHSMsApart, .hsmGone, .readyBackupsApart,
            .readyContent, .backupGone, .notCopied, .copyReady, .retention, .clusterTags,
            .noHSMsListed, .hsmDegraded, .hsmType, .clusterGone, .backupPendingDeletion,
            .backupUnpinned, .backupTags, .backupTagsAbsent, .newestBackup:
            break
        }
    }

    /// A backup that was seen READY stays so unless the service may sweep it.
    mutating func confirm(_ id: BackupID) {
        guard let backup = scene.backups[id], !isSweepable(backup) else { return }
        guard shelves[backup.region]?.isPossible(id) == true else { return }
        shelves[backup.region]?.set(id, .certain)
    }

    mutating func delete(_ id: BackupID, in region: Region, at position: Int) {
        let step = scene.steps[position]
        // What is not there, or not there any more, is not called for.
        guard let backup = scene.backups[id], backup.region == region else { return }
        guard shelves[region]?.isPossible(id) == true, canHappen(position) else { return }
        guardCopies(of: [backup], at: position)
        if shelves[region]?.counts(id) == true {
            if isExempt(backup) {
                weighClean(backup, at: position)
            } else {
                weigh(region, without: id, since: backup.createdAt, at: position)
            }
        }
        if id == newestOwn?.id { shelves[region]?.hold(since: .distantPast) }
        shelves[region]?.set(id, .gone)
        lossesIn[region, default: []].append(step.id)
    }

    /// A dirty copy where no copies are asked for may go to the last one: the clean backups at home
    /// are what a purge leaves.
    func isExempt(_ backup: Backup) -> Bool {
        backup.isCopy && backup.region != home && scene.mayHold(backup)
            && !scene.desired.copies.contains { $0.region.value == backup.region }
    }
}
