import CloudHSM
import StrongroomModel
import StrongroomReport
import StrongroomSimulator

/// The good weather after the storm: what was asked for last must come about.
extension Storm {
    /// After how many turns a run counts as hanging.
    private static let longestRun = 4_000

    /// How many runs bring everything about once the weather is good.
    private static let healingRuns = 2

    /// No fault any more; then the wait for what is in doubt, and two runs.
    func heal() async throws {
        isCalm = true
        tell("the weather is good from now on")
        try regainRegions()
        for number in processes.keys { processes[number]?.frozenUntil = nil }
        for number in live {
            try await toItsEnd(number)
            guard isWhole else { return }
        }
        try rest()
        slots = [Slot(next: now)]
        let fleet = wanted
        var released: Set<BackupID> = []
        for number in 1...2 * Self.healingRuns where isWhole {
            let due = try plan(fleet)
            // What time alone brings may come due after any run.
            guard number <= Self.healingRuns || due.isAfterthought(of: released) else { break }
            released = due.released
            outcome.tally.healingRuns += 1
            try await start(0, .apply, fleet)
            if let number = live.first { try await toItsEnd(number) }
            try rest()
            if try plan(fleet).isAtRest { break }
        }
        if isWhole { try judge(fleet) }
    }

    /// One run in good weather but for one ambush, and then what heals it.
    ///
    /// - Parameter errand: What the run is to do.
    /// - Returns: What it came to.
    /// - Throws: When the world itself fails, which it does not.
    func run(_ errand: Errand) async throws -> Outcome {
        isCalm = true
        editions = [manifests.fleet(of: try errand.wish(in: world, &chance))]
        slots = [Slot(next: now)]
        try await start(0, .apply, wanted)
        if let number = live.first { try await toItsEnd(number) }
        try await heal()
        finish()
        return outcome
    }

    /// The last edition, with room enough to delete what it asks to delete.
    private var wanted: DesiredFleet {
        let last = editions[0]
        return DesiredFleet(
            name: last.name,
            service: last.service,
            stateDirectory: last.stateDirectory,
            accounts: last.accounts,
            regions: last.regions,
            safety: Safety(deletionsPerRun: 100, deletionsPerDay: 100, deletionRatio: 1),
            quotas: last.quotas,
            clusters: last.clusters
        )
    }

    /// Lets time pass until nothing is in doubt and nothing moves by itself.
    private func rest() throws {
        let end = now + ReadDelay.untilDecided + .minutes(20)
        while now < end {
            pass(.minutes(5))
            try deliverDue()
        }
    }

    private func toItsEnd(_ number: Int) async throws {
        for _ in 0..<Self.longestRun {
            guard let point = turns.point(of: number) else { return }
            if case .wait(let until) = point, until > now { pass(until - now) }
            pass(.milliseconds(200))
            try deliverDue()
            try await go(on: number)
        }
        ledger.add(.noRunHangs, "run \(number) goes on and on")
        await kill(number, "it hangs")
    }

    /// The plan for the present.
    func plan(_ fleet: DesiredFleet) throws -> Plan {
        let entries = MemoryJournal.recent(of: file.entries, since: now - .days(30))
        let context = PlanContext(now: now, recentEntries: entries)
        let groups = try world.service.inventory().groups.map(world.service.observe)
        return ProvedPlan(of: groups, for: fleet, in: context).plan
    }

    private func judge(_ fleet: DesiredFleet) throws {
        let plan = try plan(fleet)
        let text = PlanText(width: 100, colour: .never).text(of: plan)
        tell("in the end:\n\(text)")
        for entry in file.entries where entry.outcome == nil {
            ledger.add(.everyIntentEnds, "\(entry.intent.operation) is still open")
        }
        if !plan.isAtRest { ledger.add(.nothingLeftToPlan, text) }
        for text in try Shortfall(of: self, fleet, planned: plan).texts {
            ledger.add(.comesToTheManifest, text)
        }
        for (id, places) in ledger.temporary {
            let part = plan.groups.first { $0.subject.group == id }
            if part?.leavesHSMs ?? true { try noTemporary(places, in: id, of: fleet) }
        }
    }

