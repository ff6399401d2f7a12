internal import CloudHSM
internal import StrongroomModel

/// The DEGRADED HSMs of an ACTIVE cluster, by what made them so.
///
/// One whose creation failed does not heal; one that was in service may be replaced by the service,
/// on the same interface and under another id (fact sheet, section 5).
struct DegradedHSMs {
    /// How long the service is given to replace an HSM.
    static let grace = Duration.hours(2)

    let situation: Situation
    let cluster: Cluster
    let location: SourceLocation?
    let creations: FailedCreations

    /// Those that never came into service, by id.
    let failed: [HSM]

    /// Those that the service has not replaced in time, by id.
    let broken: [HSM]

    /// Those that the service may be replacing, by id.
    let replacing: [HSM]

    init(_ situation: Situation, _ cluster: Cluster, at location: SourceLocation?) {
        self.situation = situation
        self.cluster = cluster
        self.location = location
        let degraded = cluster.hsms.filter { $0.state == .degraded }.sorted { $0.id < $1.id }
        creations = FailedCreations(situation)
        let creations = creations
        failed = degraded.filter { creations.entry(of: $0) != nil }
        let others = degraded.filter { creations.entry(of: $0) == nil }
        let limit = situation.now - Self.grace
        let since = situation.context.degradedSince
        // Where HSMs are not managed, none is replaced.
        let isManaged =
            situation.desired.hsms != nil || situation.desired.ensure.value != .present
        let isBroken = { (hsm: HSM) in isManaged && since[hsm.place].map { $0 <= limit } ?? false }
        broken = others.filter(isBroken)
        replacing = others.filter { !isBroken($0) }
    }

    /// The removal of those that never came into service, before anything else is changed.
    ///
    /// - Parameter wanted: How many HSMs are asked for; `nil` where that is not managed.
    /// - Returns: The steps, or why they wait; `nil` if there is none.
    func removalOfFailed(wanting wanted: Int?) -> Findings? {
        guard let first = failed.first else { return nil }
        let name = name(of: first)
        if let busy = cluster.firstHSM(where: \.state.isBusy) {
            return note(
                .waiting,
                "\(name) failed to be created; it goes once \(busy.id) is settled"
            )
        }
        let isNeeded = cluster.presentHSMs.count - failed.count < wanted ?? 0
        if isNeeded, creations.areTooMany {
            return note(.held, "\(name) failed to be created: \(creations.advice)")
        }
        if let reason = reasonToKeepLast(first) { return note(.held, reason) }
        let steps = removals(of: failed, healthy: cluster.healthyHSMs.count) { hsm in
            "its creation failed, and it does not heal"
                + (hsm.stateMessage.map { ": \($0)" } ?? "")
        }
        guard isNeeded else { return Findings(steps: steps) }
        return Findings(steps: steps)
            + note(
                .waiting,
                "another is added once it is gone, try \(creations.entries.count + 1) of "
                    + "\(FailedCreations.most) within 24 h",
                turn: .run
            )
    }

    /// The removal of a broken HSM from a cluster that is to have none.
    ///
    /// - Returns: The step, or why it waits; `nil` if no HSM is DEGRADED.
    var removalBeforeEmptying: Findings? {
        if let failed = removalOfFailed(wanting: 0) { return failed }
        if let hsm = replacing.first { return note(.waiting, waiting(for: hsm)) }
        guard let hsm = broken.first else { return nil }
        if let loss = lossWith(hsm) { return note(.held, loss) }
        return Findings(
            steps: removals(of: [hsm], healthy: cluster.healthyHSMs.count) { _ in
                "it is DEGRADED and the service has not replaced it; the others go after it"
            }
        )
    }

