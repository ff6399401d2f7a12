internal import CloudHSM
internal import StrongroomModel

/// The additions and removals of one ACTIVE cluster, chained so that one happens at a time.
struct HSMCountChange {
    let desired: Located<DesiredHSMs>
    let cluster: Cluster
    let situation: Situation
    private let cycle: ForcedCycle?
    private var choice: ZoneChoice
    private var steps: [DraftStep] = []

    /// HSMs by zone that are in service or about to be: what an addition is counted on top of.
    private var healthyInZone: [AvailabilityZone: Int]
    private var hasHealthy: Bool

    init(desired: Located<DesiredHSMs>, cluster: Cluster, _ situation: Situation) {
        self.desired = desired
        self.cluster = cluster
        self.situation = situation
        cycle = situation.forcedCycle
        choice = ZoneChoice(
            subnets: cluster.subnets,
            hsms: cluster.hsms,
            temporary: cycle?.hsm
        )
        healthyInZone = [:]
        for hsm in cluster.hsms where hsm.state.isPresent && hsm.state != .degraded {
            guard let zone = hsm.zone else { continue }
            healthyInZone[zone, default: 0] += 1
        }
        hasHealthy = cluster.hsms.contains { $0.state == .active }
    }

    var findings: Findings {
        if let obstacle { return obstacle }
        var change = self
        change.addMissing()
        let obstacleToRemovals = change.removeSurplus()
        if change.replacesEveryHSM {
            return endOfCycle
                + Rule.held(
                    "every ACTIVE HSM would be replaced at once, and keys made meanwhile may not "
                        + "have reached the new ones; move some first, and the rest later",
                    at: desired
                )
        }
        let result = Findings(steps: change.steps) + obstacleToRemovals + troubles
        guard result.steps.isEmpty, result.notes.isEmpty else { return result }
        let count = cluster.presentHSMs.count
        return .satisfied("HSMs", "hsm-count", at: desired.location) { "\(count) present" }
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
        return Rule.zoneObstacle(to: desired, choice) ?? obstacleToResuming
    }

    /// The first HSM of a parked cluster gets the newest backup, and no call can choose another;
    /// which one it gets while the newest is not READY is unknown (fact sheet, section 13).
    private var obstacleToResuming: Findings? {
        guard choice.total == 0, desired.value.count > 0 else { return nil }
        if let leaving = cluster.firstHSM(where: \.state.isBusy) {
            return Rule.waiting("\(leaving.id) is \(leaving.state)", at: desired)
        }
        guard let newest = newestOwnBackup else {
            guard cluster.sourceBackup == nil else { return nil }
            return Rule.held("there is no backup that a new HSM could be given", at: desired)
        }
        switch newest.state {
        case .ready: return nil
        case .createInProgress:
            return Rule.waiting(
                "a new HSM is given the newest backup, and \(newest.id) is being made",
                at: desired
            )
        case .pendingDeletion, .deleted, .unrecognised:
            return Rule.held(
                "a new HSM is given the newest backup, and \(newest.id) is \(newest.state); "
                    + "restore it first",
                at: desired
            )
        }
    }

    private var newestOwnBackup: Backup? { situation.group?.newestOwnBackup }

    /// What is under way, and what is broken.
    private var troubles: Findings {
        guard cluster.hsms.contains(where: { $0.state != .active }) else { return .nothing }
        return cluster.hsms.sorted { $0.id < $1.id }.reduce(.nothing) { findings, hsm in
            let name = "\(hsm.id) in \(hsm.zone?.description ?? "an unnamed zone")"
            if hsm.state.isBusy {
                return findings + Rule.waiting("\(name) is \(hsm.state)", at: desired)
            }
            guard hsm.state == .degraded else { return findings }
            return findings
                + Rule.held(
                    "\(name) is DEGRADED; the service may be replacing it, "
                        + "and this version of Strongroom does not",
                    at: desired
                )
        }
    }

    private mutating func addMissing() {
        while let zone = choice.nextAddition(towards: desired.value) {
            let present = choice.total
            let text =
                "\(present) of \(desired.value.count) present; "
                + "\(zone) has \(choice.present[zone] ?? 0)"
            healthyInZone[zone, default: 0] += 1
            append(
                .addHSM,
                action: .addHSM(zone: zone, causesBackup: hasHealthy),
                text: text,
                preconditions: [.presentHSMs(present)] + resuming(from: present),
                postcondition: .healthyHSMs(in: zone, atLeast: healthyInZone[zone] ?? 1)
            )
            hasHealthy = true
            choice.add(in: zone)
        }
    }

    /// The backup that the first HSM is given is still READY.
    private func resuming(from present: Int) -> [Fact] {
        guard present == 0, let newest = newestOwnBackup else { return [] }
        return [.readyContent(in: situation.home, since: newest.createdAt, atLeast: 1)]
    }

    /// Removes what is too many, but never while an HSM is in trouble: redundancy comes first.
    private mutating func removeSurplus() -> Findings {
        while let (zone, hsm) = choice.nextRemoval(towards: desired.value) {
            // The newest goes first, and it is not known while it is still being made.
            guard !cluster.hsms.contains(where: { $0.state.isPresent && $0.state.isBusy }) else {
                return Rule.waiting("one is removed once every HSM is ACTIVE", at: desired)
            }
            if let degraded = cluster.firstHSM(where: { $0.state == .degraded }) {
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
        let present = choice.total
        let reason =
            isTemporary
            ? "it was only needed for a backup; \(present) present"
            : "\(present) present, \(desired.value.count) asked for"
        let least = min(desired.value.count, present - 1)
        let outage =
            least == 1 ? "; with one HSM left, clients by default refuse new token keys" : ""
        append(
            .removeHSM,
            action: .removeHSM(.known(hsm), zone: zone, causesBackup: true),
            text: reason + outage,
            preconditions: [
                .presentHSMs(present), .healthyHSMsApart(from: .known(hsm), atLeast: least),
            ],
            postcondition: .hsmGone(.known(hsm))
        )
        choice.remove(hsm, in: zone)
    }

    /// Whether no HSM that is in service now would be left.
    ///
    /// Keys made while an HSM joins reach it at an undocumented interval (fact sheet, section 12).
    private var replacesEveryHSM: Bool {
        let going = removed
        guard !going.isEmpty else { return false }
        return cluster.hsms.allSatisfy {
            $0.state != .active || going.contains($0.id) || $0.id == cycle?.hsm.id
        }
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
