internal import CloudHSM
internal import StrongroomModel

/// One walk over the steps that lose backups, which says how few may be left after each.
///
/// A step that loses backups begins only when every step before it is done, so what went before it
/// is known; what only may have been done by then is counted where it lowers and never where it
/// raises, and the service's own sweep is taken to have run.
struct LossWalk {
    private let scene: Scene
    private var shelves: [Region: Shelf] = [:]
    private var lifetime: Duration?
    private var pinnedBy: [BackupID: Int] = [:]
    private var arrivalsByStep: [Int: (region: Region, content: Timestamp)] = [:]
    private var lossesIn: [Region: [StepID]] = [:]
    private var hasSeenFresh = false
    private var initial: [Region: Int] = [:]

    /// What was found, for the promises about backups.
    private(set) var readings: [Reading] = []
    private var reading = Reading()

    init(_ scene: Scene) {
        self.scene = scene
        guard scene.brokenOrder == nil, let group = scene.group else { return }
        guard scene.steps.contains(where: \.action.mayLoseBackups) else { return }
        lifetime = group.cluster?.retention.lifetime
        shelve(group)
        prepareArrivals()
        for index in scene.steps.indices { visit(index) }
        readings = [reading]
    }

    private var home: Region { scene.home.region }

    /// READY backups and floors of every Region that steps take from.
    var counts: [Region: Proof.GroupFacts.Count] {
        initial.reduce(into: [:]) { counts, entry in
            counts[entry.key] = Proof.GroupFacts.Count(
                there: entry.value,
                floor: floor(in: entry.key)
            )
        }
    }
}

// MARK: The start

extension LossWalk {
    /// Only the group's own backups count at home, and only copies elsewhere.
    private mutating func shelve(_ group: ProtectionGroup) {
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
        shelves[home, default: Shelf([]) { _ in true }].isEndless = mayBackUp
        initial[home, default: 0] += 0
    }

    private func standing(of backup: Backup, _ isRestored: Bool) -> Shelf.Standing {
        switch backup.state {
        case .ready: isSweepable(backup) ? .possible : .certain
        case .createInProgress: .possible
        case .pendingDeletion, .deleted, .unrecognised: isRestored ? .possible : .gone
        }
    }

    /// The newest of the cluster's own READY backups, which no sweep takes (fact sheet, section 8).
    private var newestOwn: Backup? {
        scene.group?.backups.filter { $0.isReady && !$0.isCopy }
            .max { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }
    }

    /// Whether the service may back the cluster up: it does daily while an HSM is in service.
    private var mayBackUp: Bool {
        guard let cluster = scene.cluster else { return false }
        return !cluster.presentHSMs.isEmpty
            || scene.steps.contains { if case .addHSM = $0.action { true } else { false } }
    }

    /// Whether the service may take a backup by itself under the policy in force.
    private func isSweepable(_ backup: Backup) -> Bool {
        guard !backup.isCopy, let lifetime, backup.createdAt <= scene.now - lifetime else {
            return false
        }
        return !isPinned(backup)
    }

    private func isPinned(_ backup: Backup) -> Bool {
        pinnedBy[backup.id] != nil || (backup.neverExpires && !unpinned.contains(backup.id))
    }

    /// Backups that steps unpin, whenever they are done.
    private var unpinned: Set<BackupID> { scene.unpinned }

    /// Copies that are surely new: nothing else could make the step count as done.
    private mutating func prepareArrivals() {
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
            shelves[region, default: Shelf([]) { _ in true }].possibleArrivals = all.map(\.content)
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
    private func isSeen(_ step: Step, in region: Region) -> Bool {
        guard case .copyBackup(let reference, _) = step.action else { return false }
        return step.postcondition == .copyReady(of: reference, in: region)
    }

    private func content(of reference: BackupReference) -> Timestamp? {
        switch reference {
        case .known(let id): scene.backups[id]?.createdAt
        case .caused: .afterThePlan
        }
    }
}

// MARK: The walk

extension LossWalk {
    private mutating func visit(_ position: Int) {
        let step = scene.steps[position]
        switch step.action {
        case .deleteBackup(let id, let region, _): delete(id, in: region, at: position)
        case .setRetention(_, let period, let losing): sweep(under: period, losing, at: position)
        case .unpinBackup(let id, _, let losing): unpin(id, losing, at: position)
        case .copyBackup:
            if let arrival = arrivalsByStep[position] {
                shelves[arrival.region]?.arrive(arrival.content)
            }
        case .createCluster, .initializeCluster, .addHSM, .removeHSM, .restoreBackup, .pinBackup,
            .tagBackup, .untagBackup, .tagCluster, .changeType, .deleteCluster:
            break
        }
        see(step.postcondition, at: position)
    }

