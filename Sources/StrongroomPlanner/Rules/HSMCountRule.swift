internal import CloudHSM
internal import StrongroomModel

extension Rule {
    /// Brings the number of HSMs to what is asked, one at a time, adding before removing.
    ///
    /// What is being created counts, so a second run never adds it again; an HSM the service
    /// replaced keeps its interface and its place in the count (fact sheet, section 2.3).
    static let hsmCount = Rule(code: "hsm-count") { situation, earlier in
        guard let desired = situation.desired.hsms else { return .nothing }
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

    /// The one HSM a cluster may have before an officer has activated it.
    private static func firstHSM(
        of desired: Located<DesiredHSMs>,
        in subnets: [AvailabilityZone: SubnetID],
        _ situation: Situation
    ) -> Findings {
        let choice = ZoneChoice(subnets: subnets, hsms: [])
        guard let zone = choice.nextAddition(towards: desired.value) else { return .nothing }
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
        if let busy = cluster.hsms.first(where: \.state.isBusy) {
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
    private var choice: ZoneChoice
    private var steps: [DraftStep] = []
    private var healthyInZone: [AvailabilityZone: Int]
    private var hasHealthy: Bool

    init(desired: Located<DesiredHSMs>, cluster: Cluster, _ situation: Situation) {
        self.desired = desired
        self.cluster = cluster
        self.situation = situation
        choice = ZoneChoice(subnets: cluster.subnets, hsms: cluster.hsms)
        healthyInZone = [:]
        for hsm in cluster.healthyHSMs {
            guard let zone = hsm.zone else { continue }
            healthyInZone[zone, default: 0] += 1
        }
        hasHealthy = !cluster.healthyHSMs.isEmpty
    }

    var findings: Findings {
        if let zoneless = cluster.presentHSMs.first(where: { $0.zone == nil }) {
            return Rule.held(
                "\(zoneless.id) names no zone, so zones cannot be counted",
                at: desired
            )
        }
        var change = self
        change.addMissing()
        let removals = change.removeSurplus()
        var result = Findings(steps: change.steps) + removals
        let busy = cluster.hsms.filter(\.state.isBusy)
        for hsm in busy {
            result =
                result + Rule.waiting("\(hsm.id) in \(place(of: hsm)) is \(hsm.state)", at: desired)
        }
        for hsm in cluster.hsms where hsm.state == .degraded {
            let text = "\(hsm.id) in \(place(of: hsm)) is DEGRADED; the service may be replacing it"
            result = result + Rule.waiting(text, at: desired)
        }
        guard result.steps.isEmpty, result.notes.isEmpty else { return result }
        let count = cluster.presentHSMs.count
        return .satisfied("HSMs", "hsm-count", at: desired.location) { "\(count) present" }
    }

    private func place(of hsm: HSM) -> String { hsm.zone?.description ?? "an unnamed zone" }

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
                preconditions: [.presentHSMs(present)],
                postcondition: .healthyHSMs(in: zone, atLeast: healthyInZone[zone] ?? 1)
            )
            hasHealthy = true
            choice.add(in: zone)
        }
    }

    /// Removes what is too many, but never while an HSM is in trouble: redundancy comes first.
    private mutating func removeSurplus() -> Findings {
        while let (zone, hsm) = choice.nextRemoval(towards: desired.value) {
            if let degraded = cluster.hsms.first(where: { $0.state == .degraded }) {
                return Rule.held(
                    "\(hsm) would be removed, but \(degraded.id) is DEGRADED: "
                        + "nothing is removed until all others are ACTIVE",
                    at: desired
                )
            }
            let present = choice.total
            let least = min(desired.value.count, present - 1)
            let outage =
                least == 1
                ? "; with one HSM left, clients by default refuse new token keys" : ""
            append(
                .removeHSM,
                action: .removeHSM(.known(hsm), zone: zone, causesBackup: true),
                text: "\(present) present, \(desired.value.count) asked for\(outage)",
                preconditions: [
                    .presentHSMs(present), .healthyHSMsApart(from: .known(hsm), atLeast: least),
                ],
                postcondition: .hsmGone(.known(hsm))
            )
            choice.remove(hsm, in: zone)
        }
        return .nothing
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