    /// Where a count is asked for, an HSM that was added for a backup may serve as one of it.
    private func noTemporary(_ places: Set<String>, in id: GroupID, of fleet: DesiredFleet) throws {
        let group = try world.service.truth(id)
        let desired = fleet.clusters.first { $0.name.value == group.ownedName }
        guard desired?.hsms == nil else { return }
        let left = (group.livingCluster?.presentHSMs ?? []).filter { places.contains($0.place) }
        for hsm in left where mayGo(hsm, group) {
            ledger.add(.temporaryHSMsGo, "\(hsm.id) was added for a backup only, and stays")
        }
    }

    /// Whether removing an HSM leaves one in service: otherwise people removed the ones meant to stay.
    private func mayGo(_ hsm: HSM, _ group: ProtectionGroup) -> Bool {
        (group.livingCluster?.healthyHSMs ?? []).contains { $0.id != hsm.id }
    }
}

extension Plan {
    /// Whether nothing is to be done now.
    var isAtRest: Bool { groups.allSatisfy(\.steps.isEmpty) }

    /// Whether all that is left to do is what time alone brings, or to give up what recovery points
    /// needed, which is done in a plan of its own, or to delete what the run before released.
    fileprivate func isAfterthought(of released: Set<BackupID>) -> Bool {
        groups.flatMap(\.steps).allSatisfy { step in
            if ["freshness", "copy", "copy-cleanup"].contains(step.reason.rule) { return true }
            switch step.action {
            case .unpinBackup, .untagBackup: return true
            // No run deletes what it released itself (design, section 8, promise 7).
            case .deleteBackup(let id, _, _): return released.contains(id)
            case .createCluster, .initializeCluster, .addHSM, .removeHSM, .setRetention,
                .copyBackup, .restoreBackup, .pinBackup, .tagBackup, .tagCluster, .changeType,
                .deleteCluster:
                return false
            }
        }
    }

    /// The backups that its steps take a protection off.
    fileprivate var released: Set<BackupID> {
        Set(
            groups.flatMap(\.steps).compactMap { step in
                if case .unpinBackup(let id, _, _) = step.action { return id }
                if case .untagBackup(let id, _) = step.action { return id }
                return nil
            }
        )
    }
}

extension GroupPlan {
    /// Whether the HSMs are as they should be by the plan: neither waited for nor held.
    fileprivate var leavesHSMs: Bool {
        !notes.contains { $0.subject == "HSMs" && ($0.kind == .waiting || $0.kind == .held) }
    }
}

/// What the world lacks of what the manifests ask, read without the planner.
struct Shortfall {
    private(set) var texts: [String] = []

    /// Looks for what is missing.
    ///
    /// - Parameters:
    ///   - storm: The world.
    ///   - fleet: What is asked for.
    ///   - plan: Says which HSMs cannot be changed yet, and why.
    /// - Throws: When the world cannot be read, which it can.
    init(of storm: Storm, _ fleet: DesiredFleet, planned plan: Plan) throws {
        let groups = try storm.truths()
        for desired in fleet.clusters {
            let group = groups.first {
                $0.ownedName == desired.name.value && $0.livingCluster != nil
            }
            let isWanted = desired.ensure.value == .present
            guard let group, let cluster = group.livingCluster, isWanted else {
                if isWanted { texts.append("there is no \(desired.name.value)") }
                if !isWanted, group != nil { texts.append("\(desired.name.value) is still there") }
                continue
            }
            guard cluster.state == .active else { continue }
            let part = plan.groups.first { $0.subject.name == desired.name.value }
            look(at: group, cluster, desired, isSettled: part?.leavesHSMs ?? true)
            look(atCopiesOf: group, desired)
        }
    }

    private mutating func look(
        at group: ProtectionGroup,
        _ cluster: Cluster,
        _ desired: DesiredCluster,
        isSettled: Bool
    ) {
        let name = desired.name.value
        if isSettled, let count = desired.hsms?.value.count, cluster.presentHSMs.count != count {
            texts.append("\(name) has \(cluster.presentHSMs.count) HSMs, \(count) are asked for")
        }
        if let retention = desired.backups.retention?.value,
            cluster.retention != .days(retention.days)
        {
            texts.append("\(name) has the retention \(cluster.retention)")
        }
        for (key, value) in desired.tags?.value ?? [:] where cluster.tags[key] != value {
            texts.append("\(name) lacks the tag \(key)=\(value)")
        }
    }

    private mutating func look(atCopiesOf group: ProtectionGroup, _ desired: DesiredCluster) {
        for copies in desired.copies
        where group.readyCopies(in: copies.region.value).isEmpty && desired.purge == nil {
            texts.append("\(desired.name.value) has no copy in \(copies.region.value)")
        }
    }
}