    /// What is known from then on because a step is done only when it is seen.
    private mutating func see(_ fact: Fact, at position: Int) {
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
    private mutating func confirm(_ id: BackupID) {
        guard let backup = scene.backups[id], !isSweepable(backup) else { return }
        guard shelves[backup.region]?.isPossible(id) == true else { return }
        shelves[backup.region]?.set(id, .certain)
    }

    private mutating func delete(_ id: BackupID, in region: Region, at position: Int) {
        let step = scene.steps[position]
        // What is not there, or not there any more, is not called for.
        guard let backup = scene.backups[id], backup.region == region,
            shelves[region]?.isPossible(id) == true
        else { return }
        guardNomination(of: backup, going: "is deleted", at: position)
        guardPin(of: backup, at: position)
        guardCopies(of: [backup], at: position)
        if shelves[region]?.counts(id) == true {
            if isExempt(backup) {
                weighClean(backup, at: position)
            } else {
                weigh(region, without: id, since: backup.createdAt, at: position)
            }
        }
        if id == newestOwn?.id { shelves[region]?.holdsOne = true }
        shelves[region]?.set(id, .gone)
        lossesIn[region, default: []].append(step.id)
    }

    /// A dirty copy where no copies are asked for may go to the last one: the clean backups at home
    /// are what a purge leaves.
    private func isExempt(_ backup: Backup) -> Bool {
        backup.isCopy && backup.region != home && scene.isDirty(backup)
            && !scene.desired.copies.contains { $0.region.value == backup.region }
    }
}

// MARK: Floors

extension LossWalk {
    /// How many must be left: the manifest's floor, at least 1; at home no more than were there.
    private func floor(in region: Region) -> Int {
        guard region == home else {
            return scene.desired.copies.first { $0.region.value == region }?.floor ?? 1
        }
        return max(1, min(scene.desired.backups.floor, initial[home] ?? 0))
    }

    private func fewest(
        in region: Region,
        since: Timestamp = .distantPast,
        without leaving: BackupID?,
        at position: Int
    ) -> Int? {
        let guards = Guards(of: scene.steps[position], in: region, of: scene)
        guard guards.canHold else { return nil }
        return (shelves[region] ?? Shelf([]) { _ in true })
            .fewest(since: since, without: leaving, where: guards.constraints, seen: guards.seen)
    }

    private mutating func weigh(
        _ region: Region,
        without id: BackupID,
        since: Timestamp,
        at position: Int
    ) {
        let step = scene.steps[position]
        guard let left = fewest(in: region, without: id, at: position) else { return }
        record(left, in: region, at: position)
        guard let young = fewest(in: region, since: since, without: id, at: position) else {
            return
        }
        let text =
            "\(young) READY backups in \(region) are as young as \(id) when step \(step.id) "
            + "deletes it"
        if young < 1 {
            reading.find(.replacements, text, [step.id], in: scene)
        } else {
            reading.weigh(.replacements, text, [step.id], in: scene)
        }
    }

    /// The floor of clean backups at home, for a copy that goes where none is asked for.
    private mutating func weighClean(_ backup: Backup, at position: Int) {
        guard let purge = scene.desired.purge else { return }
        let since = Timestamp(milliseconds: purge.value.materialRemovedAt.milliseconds + 1)
        guard let left = fewest(in: home, since: since, without: nil, at: position) else { return }
        record(left, in: home, at: position, words: "clean READY backups")
    }

    private mutating func record(
        _ left: Int,
        in region: Region,
        at position: Int,
        words: String = "READY backups"
    ) {
        let step = scene.steps[position]
        let floor = floor(in: region)
        let steps = (lossesIn[region] ?? []) + [step.id]
        let text =
            "\(left) \(words) may be left in \(region) after step \(step.id); "
            + "the floor is \(floor)"
        if left < floor {
            reading.find(.floors, text, steps, in: scene)
        }
        reading.weigh(
            .floors,
            text,
            steps,
            margin: Proof.Margin(
                left - floor,
                .readyBackup,
                in: region,
                of: scene.plan.subject
            ),
            in: scene
        )
    }
}

// MARK: Retention and pins

extension LossWalk {
    /// The sweep may run at once after a change (fact sheet, section 20, row 7).
    private mutating func sweep(
        under period: RetentionPeriod,
        _ losing: [BackupID],
        at position: Int
    ) {
        let step = scene.steps[position]
        defer { lifetime = .days(period.days) }
        guard let shelf = shelves[home] else { return }
        let horizon = scene.now - .days(period.days)
        let before = lifetime.map { scene.now - $0 }
        let known = losing.isEmpty ? scene.ancestors(of: position) : nil
        let seen = Set(Guards(of: step, in: home, of: scene).pinned)
        let taken = shelf.rows.filter { row in
            guard shelf.counts(row.id), shelf.isPossible(row.id), row.createdAt <= horizon else {
                return false
            }
            if let before, row.createdAt <= before { return false }
            return !seen.contains(row.id) && !isPinned(row, among: known)
        }
        guard !taken.isEmpty else { return }
        for backup in taken {
            guardNomination(of: backup, going: "may be swept", at: position)
        }
        guardCopies(of: taken, at: position)
        announce(taken, losing, at: position)
        if !losing.isEmpty { weighSweep(taken, at: position) }
        let newest = newestOwn?.id
        for backup in taken where backup.id != newest { shelves[home]?.set(backup.id, .possible) }
        lossesIn[home, default: []].append(step.id)
    }

