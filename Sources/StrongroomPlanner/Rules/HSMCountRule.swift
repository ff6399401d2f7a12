internal import CloudHSM
internal import StrongroomModel

extension Rule {
    /// Brings the number of HSMs to what is asked, one at a time, adding before removing.
    ///
    /// What is being created counts, so a second run never adds it again; an HSM the service
    /// replaced keeps its interface and its place in the count (fact sheet, section 2.3).
    static let hsmCount = Rule(code: "hsm-count") { situation, earlier in
        guard let desired = situation.desired.hsms ?? withoutTemporary(situation) else {
            return .nothing
        }
        if earlier.steps.contains(where: { $0.phase == .create }) {
            return firstHSM(of: desired, in: situation.desired.subnets?.value ?? [:], situation)
        }
        guard let cluster = situation.cluster else { return .nothing }
        if desired.value.count == 0, !cluster.presentHSMs.isEmpty {
            return held(
                "parking is not carried out by this version of Strongroom, "
                    + "so the \(cluster.presentHSMs.count) HSMs stay",
                at: desired
            )
        }
        switch cluster.state {
        case .uninitialized:
            guard cluster.presentHSMs.isEmpty else {
                return beforeActivation(desired, cluster)
            }
            guard !cluster.hsms.contains(where: \.state.isBusy) else {
                return waiting("an HSM is still being removed", at: desired)
            }
            return firstHSM(of: desired, in: cluster.subnets, situation)
        case .initialized: return beforeActivation(desired, cluster)
        case .active: return HSMCountChange(desired: desired, cluster: cluster, situation).findings
        case .createInProgress, .initializeInProgress, .updateInProgress, .modifyInProgress,
            .rollbackInProgress, .deleteInProgress, .deleted, .degraded, .unrecognised:
            return .nothing
        }
    }

    /// Where HSMs are not managed: what there is, less the one that a forced backup needed.
    private static func withoutTemporary(_ situation: Situation) -> Located<DesiredHSMs>? {
        guard
            situation.forcedCycle != nil, let cluster = situation.cluster,
            cluster.presentHSMs.count > 1
        else { return nil }
        let desired = situation.desired
        return Located(
            .total(cluster.presentHSMs.count - 1),
            at: desired.backups.maxAge?.location ?? desired.name.location
        )
    }

    /// The one HSM a cluster may have before an officer has activated it.
    private static func firstHSM(
        of desired: Located<DesiredHSMs>,
        in subnets: [AvailabilityZone: SubnetID],
        _ situation: Situation
    ) -> Findings {
        let choice = ZoneChoice(subnets: subnets, hsms: [])
        if let obstacle = zoneObstacle(to: desired, choice) { return obstacle }
        guard let zone = choice.nextAddition(towards: desired.value) else {
            return .satisfied("HSMs", "hsm-count", at: desired.location) { "0 present" }
        }
        let step = DraftStep(
            id: Phase.firstHSM.draft(0),
            phase: .firstHSM,
            action: .addHSM(zone: zone, causesBackup: false),
            reason: Reason(
                rule: "hsm-count",
                "0 of \(desired.value.count) present; the first makes the signing request",
                at: desired.location
            ),
            preconditions: [.clusterState(.uninitialized), .presentHSMs(0)],
            postcondition: .healthyHSMs(in: zone, atLeast: 1),
            after: situation.group == nil ? [Phase.create.draft(0)] : []
        )
        return .step(step) + laterOnes(desired)
    }

    private static func beforeActivation(
        _ desired: Located<DesiredHSMs>,
        _ cluster: Cluster
    ) -> Findings {
        guard !cluster.presentHSMs.isEmpty else {
            // Nothing says what CreateHsm does then (fact sheet, section 20, row 12).
            return held(
                "the cluster is INITIALIZED without an HSM; nothing is known to help it",
                at: desired
            )
        }
        if let busy = cluster.firstHSM(where: \.state.isBusy) {
            return waiting("\(busy.id) is \(busy.state)", at: desired) + laterOnes(desired)
        }
        let later = laterOnes(desired)
        guard later.notes.isEmpty else { return later }
        return .satisfied("HSMs", "hsm-count", at: desired.location) { "1 of 1 present" }
    }

    private static func laterOnes(_ desired: Located<DesiredHSMs>) -> Findings {
        let more = desired.value.count - 1
        guard more > 0 else { return .nothing }
        return waiting(
            "\(more) more after activation: a cluster has one HSM until then",
            at: desired
        )
    }

    /// A zone that is asked for, but in which no HSM can be added.
    fileprivate static func zoneObstacle(
        to desired: Located<DesiredHSMs>,
        _ choice: ZoneChoice
    ) -> Findings? {
        if let zone = choice.firstUnmappedZone(of: desired.value) {
            return held("the cluster has no subnet in \(zone), so none can be added", at: desired)
        }
        guard choice.total < desired.value.count, choice.emptiestZone() == nil else { return nil }
        return held("the cluster names no subnet, so none can be added", at: desired)
    }

    fileprivate static func held(_ text: String, at desired: Located<DesiredHSMs>) -> Findings {
        .held("HSMs", Reason(rule: "hsm-count", text, at: desired.location))
    }

    fileprivate static func waiting(_ text: String, at desired: Located<DesiredHSMs>) -> Findings {
        .waiting("HSMs", Reason(rule: "hsm-count", text, at: desired.location))
    }
}

/// The additions and removals of one ACTIVE cluster, chained so that one happens at a time.
private struct HSMCountChange {
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
            return Rule.held(
                "every ACTIVE HSM would be replaced at once, and keys made meanwhile may not have "
                    + "reached the new ones; move some first, and the rest later",
                at: desired
            )
        }
        let result = Findings(steps: change.steps) + obstacleToRemovals + troubles
        guard result.steps.isEmpty, result.notes.isEmpty else { return result }
        let count = cluster.presentHSMs.count
        return .satisfied("HSMs", "hsm-count", at: desired.location) { "\(count) present" }
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

    private var newestOwnBackup: Backup? {
        situation.group?.backups.lazy.filter { !$0.isCopy && $0.state != .deleted }
            .max { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }
    }

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
            remove(hsm, in: zone, because: isTemporary ? "it was only needed for a backup; " : "")
        }
        return .nothing
    }

    private mutating func remove(_ hsm: HSMID, in zone: AvailabilityZone, because reason: String) {
        let present = choice.total
        let least = min(desired.value.count, present - 1)
        let outage =
            least == 1 ? "; with one HSM left, clients by default refuse new token keys" : ""
        append(
            .removeHSM,
            action: .removeHSM(.known(hsm), zone: zone, causesBackup: true),
            text: "\(reason)\(present) present, \(desired.value.count) asked for\(outage)",
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
        let removed = steps.compactMap { step -> HSMID? in
            guard case .removeHSM(.known(let id), _, _) = step.action else { return nil }
            return id
        }
        guard !removed.isEmpty else { return false }
        return cluster.hsms.allSatisfy { $0.state != .active || removed.contains($0.id) }
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