    /// Removals, one after another, each while so many others are in service.
    func removals(
        of hsms: [HSM],
        healthy: Int,
        present: Int? = nil,
        from number: Int = 0,
        after earlier: DraftStep? = nil,
        because text: (HSM) -> String
    ) -> [DraftStep] {
        var last = earlier
        var left = present ?? cluster.presentHSMs.count
        return hsms.enumerated().map { index, hsm in
            var facts: [Fact] = [
                .clusterState(.active), .hsmsSettled, .presentHSMs(left), .hsmDegraded(hsm.id),
                .healthyHSMsApart(from: .known(hsm.id), atLeast: healthy),
            ]
            if healthy == 0, let newest = situation.group?.newestOwnReadyBackup {
                facts.append(.newestBackup(newest.id))
            }
            let step = DraftStep(
                id: Phase.removeHSM.draft(number + index),
                phase: .removeHSM,
                action: .removeHSM(.known(hsm.id), zone: hsm.zone, causesBackup: healthy > 0),
                reason: Reason(rule: Rule.degraded, text(hsm), at: location),
                preconditions: facts,
                postcondition: .hsmGone(.known(hsm.id)),
                after: last.map { [$0.id] } ?? []
            )
            last = step
            left -= 1
            return step
        }
    }

    /// Why a broken HSM may hold what nothing else does; `nil` if it does not.
    ///
    /// The last live HSM goes only if a READY backup is younger than its last healthy sighting.
    func lossWith(_ hsm: HSM) -> String? {
        guard cluster.healthyHSMs.isEmpty else { return nil }
        let since = situation.context.degradedSince[hsm.place]
        let newest = situation.group?.newestOwnReadyBackup
        if let since, let newest, newest.createdAt > since { return nil }
        return "\(name(of: hsm)) is DEGRADED and no other is ACTIVE: what was made since "
            + (newest.map { "\($0.id) of \($0.createdAt)" } ?? "the beginning")
            + " may be on it alone, so it stays, and none is added beside it; ask AWS to recover it"
    }

    /// That the service may be replacing an HSM, and until when it is left to do so.
    func waiting(for hsm: HSM) -> String {
        let since = situation.context.degradedSince[hsm.place]
        let end =
            since.map { "; seen so since \($0), and replaced from \($0 + Self.grace) on" } ?? ""
        return "\(name(of: hsm)) is DEGRADED; the service may be replacing it\(end)"
    }

    /// A failed one that is the only one may have been in service before it failed.
    private func reasonToKeepLast(_ hsm: HSM) -> String? {
        guard cluster.healthyHSMs.isEmpty, let entry = creations.entry(of: hsm) else { return nil }
        let seen = situation.context.degradedSince[hsm.place] ?? situation.now
        let askedFor = entry.intent.writtenAt
        guard seen - askedFor > FailedCreations.patience else {
            // It may have been in service for a moment; the proof takes nothing less for certain.
            guard cluster.presentHSMs.count == failed.count else { return nil }
            return "\(name(of: hsm)) failed to be created and is all there is: nobody can tell "
                + "that it holds nothing, so it stays; delete it by hand if it never was in service"
        }
        let newest = situation.group?.newestOwnReadyBackup
        if let newest, newest.createdAt > seen { return nil }
        return "\(name(of: hsm)) is DEGRADED and no other is ACTIVE; it was asked for at "
            + "\(askedFor), first seen DEGRADED at \(seen), and may have been in service between, "
            + "so it stays; ask AWS to recover it"
    }

    func name(of hsm: HSM) -> String {
        "\(hsm.id) in \(hsm.zone?.description ?? "an unnamed zone")"
    }

    private func note(
        _ kind: Note.Kind,
        _ text: String,
        turn: Note.Turn = .service
    ) -> Findings {
        let reason = Reason(rule: Rule.degraded, text, at: location)
        return Findings(notes: [Note(kind, "HSMs", reason, turn: turn)])
    }
}

extension Rule {
    /// The code of what is done about a DEGRADED HSM.
    static let degraded = "degraded"

    static func degradedNote(
        _ kind: Note.Kind,
        _ text: String,
        at desired: Located<DesiredHSMs>
    ) -> Findings {
        Findings(notes: [Note(kind, "HSMs", Reason(rule: degraded, text, at: desired.location))])
    }
}