    private func isPinned(_ backup: Backup, among known: Set<Int>?) -> Bool {
        guard let known, let position = pinnedBy[backup.id] else { return isPinned(backup) }
        return known.contains(position) || (backup.neverExpires && !unpinned.contains(backup.id))
    }

    /// What may go must be said to go: budgets and approval are weighed by it.
    private mutating func announce(
        _ taken: [Backup],
        _ losing: [BackupID],
        at position: Int
    ) {
        let announced = Set(losing)
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

    private mutating func weighSweep(_ taken: [Backup], at position: Int) {
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

    private mutating func unpin(_ id: BackupID, _ losing: [BackupID], at position: Int) {
        let step = scene.steps[position]
        guard let backup = scene.backups[id], !backup.isCopy else { return }
        guardNomination(of: backup, going: "is unpinned", at: position)
        pinnedBy[id] = nil
        guard shelves[home]?.isPossible(id) == true else { return }
        let policy = losing.isEmpty ? policyBefore(position) : lifetime
        guard let policy, backup.createdAt <= scene.now - policy else { return }
        guardCopies(of: [backup], at: position)
        announce([backup], losing, at: position)
        if !losing.isEmpty, id != newestOwn?.id || shelves[home]?.isEndless == true {
            weighUnpinned(id, at: position)
        }
        if id != newestOwn?.id { shelves[home]?.set(id, .possible) }
        lossesIn[home, default: []].append(step.id)
    }

    private mutating func weighUnpinned(_ id: BackupID, at position: Int) {
        guard let left = fewest(in: home, without: id, at: position) else { return }
        record(max(left, 1), in: home, at: position)
    }

    /// The policy in force when a step is done that need not wait for every step before it.
    private func policyBefore(_ position: Int) -> Duration? {
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

// MARK: What must not go

extension LossWalk {
    private mutating func guardNomination(
        of backup: Backup,
        going verb: String,
        at position: Int
    ) {
        let step = scene.steps[position]
        guard let name = scene.nominations.name(of: backup) else { return }
        reading.find(
            .recoveryPoints,
            "\(backup.id), which is or may be the recovery point \(name), \(verb) by "
                + "step \(step.id)",
            [step.id],
            in: scene
        )
    }

    /// A pin is a lock on an own backup; only a purge that says so opens it.
    private mutating func guardPin(of backup: Backup, at position: Int) {
        let step = scene.steps[position]
        guard !backup.isCopy, backup.neverExpires || pinnedBy[backup.id] != nil else { return }
        if let purge = scene.desired.purge, purge.value.includePinned, scene.isAsked(backup) {
            return
        }
        reading.find(
            .recoveryPoints,
            "\(backup.id) is pinned, and step \(step.id) deletes it",
            [step.id],
            in: scene
        )
    }

    /// Copies before sources: what is to be copied goes only when content as young is READY there.
    private mutating func guardCopies(of going: [Backup], at position: Int) {
        let copies = scene.copiedTo
        guard !copies.isEmpty else { return }
        let step = scene.steps[position]
        for backup in going {
            for region in copies[backup.id] ?? [] {
                let young = fewest(
                    in: region,
                    since: backup.createdAt,
                    without: nil,
                    at: position
                )
                guard young == 0 else { continue }
                reading.find(
                    .replacements,
                    "\(backup.id) may go by step \(step.id) before its copy is READY in \(region)",
                    [step.id],
                    in: scene
                )
            }
        }
    }
}

extension Action {
    /// Whether backups may go because of it, whatever it says itself.
    fileprivate var mayLoseBackups: Bool {
        switch self {
        case .deleteBackup, .setRetention, .unpinBackup: true
        case .createCluster, .initializeCluster, .addHSM, .removeHSM, .copyBackup,
            .restoreBackup, .pinBackup, .tagBackup, .untagBackup, .tagCluster, .changeType,
            .deleteCluster:
            false
        }
    }

    /// The backup it restores.
    fileprivate var restored: BackupID? {
        if case .restoreBackup(let id, _, _) = self { return id }
        return nil
    }
}
