internal import CloudHSM
internal import StrongroomModel

// The one HSM of a cluster that no officer has activated yet: there is no backup of it.

extension Rule {
    /// The one HSM a cluster may have before an officer has activated it.
    static func firstHSM(
        of desired: Located<DesiredHSMs>,
        in subnets: [AvailabilityZone: SubnetID],
        _ situation: Situation
    ) -> Findings {
        let creations = FailedCreations(situation)
        let choice = ZoneChoice(subnets: subnets, hsms: [], avoiding: creations.avoidedZones)
        if creations.areTooMany, desired.value.count > 0 {
            return degradedNote(.held, creations.advice, at: desired)
        }
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

    static func beforeActivation(
        _ desired: Located<DesiredHSMs>,
        _ cluster: Cluster,
        _ situation: Situation
    ) -> Findings {
        guard !cluster.presentHSMs.isEmpty else {
            // Nothing says what CreateHsm does then (fact sheet, section 20, row 12).
            return held(
                "the cluster is INITIALIZED without an HSM; nothing is known to help it",
                at: desired
            )
        }
        guard desired.value.count > 0 else {
            return parkingNote(
                .held,
                "it was never activated, so removing its HSM would make no backup, and everything "
                    + "in it would be lost; park it after activation",
                at: desired
            )
        }
        if let busy = cluster.firstHSM(where: \.state.isBusy) {
            return waiting("\(busy.id) is \(busy.state)", at: desired) + laterOnes(desired)
        }
        if let broken = cluster.firstHSM(where: { $0.state == .degraded }) {
            return broke(broken, before: desired, cluster, situation)
        }
        let later = laterOnes(desired)
        guard later.notes.isEmpty else { return later }
        return .satisfied("HSMs", "hsm-count", at: desired.location) { "1 of 1 present" }
    }

    /// The first HSM failed: nothing is in it before the cluster was claimed, so it is made anew.
    private static func broke(
        _ hsm: HSM,
        before desired: Located<DesiredHSMs>,
        _ cluster: Cluster,
        _ situation: Situation
    ) -> Findings {
        guard cluster.state == .uninitialized else {
            return degradedNote(
                .held,
                "\(hsm.id) is DEGRADED and the cluster INITIALIZED: nothing is known to help it; "
                    + "ask AWS, or delete the cluster and make another",
                at: desired
            )
        }
        let degradedHSMs = DegradedHSMs(situation, cluster, at: desired.location)
        // The request appears once the HSM is ready, so this one was in service, and its
        // certificate may be on its way (fact sheet, section 4, note b).
        if cluster.signingRequest != nil, let replacing = degradedHSMs.replacing.first {
            return degradedNote(.waiting, degradedHSMs.waiting(for: replacing), at: desired)
        }
        guard !degradedHSMs.creations.areTooMany else {
            return degradedNote(.held, degradedHSMs.creations.advice, at: desired)
        }
        let remove = DraftStep(
            id: Phase.removeHSM.draft(0),
            phase: .removeHSM,
            action: .removeHSM(.known(hsm.id), zone: hsm.zone, causesBackup: false),
            reason: Reason(
                rule: degraded,
                "it is DEGRADED, and nothing is in it yet: it goes, and another is made"
                    + (cluster.signingRequest == nil ? "" : ", whose request is to be signed anew"),
                at: desired.location
            ),
            preconditions: [
                .clusterState(.uninitialized), .hsmsSettled, .presentHSMs(1), .hsmDegraded(hsm.id),
            ],
            postcondition: .hsmGone(.known(hsm.id))
        )
        var findings =
            .step(remove) + waiting("the first is added once it is gone", at: desired, turn: .run)
        // The cluster must not be claimed by a signing request that goes with the HSM.
        findings.isFinal = true
        return findings
    }

    private static func laterOnes(_ desired: Located<DesiredHSMs>) -> Findings {
        let more = desired.value.count - 1
        guard more > 0 else { return .nothing }
        return waiting(
            "\(more) more after activation: a cluster has one HSM until then",
            at: desired,
            turn: .run
        )
    }
}
