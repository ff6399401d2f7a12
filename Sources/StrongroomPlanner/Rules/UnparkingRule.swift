internal import CloudHSM
internal import StrongroomModel

extension Rule {
    /// Takes the pin of a parked cluster off its backup once the cluster is back in service and a
    /// younger backup is READY; a pin without our tag is a person's and stays.
    ///
    /// It runs last and plans only where nothing else is to be done, so that no other step can
    /// rely on what the pin keeps.
    static let unparking = Rule(code: "unparking") { situation, earlier in
        guard
            let group = situation.group, let cluster = situation.cluster,
            cluster.state == .active, !cluster.healthyHSMs.isEmpty,
            situation.desired.hsms?.value.count != 0,
            let parked = group.backups.filter(\.isPinnedForParking)
                .min(by: { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) })
        else { return .nothing }
        let location = situation.desired.hsms?.location ?? situation.desired.name.location
        let pin = ParkingPin(backup: parked, group: group, situation: situation, location: location)
        return pin.findings(after: earlier)
    }
}

/// The pin that parking set on a backup, of a cluster that is back in service.
private struct ParkingPin {
    let backup: Backup
    let group: ProtectionGroup
    let situation: Situation
    let location: SourceLocation

    private var subject: String { "pin of \(backup.id)" }

    func findings(after earlier: Findings) -> Findings {
        guard let newest = group.newestOwnReadyBackup, newest.createdAt > backup.createdAt else {
            return satisfied("it was pinned for parking, and no younger backup is READY yet")
        }
        if let name = nomination {
            return satisfied("it was pinned for parking, and may be the recovery point \(name)")
        }
        guard earlier.steps.isEmpty else {
            return note(.waiting, "it was set for parking; it comes off in a plan of its own")
        }
        let left = group.readyBackups(in: situation.home).count { $0.id != backup.id }
        guard losing.isEmpty || left >= floor else {
            return note(
                .held,
                "it was set for parking; without it, retention would leave \(left) READY backups, "
                    + "and the floor is \(floor)"
            )
        }
        return Findings(
            steps: backup.neverExpires ? [unpin(newest), untag([unpinID])] : [untag([])]
        )
    }

    /// The recovery point that the backup is recorded as, or that may still turn out to mean it.
    private var nomination: String? {
        if let key = backup.tags.keys.filter({ $0.hasPrefix(OwnershipTag.recoveryPoint) }).min() {
            return String(key.dropFirst(OwnershipTag.recoveryPoint.count))
        }
        return situation.desired.recoveryPoints.first(where: mayMeanIt)?.name.value
    }

    private func mayMeanIt(_ point: DesiredRecoveryPoint) -> Bool {
        if case .backup(let id) = point.selector { return id == backup.id }
        // Once one is recorded, the name means that one and no other.
        let key = OwnershipTag.recoveryPoint + point.name.value
        guard !group.backups.contains(where: { $0.tags[key] != nil }) else { return false }
        switch point.selector {
        case .backup(let id): return id == backup.id
        case .takenBefore(let moment): return backup.createdAt < moment
        case .takenAfter(let moment): return backup.createdAt > moment
        case .newest: return true
        }
    }

    private var floor: Int { situation.desired.backups.floor }

    private var unpinID: StepID { Phase.unpin.draft(500) }

    /// When retention reaches it; `nil` where the service removes nothing by itself.
    private var expiresAt: Timestamp? {
        situation.cluster?.retention.lifetime.map { backup.createdAt + $0 }
    }

    /// The sweep may run at once (fact sheet, section 8).
    private var losing: [BackupID] {
        guard let expiresAt, expiresAt <= situation.now else { return [] }
        return [backup.id]
    }

    private func unpin(_ newest: Backup) -> DraftStep {
        let end =
            expiresAt.map { "retention reaches it at \($0)" } ?? "nothing removes it by itself"
        let survivors: [Fact] =
            losing.isEmpty
            ? []
            : [.readyBackupsApart(from: backup.id, in: situation.home, atLeast: floor)]
        return DraftStep(
            id: unpinID,
            phase: .unpin,
            action: .unpinBackup(backup.id, expiresAt: expiresAt, losing: losing),
            reason: Reason(
                rule: Rule.unparking.code,
                "the cluster is back in service, and \(newest.id) of \(newest.createdAt) is "
                    + "younger; \(end)",
                at: location
            ),
            preconditions: [
                .clusterState(.active), .backupPinned(.known(backup.id)),
                .backupTags(.known(backup.id), [OwnershipTag.pin: OwnershipTag.pinForParking]),
                .readyContent(in: situation.home, since: newest.createdAt, atLeast: 1),
            ] + survivors,
            postcondition: .backupUnpinned(backup.id)
        )
    }

    private func untag(_ after: [StepID]) -> DraftStep {
        DraftStep(
            id: Phase.unpin.draft(501),
            phase: .unpin,
            action: .untagBackup(backup.id, keys: [OwnershipTag.pin]),
            reason: Reason(
                rule: Rule.unparking.code,
                "it is not pinned for parking any more",
                at: location
            ),
            preconditions: [.clusterExists, .backupUnpinned(backup.id)],
            postcondition: .backupTagsAbsent(backup.id, [OwnershipTag.pin]),
            after: after
        )
    }

    private func satisfied(_ text: String) -> Findings {
        .satisfied(subject, Rule.unparking.code, at: location) { text }
    }

    private func note(_ kind: Note.Kind, _ text: String) -> Findings {
        let reason = Reason(rule: Rule.unparking.code, text, at: location)
        return Findings(notes: [Note(kind, subject, reason)])
    }
}

extension Backup {
    /// Whether our tag says that it is pinned for a parked cluster.
    fileprivate var isPinnedForParking: Bool {
        isReady && !isCopy && tags[OwnershipTag.pin] == OwnershipTag.pinForParking
    }
}
