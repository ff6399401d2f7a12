internal import CloudHSM
internal import StrongroomModel

/// The additions and removals of one ACTIVE cluster, chained so that one happens at a time.
struct HSMCountChange {
    let desired: Located<DesiredHSMs>
    let cluster: Cluster
    let situation: Situation
    private let cycle: ForcedCycle?
    private let degraded: DegradedHSMs
    private var choice: ZoneChoice
    private var steps: [DraftStep] = []

    /// HSMs by zone that are in service or about to be: what an addition is counted on top of.
    private var healthyInZone: [AvailabilityZone: Int]

    /// Whether there will be an HSM to back up by the time of the next call.
    private var hasHealthy: Bool

    init(desired: Located<DesiredHSMs>, cluster: Cluster, _ situation: Situation) {
        self.desired = desired
        self.cluster = cluster
        self.situation = situation
        cycle = situation.forcedCycle
        degraded = DegradedHSMs(situation, cluster, at: desired.location)
        let broken = Set(degraded.broken.map(\.id))
        choice = ZoneChoice(
            subnets: cluster.subnets,
            hsms: cluster.hsms.filter { !broken.contains($0.id) },
            temporary: cycle?.hsm,
            avoiding: degraded.creations.avoidedZones
        )
        healthyInZone = [:]
        for hsm in cluster.hsms where hsm.state.isPresent && hsm.state != .degraded {
            guard let zone = hsm.zone else { continue }
            healthyInZone[zone, default: 0] += 1
        }
        // No call is made before what is being created has come into service.
        hasHealthy = cluster.hsms.contains { $0.state == .active || $0.state == .createInProgress }
    }

    var findings: Findings {
        if let obstacle { return obstacle }
        var change = self
        if let obstacle = change.addMissing() { return endOfCycle + obstacle + troubles }
        let obstacleToRemovals = change.removeBroken() + change.removeSurplus()
        if change.replacesEveryHSM {
            return endOfCycle
                + Rule.held(
                    "every ACTIVE HSM would be replaced at once, and keys made meanwhile may not "
                        + "have reached the new ones; move some first, and the rest later",
                    at: desired
                )
        }
        let changed = Findings(steps: change.steps) + obstacleToRemovals + change.unevenness
        let result = change.removeFirst ?? changed
        let all = result + troubles
        guard all.steps.isEmpty, all.notes.isEmpty else { return all }
        return Rebalance(desired: desired, cluster: cluster, choice: choice, situation).findings
    }

    /// Only the removal of the HSM that a forced backup needed, where nothing else may be changed.
    var endOfCycle: Findings {
        guard let temporary = cycle?.hsm, obstacle == nil else { return .nothing }
        var change = HSMCountChange(
            desired: Located(.total(cluster.presentHSMs.count - 1), at: desired.location),
            cluster: cluster,
            situation
        )
        let wait = change.removeSurplus()
        let isMeant = change.removed == [temporary.id] && !change.replacesEveryHSM
        return isMeant ? Findings(steps: change.steps) : wait
    }

    /// What keeps every change from being planned.
    private var obstacle: Findings? {
        if let zoneless = cluster.firstHSM(where: { $0.state.isPresent && $0.zone == nil }) {
            return Rule.held(
                "\(zoneless.id) names no zone, so zones cannot be counted",
                at: desired
            )
        }
        if let obstacle = Rule.zoneObstacle(to: desired, choice) { return obstacle }
        return obstacleWithoutHealthy
    }

    /// With no HSM in service, another is given the newest backup, not what is on the broken one.
    private var obstacleWithoutHealthy: Findings? {
        guard !hasHealthy else { return nil }
        if let hsm = degraded.replacing.first {
            return Rule.degradedNote(.waiting, degraded.waiting(for: hsm), at: desired)
        }
        let loss = degraded.broken.lazy.compactMap(degraded.lossWith).first
        return loss.map { Rule.degradedNote(.held, $0, at: desired) }
    }

