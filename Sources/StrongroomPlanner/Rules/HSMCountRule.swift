internal import CloudHSM
internal import StrongroomModel

extension Rule {
    /// Brings the number of HSMs to what is asked, one at a time, adding before removing.
    ///
    /// What is being created counts, so a second run never adds it again; an HSM the service
    /// replaced keeps its interface and its place in the count (fact sheet, section 2.3).
    static let hsmCount = Rule(code: "hsm-count") { situation, earlier in
        if earlier.steps.contains(where: { $0.phase == .create }) {
            guard let desired = situation.desired.hsms else { return .nothing }
            return firstHSM(of: desired, in: situation.desired.subnets?.value ?? [:], situation)
        }
        guard let cluster = situation.cluster, let group = situation.group else { return .nothing }
        if cluster.state == .active, let failed = failedCreation(on: cluster, situation) {
            return failed
        }
        guard let desired = situation.desired.hsms ?? withoutTemporary(situation) else {
            return .nothing
        }
        switch cluster.state {
        case .uninitialized:
            guard cluster.presentHSMs.isEmpty else {
                return beforeActivation(desired, cluster, situation)
            }
            guard !cluster.hsms.contains(where: \.state.isBusy) else {
                return waiting("an HSM is still being removed", at: desired)
            }
            return firstHSM(of: desired, in: cluster.subnets, situation)
        case .initialized: return beforeActivation(desired, cluster, situation)
        case .active:
            guard desired.value.count > 0 else {
                return Parking(
                    situation: situation,
                    cluster: cluster,
                    group: group,
                    desired: desired
                )
                .findings
            }
            return HSMCountChange(desired: desired, cluster: cluster, situation).findings
        case .createInProgress, .initializeInProgress, .updateInProgress, .modifyInProgress,
            .rollbackInProgress, .deleteInProgress, .deleted, .degraded, .unrecognised:
            return .nothing
        }
    }

    /// An HSM of ours that never came into service goes before anything else is changed.
    private static func failedCreation(
        on cluster: Cluster,
        _ situation: Situation
    ) -> Findings? {
        let desired = situation.desired.hsms
        let location = desired?.location ?? situation.desired.name.location
        return DegradedHSMs(situation, cluster, at: location)
            .removalOfFailed(wanting: desired?.value.count)
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

    /// A zone that is asked for, but in which no HSM can be added.
    static func zoneObstacle(
        to desired: Located<DesiredHSMs>,
        _ choice: ZoneChoice
    ) -> Findings? {
        if let zone = choice.firstUnmappedZone(of: desired.value) {
            return held("the cluster has no subnet in \(zone), so none can be added", at: desired)
        }
        guard choice.total < desired.value.count, choice.emptiestZone() == nil else { return nil }
        return held("the cluster names no subnet, so none can be added", at: desired)
    }

    static func held(_ text: String, at desired: Located<DesiredHSMs>) -> Findings {
        .held("HSMs", Reason(rule: "hsm-count", text, at: desired.location))
    }

    static func waiting(
        _ text: String,
        at desired: Located<DesiredHSMs>,
        turn: Note.Turn = .service
    ) -> Findings {
        .waiting("HSMs", Reason(rule: "hsm-count", text, at: desired.location), turn: turn)
    }
}
