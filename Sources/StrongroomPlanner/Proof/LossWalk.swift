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

    /// The newest of the cluster's own READY backups, which no sweep takes (fact sheet, section 8).
    private let newestOwn: Backup?
    private var pinnedBy: [BackupID: Int] = [:]
    private var arrivalsByStep: [Int: (region: Region, content: Timestamp)] = [:]
    private var lossesIn: [Region: [StepID]] = [:]
    private var hasSeenFresh = false
    private var initial: [Region: Int] = [:]
    private var copySteps: [Region: [CopyStep]] = [:]
    private var shelvesAtFirst: [Region: Shelf] = [:]

    /// Steps that can never be done, so that nothing after them ever begins.
    private var stuck: Set<StepID> = []

    /// A step that copies, and what must be done before it.
    private struct CopyStep {
        let content: Timestamp
        let ancestors: Set<Int>
    }

    /// What was found, for the promises about backups.
    private(set) var readings: [Reading] = []
    private var reading = Reading()

    init(_ scene: Scene) {
        self.scene = scene
        newestOwn = scene.group?.backups.lazy.filter { $0.isReady && !$0.isCopy }
            .max { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }
        guard scene.brokenOrder == nil, let group = scene.group else { return }
        guard scene.steps.contains(where: \.action.mayLoseBackups) else { return }
        lifetime = group.cluster?.retention.lifetime
        shelve(group)
        prepareArrivals()
        shelvesAtFirst = shelves
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
        shelves[home, default: .empty].isEndless = mayBackUp
        initial[home, default: 0] += 0
    }

    private func standing(of backup: Backup, _ isRestored: Bool) -> Shelf.Standing {
        switch backup.state {
        case .ready: isSweepable(backup) ? .possible : .certain
        case .createInProgress: .possible
        case .pendingDeletion, .deleted, .unrecognised: isRestored ? .possible : .gone
        }
    }

    /// Whether no younger backup of its own can come to take the newest one's place.
    private var isSurelyLast: Bool {
        guard let shelf = shelves[home], !shelf.isEndless, let newest = newestOwn else {
            return false
        }
        return !shelf.rows.contains {
            shelf.counts($0.id) && shelf.isPossible($0.id)
                && ($0.createdAt, $0.id) > (newest.createdAt, newest.id)
        }
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
                shelves[region]?.facts.append(Shelf.Constraint(since: content, atLeast: 1))
            }
        case .createCluster, .initializeCluster, .addHSM, .removeHSM, .restoreBackup, .pinBackup,
            .tagBackup, .untagBackup, .tagCluster, .changeType, .deleteCluster:
            break
        }
        see(step.postcondition, at: position)
        if isSurelyCalled { remember(step) }
    }

    /// Whether a step cannot count as done without its call, so that its guards were seen.
    private func isSurelyCalled(_ step: Step, at position: Int) -> Bool {
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
    private mutating func remember(_ step: Step) {
        let horizon = lifetime.map { scene.now - $0 } ?? .distantPast
        for constraint in Guards(of: step, in: home, of: scene).constraints
        where constraint.apart == nil && constraint.since > horizon && constraint.atLeast > 0 {
            shelves[home]?.facts.append(Shelf.Constraint(since: constraint.since, atLeast: 1))
        }
    }

    /// Copies that may be there by then: of every step that need not wait for this one.
    private mutating func expectCopies(before position: Int) {
        for (region, steps) in copySteps {
            let coming = steps.filter { !$0.ancestors.contains(position) }
            shelves[region]?.possibleArrivals = coming.map(\.content)
        }
    }

    /// Whether a step waits for what never comes: a step that is stuck, or guards that cannot hold
    /// while there is still something to be done.
    private func isStuck(_ step: Step, at position: Int) -> Bool {
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

    private func mayBeReady(_ id: BackupID) -> Bool {
        scene.backups[id].map { shelvesAtFirst[$0.region]?.isPossible(id) == true } ?? false
    }

    /// Whether the policy can be the one that must be seen before a change of it.
    private func fits(
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
    private func isChanged(before position: Int) -> Bool {
        scene.ancestors(of: position).contains {
            if case .setRetention = scene.steps[$0].action { true } else { false }
        }
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
        if id == newestOwn?.id { shelves[region]?.facts.append(Shelf.Constraint(atLeast: 1)) }
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

    /// Whether what a step's preconditions say of backups can come true in every Region.
    private func canHappen(_ position: Int) -> Bool {
        let step = scene.steps[position]
        var leaving: BackupID?
        if case .deleteBackup(let id, _, _) = step.action { leaving = id }
        return shelves.allSatisfy { region, shelf in
            let guards = Guards(of: step, in: region, of: scene)
            guard guards.canHold else { return false }
            guard !guards.constraints.isEmpty || !guards.seen.isEmpty else { return true }
            return shelf.fewest(without: leaving, where: guards.constraints, seen: guards.seen)
                != nil
        }
    }

    private func fewest(
        in region: Region,
        since: Timestamp = .distantPast,
        without leaving: BackupID?,
        at position: Int
    ) -> Int? {
        let guards = Guards(of: scene.steps[position], in: region, of: scene)
        guard guards.canHold else { return nil }
        return (shelves[region] ?? .empty)
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
        let text: () -> String = {
            "\(young) READY backups in \(region) are as young as \(id) when step \(step.id) "
                + "deletes it"
        }
        if young < 1 {
            reading.find(.replacements, text(), [step.id], in: scene)
        } else {
            reading.weigh(.replacements, text(), [step.id], in: scene)
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
        let text: () -> String = {
            "\(left) \(words) may be left in \(region) after step \(step.id); "
                + "the floor is \(floor)"
        }
        if left < floor {
            reading.find(.floors, text(), steps, in: scene)
        }
        reading.weigh(
            .floors,
            text(),
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
        guardCopies(of: taken, at: position)
        announce(taken, at: position)
        if !losing.isEmpty { weighSweep(taken, at: position) }
        let newest = newestOwn?.id
        for backup in taken where backup.id != newest { shelves[home]?.set(backup.id, .doomed) }
        lossesIn[home, default: []].append(step.id)
    }

    /// The policy in force just before a change: the one that is looked up, else the longest there
    /// may be.
    private func policy(seenBy step: Step, _ losing: [BackupID]) -> Duration? {
        for case .retention(let policy) in step.preconditions { return policy.lifetime }
        guard losing.isEmpty else { return lifetime }
        guard let lifetime, let first = scene.group?.cluster?.retention.lifetime else { return nil }
        return max(lifetime, first)
    }

    private func isPinned(_ backup: Backup, among known: Set<Int>?) -> Bool {
        guard let known, let position = pinnedBy[backup.id] else { return isPinned(backup) }
        return known.contains(position) || (backup.neverExpires && !unpinned.contains(backup.id))
    }

    /// What may go must be said to go: budgets and approval are weighed by it.
    private mutating func announce(_ taken: [Backup], at position: Int) {
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
        guard backup.neverExpires || scene.pinned.contains(id) else { return }
        pinnedBy[id] = nil
        guard shelves[home]?.isPossible(id) == true else { return }
        let policy = losing.isEmpty ? policyBefore(position) : lifetime
        guard let policy, backup.createdAt <= scene.now - policy else { return }
        guardCopies(of: [backup], at: position)
        announce([backup], at: position)
        if !losing.isEmpty, id != newestOwn?.id || shelves[home]?.isEndless == true {
            weighUnpinned(id, at: position)
        }
        if id != newestOwn?.id { shelves[home]?.set(id, .doomed) }
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
    private mutating func guardNomination(of backup: Backup, at position: Int) {
        let step = scene.steps[position]
        guard let name = scene.nominations.name(of: backup) else { return }
        reading.find(
            .recoveryPoints,
            "\(backup.id), which is or may be the recovery point \(name), may be swept because of "
                + "step \(step.id)",
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
                let young = youngCopies(of: backup, in: region, at: position)
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

extension LossWalk {
    /// How few READY copies may be there that are as young; a step that need not wait for every
    /// earlier one knows only of copies that it does wait for.
    private func youngCopies(of backup: Backup, in region: Region, at position: Int) -> Int? {
        let step = scene.steps[position]
        guard step.action.lostBackups.isEmpty else {
            return fewest(in: region, since: backup.createdAt, without: nil, at: position)
        }
        let isAwaited = scene.ancestors(of: position).contains { earlier in
            scene.steps[earlier].postcondition
                == .copyReady(of: .known(backup.id), in: region)
        }
        let guards = Guards(of: step, in: region, of: scene)
        guard !isAwaited, guards.canHold else { return nil }
        return (shelvesAtFirst[region] ?? .empty).fewest(
            since: backup.createdAt,
            without: nil,
            where: guards.constraints,
            seen: guards.seen
        )
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