    /// What is under way, and what is broken.
    private var troubles: Findings {
        guard cluster.hsms.contains(where: { $0.state != .active }) else { return .nothing }
        return cluster.hsms.sorted { $0.id < $1.id }.reduce(.nothing) { findings, hsm in
            if hsm.state.isBusy {
                return findings
                    + Rule.waiting("\(degraded.name(of: hsm)) is \(hsm.state)", at: desired)
            }
            guard degraded.replacing.contains(where: { $0.id == hsm.id }) else { return findings }
            return findings + Rule.degradedNote(.waiting, degraded.waiting(for: hsm), at: desired)
        }
    }

    /// How many HSMs bill by the time of the next step.
    private var present: Int {
        choice.total + degraded.broken.count { hsm in !removed.contains(hsm.id) }
    }

    /// Adds what is missing; nothing if an HSM cannot be added now, which is said.
    private mutating func addMissing() -> Findings? {
        guard choice.nextAddition(towards: desired.value) != nil else { return nil }
        let creations = degraded.creations
        if creations.areTooMany { return Rule.degradedNote(.held, creations.advice, at: desired) }
        var first: (facts: [Fact], after: DraftStep?, text: String) = ([], nil, "")
        if cluster.presentHSMs.isEmpty {
            switch Resuming(situation: situation, cluster: cluster, desired: desired).way {
            case .closed(let findings): return findings
            case .open(let facts, let after, let text): first = (facts, after, "; \(text)")
            }
        } else if !hasHealthy, let newest = situation.group?.newestOwnReadyBackup {
            first.facts = [.newestBackup(newest.id)]
        }
        if let restore = first.after { steps.append(restore) }
        while let zone = choice.nextAddition(towards: desired.value), present < most {
            if let obstacle = obstacle(in: zone, creations) { return obstacle }
            add(in: zone, first.facts, first.text)
            first = ([], nil, "")
        }
        return nil
    }

    /// How many HSMs may stand there on the way: one more than asked for, or than there are.
    private var most: Int { max(desired.value.count, cluster.presentHSMs.count) + 1 }

    /// Per zone, no other zone can be taken instead.
    private func obstacle(in zone: AvailabilityZone, _ creations: FailedCreations) -> Findings? {
        guard case .perZone = desired.value, creations.avoidedZones.contains(zone) else {
            return nil
        }
        return Rule.degradedNote(
            .held,
            "none is added in \(zone), and its count is asked for by zone: \(creations.advice)",
            at: desired
        )
    }

    private mutating func add(in zone: AvailabilityZone, _ facts: [Fact], _ more: String) {
        let present = present
        let broken = degraded.broken.map(\.id.description).joined(separator: ", ")
        let text =
            "\(choice.total) of \(desired.value.count) present; "
            + "\(zone) has \(choice.present[zone] ?? 0)"
            + (broken.isEmpty ? "" : "; \(broken) is DEGRADED and goes once it is replaced") + more
        healthyInZone[zone, default: 0] += 1
        append(
            .addHSM,
            action: .addHSM(zone: zone, causesBackup: hasHealthy),
            text: text,
            preconditions: [.presentHSMs(present)] + facts,
            postcondition: .healthyHSMs(in: zone, atLeast: healthyInZone[zone] ?? 1)
        )
        hasHealthy = true
        choice.add(in: zone)
    }

    /// Removes what the service has not replaced, once what replaces it is in service.
    private mutating func removeBroken() -> Findings {
        guard let first = degraded.broken.first else { return .nothing }
        if let busy = cluster.firstHSM(where: \.state.isBusy) {
            return Rule.degradedNote(
                .waiting,
                "\(degraded.name(of: first)) is DEGRADED; it goes once \(busy.id) is settled",
                at: desired
            )
        }
        let added = steps.count { $0.phase == .addHSM }
        let since = situation.context.degradedSince
        steps += degraded.removals(
            of: degraded.broken,
            healthy: cluster.healthyHSMs.count + added,
            present: present,
            from: steps.count,
            after: steps.last
        ) { hsm in
            "it is DEGRADED since \(since[hsm.place]?.description ?? "long"), "
                + "and the service has not replaced it"
        }
        return .nothing
    }

