internal import CloudHSM
internal import StrongroomModel

/// Takes a pin of ours off a backup, and the tags that say what it was for.
///
/// It is done in a plan of its own, that says when the backup will expire; and only once nothing
/// else needs the pin. A person's pin stays: then only the tags go.
struct PinRelease {
    let backup: Backup

    /// The rule that asks for it.
    let rule: String

    /// What the line is about, such as `recovery point before-rotation`.
    let subject: String

    /// Why the pin is not needed any more.
    let why: String

    /// The tags that go with it, without the pin's own mark.
    let keys: [String]

    /// What must be there in the place of what the pin kept.
    var relyingOn: [Fact] = []

    let location: SourceLocation
    let situation: Situation

    /// The steps, or why they are not to be done yet.
    ///
    /// - Parameter earlier: What every other rule found.
    /// - Returns: The unpinning and the removal of the tags, or a line.
    func findings(after earlier: Findings) -> Findings {
        guard earlier.steps.isEmpty else {
            let text = isOurs ? "its pin comes off in a plan of its own" : "its tag goes later"
            return .waiting(
                subject,
                reason("\(why); \(text), after the steps above"),
                turn: .run
            )
        }
        guard isOurs, backup.isReady else { return untagging(keys + marks) }
        if let need = PinNeed(of: backup, in: situation) { return handedOver(to: need) }
        guard backup.neverExpires else { return untagging(keys + marks) }
        return unpinned
    }

    /// Whether we set the pin: one without our mark is a person's.
    private var isOurs: Bool { backup.tags[OwnershipTag.pin] != nil }

    private var marks: [String] { isOurs ? [OwnershipTag.pin] : [] }

    // MARK: Unpinning

    private var unpinned: Findings {
        let policy = situation.cluster?.retention ?? .unmanaged
        let expiresAt = policy.lifetime.map { backup.createdAt + $0 }
        let isLost = isSweptAtOnce(under: policy)
        let floor = situation.desired.backups.floor
        let others = (situation.group?.readyBackups(in: situation.home) ?? [])
            .count { !$0.isCopy && $0.id != backup.id }
        if isLost, others < floor {
            return .held(
                subject,
                reason(
                    "\(why); without its pin retention takes \(backup.id) at once, which would leave "
                        + "\(others) READY backups, and the floor is \(floor)"
                )
            )
        }
        let survivors: [Fact] =
            isLost
            ? [.readyBackupsApart(from: backup.id, in: situation.home, atLeast: floor)] : []
        let unpin = DraftStep(
            id: Phase.unpin.draft(0),
            phase: .unpin,
            action: .unpinBackup(
                backup.id,
                expiresAt: expiresAt,
                losing: isLost ? [backup.id] : []
            ),
            reason: reason("\(why); \(expiry(expiresAt, isLost: isLost))"),
            preconditions: [
                .backupReady(.known(backup.id)), .backupPinned(.known(backup.id)),
                .retention(policy),
            ] + relyingOn + survivors,
            postcondition: .backupUnpinned(backup.id)
        )
        return .step(unpin)
            + untagging(keys + marks, after: unpin.id, when: [unpin.postcondition])
    }

    /// Whether the sweep takes the backup as soon as it is not pinned.
    private func isSweptAtOnce(under policy: RetentionPolicy) -> Bool {
        let backups = (situation.group?.backups ?? []).map { other in
            var other = other
            if other.id == backup.id { other.neverExpires = false }
            return other
        }
        return RetentionSweep.due(among: backups, under: policy, at: situation.now)
            .contains { $0.id == backup.id }
    }

    private func expiry(_ expiresAt: Timestamp?, isLost: Bool) -> String {
        guard let expiresAt else { return "retention is not managed, so it does not expire" }
        if isLost { return "it is past its retention since \(expiresAt), and expires at once" }
        guard expiresAt > situation.now else {
            return "it expires once a newer backup is READY"
        }
        return "it expires \(expiresAt)"
    }

    // MARK: Tags

    /// The pin stays for something else, and its mark says so.
    private func handedOver(to need: PinNeed) -> Findings {
        guard backup.tags[OwnershipTag.pin] != need.mark else {
            return untagging(keys)
        }
        let mark = [OwnershipTag.pin: need.mark]
        let tag = DraftStep(
            id: Phase.record.draft(9_000),
            phase: .record,
            action: .tagBackup(.known(backup.id), tags: mark),
            reason: reason("\(why); the pin stays: \(need.text)"),
            preconditions: [.backupReady(.known(backup.id))],
            postcondition: .backupTags(.known(backup.id), mark)
        )
        return .step(tag) + untagging(keys, after: tag.id, when: [tag.postcondition])
    }

    /// One step for each recovery point, so that the journal has each name for itself.
    private func untagging(
        _ keys: [String],
        after first: StepID? = nil,
        when facts: [Fact] = []
    ) -> Findings {
        let names = keys.filter { $0.hasPrefix(OwnershipTag.recoveryPoint) }
        let rest = keys.filter { !$0.hasPrefix(OwnershipTag.recoveryPoint) }
        var parts = names.map { [$0] }
        if parts.isEmpty { parts = [[]] }
        parts[parts.count - 1] += rest
        var before = first
        var steps: [DraftStep] = []
        for (number, part) in parts.enumerated() where !part.isEmpty {
            let step = DraftStep(
                id: Phase.unpin.draft(1 + number),
                phase: .unpin,
                action: .untagBackup(backup.id, keys: part),
                reason: reason(why),
                preconditions: facts,
                postcondition: .backupTagsAbsent(backup.id, part),
                after: before.map { [$0] } ?? []
            )
            before = step.id
            steps.append(step)
        }
        return Findings(steps: steps)
    }

    private func reason(_ text: String) -> Reason { Reason(rule: rule, text, at: location) }
}

/// What a pin of ours on a backup is needed for.
struct PinNeed {
    /// The mark of a pin that is there for it.
    let mark: String

    /// In words.
    let text: String

    /// Looks for a need.
    ///
    /// - Parameters:
    ///   - backup: A READY backup of the cluster's own.
    ///   - situation: The situation.
    init?(of backup: Backup, in situation: Situation) {
        if let nomination = Nominations(situation).first(meaning: backup) {
            mark = OwnershipTag.pinForRecoveryPoint
            text = "\(backup.id) is kept as the recovery point \(nomination.name)"
            return
        }
        guard situation.group?.newestOwnReadyBackup?.id == backup.id else { return nil }
        if case .absent = situation.desired.ensure.value {
            mark = OwnershipTag.pinForDeletion
            text = "the cluster is to be deleted, and this is what is left of it"
            return
        }
        let isParked = situation.cluster.map { $0.hsms.isEmpty } ?? true
        guard isParked, (situation.desired.hsms?.value.count ?? 0) == 0 else { return nil }
        mark = OwnershipTag.pinForParking
        text = "the cluster is parked, and this is what it is resumed from"
    }
}
