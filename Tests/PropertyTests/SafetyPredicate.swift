import CloudHSM
import StrongroomModel

/// What no plan may do, read off the plan and the world alone: neither the planner's rules nor the
/// proof are asked.
struct SafetyPredicate {
    let world: SmallFleet
    let plan: Plan

    private var now: Timestamp { world.context.now }

    /// What is broken, in words; empty if nothing is.
    func breaches() -> [String] {
        let groups = Dictionary(world.groups.map { ($0.id, $0) }) { first, _ in first }
        let manifests = Dictionary(world.fleet.clusters.map { ($0.name.value, $0) }) { a, _ in a }
        var breaches: [String] = []
        var lost = 0
        for part in plan.groups {
            let group = part.subject.group.flatMap { groups[$0] }
            guard part.standing == .managed,
                let desired = part.subject.name.flatMap({ manifests[$0] })
            else {
                if !part.steps.isEmpty { breaches.append("\(part.subject) is nobody's or gone") }
                continue
            }
            guard !part.steps.isEmpty else { continue }
            let reading = PartReading(part: part, group: group, desired: desired, world: world)
            breaches += reading.breaches()
            lost += part.steps.reduce(0) { $0 + $1.action.lostBackups.count }
        }
        return breaches + budget(lost)
    }

    private func budget(_ lost: Int) -> [String] {
        guard lost > 0 else { return [] }
        let safety = world.fleet.safety
        let ofDay = world.context.recentEntries.reduce(0) { sum, entry in
            let counts = entry.outcome?.result.isDone ?? true
            return sum
                + (counts && entry.intent.writtenAt > now - .hours(24)
                    ? entry.intent.losing.count : 0)
        }
        var breaches: [String] = []
        if lost > safety.deletionsPerRun { breaches.append("\(lost) deletions in a run") }
        if lost + ofDay > safety.deletionsPerDay {
            breaches.append("\(lost) deletions after \(ofDay) of the day")
        }
        return breaches
    }
}

/// One group's part of a plan, held against what is there and what is asked.
private struct PartReading {
    let part: GroupPlan
    let group: ProtectionGroup?
    let desired: DesiredCluster
    let world: SmallFleet

    /// The steps that must be done before each, directly or not.
    private let before: [StepID: Set<StepID>]

    private let orderBreaches: [String]

    init(part: GroupPlan, group: ProtectionGroup?, desired: DesiredCluster, world: SmallFleet) {
        self.part = part
        self.group = group
        self.desired = desired
        self.world = world
        var before: [StepID: Set<StepID>] = [:]
        var breaches: [String] = []
        for step in part.steps {
            var reached = Set(step.after)
            for earlier in step.after {
                guard let more = before[earlier] else {
                    breaches.append(
                        "step \(step.id) comes after \(earlier), which is not before it"
                    )
                    continue
                }
                reached.formUnion(more)
            }
            if before.updateValue(reached, forKey: step.id) != nil {
                breaches.append("step \(step.id) stands there twice")
            }
        }
        self.before = before
        orderBreaches = breaches
    }

    func breaches() -> [String] {
        (orderBreaches + hsms() + backups() + doubts() + copies()).map {
            "\(part.subject.name ?? ""): \($0)"
        }
    }

    private var isToGo: Bool { desired.ensure.value != .present }

    /// Healthy HSMs at their fewest and present ones at their most, whatever is done when.
    private func hsms() -> [String] {
        let cluster = group?.livingCluster
        let there = cluster?.presentHSMs ?? []
        let healthy = cluster?.healthyHSMs.count ?? 0
        let asked = isToGo ? 0 : desired.hsms?.value.count ?? there.count
        var most = asked
        if !isToGo, case .perZone(let counts)? = desired.hsms?.value {
            most = Set(counts.keys).union(there.compactMap(\.zone)).reduce(0) { sum, zone in
                sum + max(counts[zone] ?? 0, there.count { $0.zone == zone })
            }
        }
        var breaches: [String] = []
        var removed: [StepID] = []
        var added: [StepID] = []
        for step in part.steps {
            switch step.action {
            case .addHSM:
                added.append(step.id)
                let gone = removed.count { before[step.id]?.contains($0) ?? false }
                let present = there.count + added.count - gone
                if present > max(most, there.count) + 1 {
                    breaches.append("step \(step.id) makes \(present) HSMs, \(asked) are asked")
                }
                if cluster?.isActivated != true, present > 1 {
                    breaches.append("step \(step.id) is a second HSM before activation")
                }
            case .removeHSM(let reference, _, _):
                if case .known(let id) = reference,
                    there.contains(where: { $0.id == id && $0.state != .active })
                {
                    removed.append(step.id)
                    continue
                }
                // Where the quota leaves no room a move removes first, and two stay in service.
                let isMove = step.reason.rule == "rebalance"
                removed.append(step.id)
                let sure = added.count { before[step.id]?.contains($0) ?? false }
                let broken = removed.count { isOfBroken($0, there) }
                let left = healthy + sure - (removed.count - broken)
                let least = isMove ? max(min(healthy, asked) - 1, 2) : min(healthy, asked)
                if left < least {
                    breaches.append(
                        "step \(step.id) leaves \(left) of \(healthy) HSMs, \(asked) asked"
                    )
                }
            case .createCluster, .initializeCluster, .setRetention, .copyBackup, .deleteBackup,
                .restoreBackup, .pinBackup, .unpinBackup, .tagBackup, .untagBackup, .tagCluster,
                .changeType, .deleteCluster:
                continue
            }
        }
        return breaches
    }