    /// Removes what is too many, but never while an HSM is in trouble: redundancy comes first.
    private mutating func removeSurplus() -> Findings {
        while choice.total > desired.value.count,
            let (zone, hsm) = choice.nextRemoval(towards: desired.value)
        {
            // The newest goes first, and it is not known while it is still being made.
            guard !cluster.hsms.contains(where: { $0.state.isPresent && $0.state.isBusy }) else {
                return Rule.waiting("one is removed once every HSM is ACTIVE", at: desired)
            }
            if let degraded = degraded.replacing.first {
                return Rule.held(
                    "\(hsm) would be removed, but \(degraded.id) is DEGRADED: "
                        + "nothing is removed until all others are ACTIVE",
                    at: desired
                )
            }
            let isTemporary = hsm == cycle?.hsm.id
            if isTemporary, let open = cycle?.notYet(at: situation.now) {
                let reason = Reason(rule: "hsm-count", open.text, at: desired.location)
                return Findings(notes: [Note(open.kind, "HSMs", reason)])
            }
            remove(hsm, in: zone, isTemporary: isTemporary)
        }
        return .nothing
    }

    private mutating func remove(_ hsm: HSMID, in zone: AvailabilityZone, isTemporary: Bool) {
        let present = present
        let reason = Surplus(hsm: hsm, present: present, desired: desired.value, situation)
        append(
            .removeHSM,
            action: .removeHSM(.known(hsm), zone: zone, causesBackup: true),
            text: isTemporary ? "it was only needed for a backup; \(present) present" : reason.text,
            preconditions: [
                .presentHSMs(present),
                .healthyHSMsApart(
                    from: .known(hsm),
                    atLeast: min(desired.value.count, present - 1)
                ),
            ],
            postcondition: .hsmGone(.known(hsm))
        )
        choice.remove(hsm, in: zone)
    }

    /// What is left uneven by a change of the number is evened out afterwards, and so are zones
    /// between which more than one HSM has to move.
    private var unevenness: Findings {
        if case .perZone = desired.value, choice.nextAddition(towards: desired.value) != nil {
            return Rule.waiting("the next is moved in a plan of its own", at: desired, turn: .run)
        }
        guard case .total = desired.value, !steps.isEmpty, choice.unevenness != nil else {
            return .nothing
        }
        return Rule.waiting("zones are evened out in a plan of its own", at: desired, turn: .run)
    }

    /// Only the removal of a move, where the quota leaves no room to add before.
    private var removeFirst: Findings? {
        guard
            let add = steps.first(where: { $0.phase == .addHSM }),
            let removal = steps.first(where: { $0.phase == .removeHSM }),
            degraded.broken.isEmpty,
            case .addHSM(let target, _) = add.action,
            case .removeHSM(.known(let id), let zone?, _) = removal.action
        else { return nil }
        return Move(id, from: zone, to: target, of: cluster, desired, situation).withoutRoom
    }

    /// Whether no HSM that is in service now would be left.
    ///
    /// Keys made while an HSM joins reach it at an undocumented interval (fact sheet, section 12).
    private var replacesEveryHSM: Bool {
        let going = removed
        let active = cluster.healthyHSMs.filter { $0.id != cycle?.hsm.id }
        guard active.contains(where: { going.contains($0.id) }) else {
            return active.isEmpty && going.contains { id in id == cycle?.hsm.id }
        }
        return active.allSatisfy { going.contains($0.id) }
    }

    private var removed: [HSMID] {
        steps.compactMap { step in
            guard case .removeHSM(.known(let id), _, _) = step.action else { return nil }
            return id
        }
    }

    private mutating func append(
        _ phase: Phase,
        action: Action,
        text: String,
        preconditions: [Fact],
        postcondition: Fact
    ) {
        steps.append(
            DraftStep(
                id: phase.draft(steps.count),
                phase: phase,
                action: action,
                reason: Reason(rule: "hsm-count", text, at: desired.location),
                preconditions: [.clusterState(.active), .hsmsSettled] + preconditions,
                postcondition: postcondition,
                after: steps.last.map { [$0.id] } ?? []
            )
        )
    }
}
