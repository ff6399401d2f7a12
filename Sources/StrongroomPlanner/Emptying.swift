internal import CloudHSM
internal import StrongroomModel

/// The removal of every HSM of an ACTIVE cluster, one after another.
///
/// The last removal makes the backup that is all there is of the cluster then, so an HSM goes only
/// while all others are ACTIVE, and the last one only once a backup from before it is READY.
struct Emptying {
    let situation: Situation
    let cluster: Cluster
    let group: ProtectionGroup
    let rule: String
    let subject: String

    /// Why they go, in words that follow the count.
    let purpose: String
    let location: SourceLocation?

    /// The removals in order, or what keeps all of them from being planned.
    enum Outcome {
        /// Nothing is removed now.
        case obstacle(Findings)
        /// They are removed; at least one.
        case removals([DraftStep])
    }

    /// What is to be done.
    var outcome: Outcome {
        if let obstacle { return .obstacle(obstacle) }
        var choice = ZoneChoice(
            subnets: cluster.subnets,
            hsms: cluster.hsms,
            temporary: situation.forcedCycle?.hsm
        )
        var steps: [DraftStep] = []
        while let (zone, hsm) = choice.nextRemoval(towards: .total(0)) {
            steps.append(removal(of: hsm, in: zone, choice, after: steps.last))
            choice.remove(hsm, in: zone)
        }
        return .removals(steps)
    }

    private var obstacle: Findings? {
        if let zoneless = cluster.firstHSM(where: { $0.state.isPresent && $0.zone == nil }) {
            return note(.held, "\(zoneless.id) names no zone, so zones cannot be counted")
        }
        if let busy = cluster.firstHSM(where: \.state.isBusy) {
            return note(.waiting, "\(busy.id) is \(busy.state); the next goes after that")
        }
        if let broken = DegradedHSMs(situation, cluster, at: location).removalBeforeEmptying {
            return broken
        }
        guard cluster.presentHSMs.count == 1 else { return nil }
        if let coming = group.newestOwnBackup, coming.state == .createInProgress {
            let text = "\(coming.id) is being made; the last HSM goes once it is READY"
            guard situation.now - coming.createdAt > Patience.inProgress else {
                return note(.waiting, text)
            }
            return note(.held, "\(text), but that takes longer than any backup does")
        }
        guard group.newestOwnReadyBackup == nil else { return nil }
        return note(
            .held,
            "there is no READY backup, so the last HSM stays: its removal alone would have to "
                + "make one; maxAge with whenStale: force makes one before"
        )
    }

    private func removal(
        of hsm: HSMID,
        in zone: AvailabilityZone,
        _ choice: ZoneChoice,
        after earlier: DraftStep?
    ) -> DraftStep {
        let present = choice.total
        var facts: [Fact] = [
            .clusterState(.active), .hsmsSettled, .presentHSMs(present),
            .healthyHSMs(in: zone, atLeast: choice.present[zone] ?? 1),
            .healthyHSMsApart(from: .known(hsm), atLeast: present - 1),
        ]
        if present == 1 {
            let before = earlier.map { Fact.freshBackup(causedBy: $0.id) }
            let ready = group.newestOwnReadyBackup.map {
                Fact.readyContent(in: situation.home, since: $0.createdAt, atLeast: 1)
            }
            facts += [before ?? ready].compactMap(\.self)
        }
        let effect =
            switch present {
            case 1: "; its removal makes the last backup, and nothing can be used any more"
            case 2: "; with one HSM left, clients by default refuse new token keys"
            default: ""
            }
        return DraftStep(
            id: Phase.removeHSM.draft(cluster.presentHSMs.count - present),
            phase: .removeHSM,
            action: .removeHSM(.known(hsm), zone: zone, causesBackup: true),
            reason: Reason(rule: rule, "\(present) present, \(purpose)\(effect)", at: location),
            preconditions: facts,
            postcondition: .hsmGone(.known(hsm)),
            after: earlier.map { [$0.id] } ?? []
        )
    }

    private func note(_ kind: Note.Kind, _ text: String) -> Findings {
        Findings(notes: [Note(kind, subject, Reason(rule: rule, text, at: location))])
    }
}
