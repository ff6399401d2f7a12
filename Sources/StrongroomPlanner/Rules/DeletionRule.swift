internal import CloudHSM
internal import StrongroomModel

extension Rule {
    /// Deletes a cluster that a manifest wants absent, once its last backup is READY and pinned;
    /// nothing else is planned for it then.
    ///
    /// Its backups outlive it (fact sheet, section 16).
    static let deletion = Rule(code: "deletion") { situation, _ in
        guard case .absent(let reason, let finalBackup) = situation.desired.ensure.value else {
            return .nothing
        }
        let location = situation.desired.ensure.location
        var findings: Findings
        if let cluster = situation.cluster, let group = situation.group {
            findings =
                Deletion(
                    situation: situation,
                    cluster: cluster,
                    group: group,
                    reason: reason,
                    finalBackup: finalBackup,
                    location: location
                )
                .findings
        } else {
            let group = situation.group
            findings = .satisfied("cluster", code, at: location) {
                "it is gone, as asked: \(reason)"
                    + (group.map { "; \(Remains(of: $0).text)" } ?? "")
            }
        }
        findings.isFinal = true
        return findings
    }

    private static let code = "deletion"
}

/// The deletion of a cluster that is there.
private struct Deletion {
    let situation: Situation
    let cluster: Cluster
    let group: ProtectionGroup
    let reason: String
    let finalBackup: FinalBackup
    let location: SourceLocation

    var findings: Findings {
        guard cluster.state == .active else { return beforeActivation }
        guard cluster.presentHSMs.isEmpty else { return emptying }
        // Until it is unlisted, the backup that its removal makes may not be either.
        if let leaving = cluster.firstHSM(where: { $0.state != .deleted }) {
            let text = "\(leaving.id) is \(leaving.state); it goes on once none is listed"
            return .waiting(
                "delete cluster",
                Reason(rule: Rule.deletion.code, text, at: location)
            )
        }
        switch last.standing {
        case .open(let findings): return findings
        case .known(let backup, let steps):
            let kept = BackupReference.known(backup.id)
            let isNewest = Fact.newestBackup(backup.id)
            return Findings(
                steps: steps + [delete(keeping: kept, where: [isNewest], after: steps.last)]
            )
        case .none: return withoutBackup
        }
    }

    private var emptying: Findings {
        let emptying = Emptying(
            situation: situation,
            cluster: cluster,
            group: group,
            rule: Rule.deletion.code,
            subject: "delete cluster",
            purpose: "and the cluster is to be deleted (\(reason))",
            location: location
        )
        switch emptying.outcome {
        case .obstacle(let findings): return findings
        case .removals(let removals):
            guard let removal = removals.last else { return .nothing }
            let keeping = last.keeping(whatMakes: removal)
            let delete = delete(keeping: .caused(by: removal.id), after: keeping.last)
            return Findings(steps: removals + keeping + [delete])
        }
    }

    private var last: LastBackup {
        LastBackup(
            situation: situation,
            group: group,
            rule: Rule.deletion.code,
            subject: "delete cluster",
            purpose: OwnershipTag.pinForDeletion,
            location: location
        )
    }

    private func delete(
        keeping backup: BackupReference,
        where facts: [Fact] = [],
        after earlier: DraftStep?
    ) -> DraftStep {
        let asked =
            finalBackup == .none
            ? "; finalBackup: none is for a cluster that was never activated, so this one's is kept"
            : ""
        return delete(
            "\(reason); its last backup is READY and pinned by then\(asked); "
                + "without any still to come, \(Remains(of: group).summary)",
            where: [.clusterState(.active), .noHSMsListed, .backupPinned(backup)] + facts,
            after: earlier
        )
    }

    /// An ACTIVE cluster without HSMs and without a backup of its own.
    private var withoutBackup: Findings {
        guard finalBackup == .none else {
            let text =
                cluster.sourceBackup.map {
                    "it was never given an HSM, so what it holds is in \($0), which it was made "
                        + "from, and whether that is READY cannot be seen from here"
                } ?? "it has no backup"
            return held("\(text): write finalBackup: none to have it deleted all the same")
        }
        return .step(
            delete(
                "\(reason); it has neither an HSM nor a backup of its own",
                where: [.clusterState(.active), .noHSMsListed],
                after: nil
            )
        )
    }

    private var beforeActivation: Findings {
        guard finalBackup == .none else {
            return held(
                "it was never activated, so it has no backup and everything in it is lost: "
                    + "write finalBackup: none to accept that"
            )
        }
        if let busy = cluster.firstHSM(where: { $0.state.isPresent && $0.state.isBusy }) {
            let reason = Reason(
                rule: Rule.deletion.code,
                "\(busy.id) is \(busy.state)",
                at: location
            )
            return .waiting("delete cluster", reason)
        }
        let removals = removalsBeforeActivation
        let delete = delete(
            "\(reason); it was never activated and has no backup, as finalBackup: none accepts",
            where: [.clusterState(cluster.state), .noHSMsListed],
            after: removals.last
        )
        return Findings(steps: removals + [delete])
    }

    private var removalsBeforeActivation: [DraftStep] {
        var steps: [DraftStep] = []
        let hsms = cluster.presentHSMs.sorted { $0.id < $1.id }
        for (index, hsm) in hsms.enumerated() {
            steps.append(
                DraftStep(
                    id: Phase.removeHSM.draft(index),
                    phase: .removeHSM,
                    action: .removeHSM(.known(hsm.id), zone: hsm.zone, causesBackup: false),
                    reason: Reason(
                        rule: Rule.deletion.code,
                        "the cluster is to be deleted (\(reason)); no backup is made before "
                            + "activation",
                        at: location
                    ),
                    preconditions: [
                        .clusterState(cluster.state), .hsmsSettled,
                        .presentHSMs(hsms.count - index),
                    ],
                    postcondition: .hsmGone(.known(hsm.id)),
                    after: steps.last.map { [$0.id] } ?? []
                )
            )
        }
        return steps
    }

    private func delete(
        _ text: String,
        where facts: [Fact],
        after earlier: DraftStep?
    ) -> DraftStep {
        DraftStep(
            id: Phase.deleteCluster.draft(0),
            phase: .deleteCluster,
            action: .deleteCluster(cluster.id),
            reason: Reason(rule: Rule.deletion.code, text, at: location),
            preconditions: facts,
            postcondition: .clusterGone,
            after: earlier.map { [$0.id] } ?? []
        )
    }

    private func held(_ text: String) -> Findings {
        .held("delete cluster", Reason(rule: Rule.deletion.code, text, at: location))
    }
}
