internal import CloudHSM
internal import StrongroomModel

extension Rule {
    /// Moves a cluster off hsm1.medium, alone among changes of HSMs; never back.
    ///
    /// AWS moves clusters by itself too, so a manifest may be older than its cluster
    /// (fact sheet, section 15).
    static let hsmType = Rule(code: "hsm-type") { situation, earlier in
        guard
            let cluster = situation.cluster, let wanted = situation.desired.hsmType,
            wanted.value != cluster.hsmType
        else { return .nothing }
        return TypeMove(wanted: wanted, cluster: cluster, situation: situation)
            .findings(after: earlier)
    }
}

/// A change of type that is asked for.
private struct TypeMove {
    let wanted: Located<HSMType>
    let cluster: Cluster
    let situation: Situation

    func findings(after earlier: Findings) -> Findings {
        if cluster.hsmType == .hsm2mMedium, wanted.value == .hsm1Medium {
            return note(.held, "it is hsm2m.medium since AWS moved it: correct the manifest")
        }
        guard cluster.hsmType == .hsm1Medium, wanted.value == .hsm2mMedium else {
            return note(
                .held,
                "it is \(cluster.hsmType); the service changes hsm1.medium to hsm2m.medium and "
                    + "nothing else: correct the manifest"
            )
        }
        return obstacle(earlier) ?? earlierTry ?? .step(step)
    }

    private func obstacle(_ earlier: Findings) -> Findings? {
        guard cluster.state == .active else {
            return note(.waiting, "it can be changed only while the cluster is ACTIVE")
        }
        let isMoving = earlier.steps.contains { step in
            switch step.action {
            case .addHSM, .removeHSM: true
            case .createCluster, .initializeCluster, .setRetention, .copyBackup, .deleteBackup,
                .restoreBackup, .pinBackup, .unpinBackup, .tagBackup, .untagBackup, .tagCluster,
                .changeType, .deleteCluster:
                false
            }
        }
        if isMoving { return note(.waiting, "it is changed once the number of HSMs is as asked") }
        if let busy = cluster.firstHSM(where: \.state.isBusy) {
            return note(.waiting, "it is changed once \(busy.id) is settled")
        }
        if let cycle = situation.forcedCycle {
            return note(.waiting, "it is changed once \(cycle.hsm.id) is gone")
        }
        let present = cluster.presentHSMs
        guard !present.isEmpty else {
            return note(
                .held,
                "a parked cluster has no HSM to change; it is changed after a resume"
            )
        }
        if let broken = cluster.firstHSM(where: { $0.state != .active && $0.state != .deleted }) {
            return note(.held, "\(broken.id) is \(broken.state): all have to be ACTIVE before")
        }
        guard present.count <= Quotas.hsmsDuringTypeChange else {
            return note(
                .held,
                "it has \(present.count) HSMs, and a change of type needs at most "
                    + "\(Quotas.hsmsDuringTypeChange): remove some first"
            )
        }
        return nil
    }

    /// The service validates a change and takes it back by itself if that fails.
    private var earlierTry: Findings? {
        let since = situation.now - TypeChange.rollbackWindow
        let calls = situation.entries.filter { entry in
            entry.intent.operation == "ModifyCluster" && entry.intent.rule == Rule.hsmType.code
                && entry.wasDone && entry.intent.writtenAt > since
        }
        guard let last = calls.map(\.intent.writtenAt).max() else { return nil }
        if situation.now < last + ReadDelay.allowance {
            return note(.waiting, "it was asked for at \(last) and is not visible yet")
        }
        return note(
            .held,
            "it was asked for at \(last), and the type is \(cluster.hsmType) again: the service or "
                + "a person took it back; see why, it is tried again after "
                + "\(last + TypeChange.rollbackWindow)"
        )
    }

    private var step: DraftStep {
        let count = cluster.presentHSMs.count
        let zones = Set(cluster.healthyHSMs.compactMap(\.zone)).sorted()
        return DraftStep(
            id: Phase.changeType.draft(0),
            phase: .changeType,
            action: .changeType(
                from: cluster.hsmType,
                to: wanted.value,
                causesBackup: TypeChange.causesBackup(on: cluster)
            ),
            reason: Reason(
                rule: Rule.hsmType.code,
                "writes to keys and users are blocked for about 30 min for each of \(count) HSMs, "
                    + "one after another; for 24 h it can be rolled back, losing what was made since",
                at: wanted.location
            ),
            preconditions: [
                .clusterState(.active), .hsmsSettled, .hsmType(cluster.hsmType),
                .presentHSMs(count),
            ]
                + zones.map { zone in
                    .healthyHSMs(in: zone, atLeast: cluster.healthyHSMs.count { $0.zone == zone })
                },
            postcondition: .hsmType(wanted.value)
        )
    }

    private func note(_ kind: Note.Kind, _ text: String) -> Findings {
        let reason = Reason(rule: Rule.hsmType.code, text, at: wanted.location)
        return Findings(notes: [Note(kind, "HSM type", reason)])
    }
}