    private func isOfBroken(_ id: StepID, _ there: [HSM]) -> Bool {
        guard let step = part.steps.first(where: { $0.id == id }),
            case .removeHSM(.known(let hsm), _, _) = step.action
        else { return false }
        return there.contains { $0.id == hsm && $0.state != .active }
    }

    /// READY backups at their fewest, in every Region, after every loss.
    private func backups() -> [String] {
        guard let group else { return [] }
        var breaches: [String] = []
        var lost: Set<BackupID> = []
        let nominated = Set(
            desired.recoveryPoints.compactMap { point -> BackupID? in
                if case .backup(let id) = point.selector { id } else { nil }
            }
        )
        let opensPins = desired.purge?.value.includePinned ?? false
        for step in part.steps {
            for id in step.action.lostBackups {
                guard let backup = group.backup(id), backup.isReady, lost.insert(id).inserted else {
                    breaches.append(
                        "step \(step.id) loses \(id), which is not READY, or lost before"
                    )
                    continue
                }
                if nominated.contains(id) { breaches.append("\(id) is a recovery point") }
                let pin = backup.tags[OwnershipTag.pin]
                if backup.neverExpires, pin == nil, !opensPins {
                    breaches.append("step \(step.id) loses \(id), which a person pinned")
                }
                breaches += floor(after: step, in: backup.region, of: group, lost)
            }
        }
        return breaches + ratio(of: lost, in: group)
    }

    private func floor(
        after step: Step,
        in region: Region,
        of group: ProtectionGroup,
        _ lost: Set<BackupID>
    ) -> [String] {
        let isHome = region == group.id.home.region
        let ready = group.readyBackups(in: region)
        let left = ready.count { !lost.contains($0.id) }
        let copied = part.steps.count { earlier in
            guard case .copyBackup(_, region) = earlier.action else { return false }
            return before[step.id]?.contains(earlier.id) ?? false
        }
        // A backup that the plan forces, and waits for, is one more.
        let forced =
            isHome
                && step.preconditions.contains { if case .freshBackup = $0 { true } else { false } }
            ? 1 : 0
        let wanted = desired.copies.first { $0.region.value == region }
        let floor: Int
        if isHome {
            floor = desired.backups.floor
        } else if let wanted {
            floor = wanted.floor
        } else {
            // Nobody asks for copies there: a purge may take all, nothing else the last.
            floor = desired.purge == nil ? 1 : 0
        }
        return left + copied + forced < min(floor, ready.count)
            ? ["step \(step.id) leaves \(left) READY in \(region), the floor is \(floor)"] : []
    }

    private func ratio(of lost: Set<BackupID>, in group: ProtectionGroup) -> [String] {
        let share = world.fleet.safety.deletionRatio
        return Parts.regions.compactMap { region in
            let ready = group.readyBackups(in: region)
            let count = ready.count { lost.contains($0.id) }
            return Double(count) > share * Double(ready.count) + 1e-9
                ? "\(count) of \(ready.count) READY in \(region) go in a run" : nil
        }
    }

    /// Nothing is lost or made of what was not read whole, is dated in the future, or in doubt.
    private func doubts() -> [String] {
        var breaches: [String] = []
        let losses = part.steps.filter { !$0.action.lostBackups.isEmpty }
        if !world.context.unreadPlaces.isEmpty, !losses.isEmpty {
            breaches.append("step \(losses[0].id) loses something while a place is not read")
        }
        if world.context.unreadPlaces[part.subject.home] != nil {
            breaches.append("its home was not read whole, and it has steps")
        }
        let isAhead = group?.backups.contains { $0.createdAt > world.context.now + .minutes(1) }
        if isAhead ?? false { breaches.append("a backup is dated in the future, and it has steps") }
        let isOpen = world.context.recentEntries.contains {
            $0.outcome == nil && $0.intent.group == group?.id && group != nil
        }
        if isOpen { breaches.append("a call is in doubt, and it has steps") }
        return breaches
    }

    /// No copy of what is copied, is no copy's source, or goes where nothing was read.
    private func copies() -> [String] {
        var asked: Set<String> = []
        return part.steps.compactMap { step in
            guard case .copyBackup(let reference, let region) = step.action else { return nil }
            if !asked.insert("\(reference) \(region)").inserted {
                return "step \(step.id) copies \(reference) to \(region) again"
            }
            let place = Place(account: part.subject.home.account, region: region)
            if world.context.unreadPlaces[place] != nil {
                return "step \(step.id) copies to \(region), which was not read"
            }
            guard case .known(let id) = reference else { return nil }
            let isThere = group?.backups.contains {
                $0.region == region && $0.copiedFrom == id
                    && ($0.isReady || $0.state == .createInProgress)
            }
            return isThere ?? false ? "step \(step.id) copies \(id) to \(region) twice" : nil
        }
    }
}
