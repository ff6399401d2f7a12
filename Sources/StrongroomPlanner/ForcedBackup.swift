internal import CloudHSM
internal import StrongroomModel

/// A backup that a rule needs now: whatever makes one anyway serves, else an HSM cycle makes it.
///
/// There is no call that makes a backup: adding an HSM to a cluster with an active one does.
/// Add first, then remove, so that redundancy never drops (fact sheet, section 7).
struct ForcedBackup {
    let situation: Situation

    /// The code of the rule that needs it.
    let rule: String

    /// Why it is needed, in words that stand before what is done about it.
    let need: String

    /// The manifest line that asks for it.
    let location: SourceLocation?

    /// What the lines that are no steps are about.
    var subject = "backup"

    /// The oldest content that serves; `nil` where only a backup that begins from now on does.
    var since: Timestamp?

    /// Whether an HSM may be added for it where nothing makes one anyway.
    var mayCycle = true

    /// What makes the backup, or what it waits for.
    ///
    /// - Parameter earlier: What earlier rules found: their changes of HSMs make backups too.
    /// - Returns: A cycle of two steps, or a line.
    func findings(after earlier: Findings) -> Findings {
        if let coming { return waitOrHold("\(coming.id) is being made", since: coming.createdAt) }
        if let open = situation.forcedCycle?.notYet(at: situation.now) {
            return note(open.kind, open.text)
        }
        if earlier.steps.contains(where: \.action.causesBackup) {
            return note(.waiting, "the change of HSMs in this plan makes a new one")
        }
        guard mayCycle else {
            return note(.held, "whenStale is report, so nothing is forced")
        }
        guard let cluster = situation.cluster, cluster.state == .active else {
            return note(.waiting, "one can be forced only while the cluster is ACTIVE")
        }
        return obstacle(on: cluster, earlier) ?? daily ?? cycle(on: cluster)
    }

    /// The backup that the service makes by itself, where it comes soon enough to be waited for.
    private var daily: Findings? {
        guard let due = cost.dailyDue, due - situation.now <= ForcedCost.worthWaiting else {
            return nil
        }
        return note(.waiting, "the daily backup comes by \(due), so none is forced")
    }

    private var cost: ForcedCost { ForcedCost(situation) }

    /// The youngest backup being made that would serve.
    private var coming: Backup? {
        guard let since else { return nil }
        return (situation.group?.backups ?? []).lazy
            .filter { $0.state == .createInProgress && !$0.isCopy && $0.createdAt >= since }
            .max { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }
    }

    private func obstacle(on cluster: Cluster, _ earlier: Findings) -> Findings? {
        guard
            !cluster.hsms.contains(where: \.state.isBusy),
            !earlier.steps.contains(where: { $0.phase == .addHSM })
        else { return note(.waiting, "one is forced once every HSM is ACTIVE") }
        guard cluster.hsms.contains(where: { $0.state == .active }) else {
            return note(.held, "no HSM is ACTIVE, so none can be forced")
        }
        if let broken = cluster.firstHSM(where: { $0.state == .degraded }) {
            return note(.held, "none is forced while \(broken.id) is DEGRADED")
        }
        return nil
    }

    /// The HSM cycle: one more HSM, its backup awaited, and that HSM gone again.
    private func cycle(on cluster: Cluster) -> Findings {
        let creations = FailedCreations(situation)
        if creations.areTooMany { return note(.held, creations.advice) }
        let choice = ZoneChoice(
            subnets: cluster.subnets,
            hsms: cluster.hsms,
            avoiding: creations.avoidedZones
        )
        guard let zone = choice.emptiestZone() else {
            return note(.held, "the cluster has no zone to add an HSM in")
        }
        let present = cluster.presentHSMs.count
        let healthy = cluster.healthyHSMs.count { $0.zone == zone }
        let add = DraftStep(
            id: Phase.addHSM.draft(500),
            phase: .addHSM,
            action: .addHSM(zone: zone, causesBackup: true),
            reason: Reason(rule: rule, "\(need); \(cost.text)", at: location),
            preconditions: [.clusterState(.active), .hsmsSettled, .presentHSMs(present)],
            postcondition: .healthyHSMs(in: zone, atLeast: healthy + 1)
        )
        let remove = DraftStep(
            id: Phase.removeHSM.draft(500),
            phase: .removeHSM,
            action: .removeHSM(.added(by: add.id), zone: zone, causesBackup: true),
            reason: Reason(rule: rule, "it was only needed for the backup", at: location),
            preconditions: [
                .clusterState(.active), .hsmsSettled, .freshBackup(causedBy: add.id),
                .healthyHSMsApart(from: .added(by: add.id), atLeast: present),
            ],
            postcondition: .hsmGone(.added(by: add.id)),
            after: [add.id]
        )
        return Findings(steps: [add, remove])
    }

    /// Waits for something, but not for longer than any backup takes.
    private func waitOrHold(_ text: String, since: Timestamp) -> Findings {
        guard situation.now - since > Patience.inProgress else { return note(.waiting, text) }
        return note(.held, "\(text) since \(since), longer than any backup takes")
    }

    private func note(_ kind: Note.Kind, _ text: String) -> Findings {
        let reason = Reason(rule: rule, "\(need); \(text)", at: location)
        return Findings(notes: [Note(kind, subject, reason)])
    }
}
