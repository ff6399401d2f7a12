internal import CloudHSM
internal import StrongroomModel

extension Rule {
    /// Restores, records and pins the backups that are kept by name, the most urgent first.
    static let recoveryPoints = Rule(code: "recovery-point") { situation, earlier in
        guard situation.group != nil, !situation.desired.recoveryPoints.isEmpty else {
            return .nothing
        }
        let ranked = Nominations(situation).all.enumerated().sorted { left, right in
            (left.element.deadline, left.offset) < (right.element.deadline, right.offset)
        }
        .map(\.element)
        let shelter = RetentionShelter(
            for: ranked.filter { $0.obstacleToRestoring(in: situation) == nil }
                .compactMap(\.meaning.decided).filter { $0.state == .pendingDeletion },
            situation
        )
        var findings = shelter.findings
        for (rank, nomination) in ranked.enumerated() {
            findings += RecoveryPointKeeping(
                nomination: nomination,
                rank: rank,
                shelter: shelter,
                situation: situation
            )
            .findings(after: earlier + findings)
        }
        return findings
    }
}

extension Nominations.Nomination {
    /// After which moment it can no longer be restored; far away for one that need not be.
    fileprivate var deadline: Timestamp {
        let backup = meaning.decided
        guard let backup, backup.state == .pendingDeletion else {
            return Timestamp(milliseconds: .max)
        }
        return backup.deletesAt ?? backup.createdAt
    }

    /// Why its backup, which is pending deletion, cannot or must not be restored.
    fileprivate func obstacleToRestoring(in situation: Situation) -> String? {
        guard let backup = meaning.decided, backup.state == .pendingDeletion else { return nil }
        if let cut = situation.purgeCut?.cut, backup.createdAt < cut {
            return "\(backup.id) is pending deletion and may hold what the purge is to remove "
                + "(taken before \(cut)); nominate a later backup"
        }
        guard let deadline = backup.deletesAt, deadline <= situation.now else { return nil }
        return "\(backup.id) could be restored until \(deadline), which has passed"
    }
}

/// What keeps one recovery point: its backup restored, recorded under its name, and pinned.
private struct RecoveryPointKeeping {
    let nomination: Nominations.Nomination
    let rank: Int
    let shelter: RetentionShelter
    let situation: Situation

    func findings(after earlier: Findings) -> Findings {
        switch nomination.meaning {
        case .waiting(let text): return waiting(text)
        case .impossible(let text): return held(text)
        case .backup(let backup, let isRecorded):
            switch backup.state {
            case .ready: return kept(backup, isRecorded, after: earlier)
            case .pendingDeletion: return restored(backup, isRecorded, after: earlier)
            case .createInProgress: return waiting("\(backup.id) is being made")
            case .deleted, .unrecognised:
                return held("\(backup.id) is \(backup.state), so nothing can be done for it")
            }
        }
    }

    // MARK: Restoring

    /// Restored while that is possible, then kept like any other.
    private func restored(
        _ backup: Backup,
        _ isRecorded: Bool,
        after earlier: Findings
    ) -> Findings {
        if let obstacle = nomination.obstacleToRestoring(in: situation) { return held(obstacle) }
        if let at = restoredInVain(backup) {
            return held(
                "\(backup.id) was restored \(at), and retention took it again before it was pinned; "
                    + "manage retentionDays, so that it can be made longer for that"
            )
        }
        if let restore = earlier.restore(of: backup.id) {
            return kept(backup, isRecorded, after: earlier, restoredBy: restore.id)
        }
        let deadline = backup.deletesAt ?? situation.now
        let left = backup.deletesAt.map { "\(inWords($0 - situation.now)) are left" }
        let restore = DraftStep(
            id: Phase.restore.draft(1_000 + rank),
            phase: .restore,
            action: .restoreBackup(backup.id, in: backup.region, until: deadline),
            reason: reason(
                "\(backup.id) is pending deletion; \(left ?? "nobody says how much time is left")"
                    + shelter.warning(for: backup)
            ),
            preconditions: [.backupPendingDeletion(backup.id)] + shelter.facts(for: backup),
            postcondition: .backupReady(.known(backup.id)),
            after: shelter.before(backup)
        )
        return .step(restore) + kept(backup, isRecorded, after: earlier, restoredBy: restore.id)
    }

    /// When it was restored within a day, only to be taken again; each day it is tried once more,
    /// which gives it another week (fact sheet, section 9).
    private func restoredInVain(_ backup: Backup) -> Timestamp? {
        guard !shelter.warning(for: backup).isEmpty else { return nil }
        return situation.entries.last { entry in
            entry.intent.operation == "RestoreBackup"
                && entry.intent.target == backup.id.description
                && entry.wasDone
                && situation.now - entry.intent.writtenAt < .hours(23)
        }?
        .intent.writtenAt
    }

    // MARK: Recording and pinning

    private func kept(
        _ backup: Backup,
        _ isRecorded: Bool,
        after earlier: Findings,
        restoredBy restore: StepID? = nil
    ) -> Findings {
        // A copy has no retention, so a pin is without effect, and its tags are its source's.
        guard !backup.isCopy else {
            guard restore == nil else { return .nothing }
            return satisfied("\(backup.id), a copy in \(backup.region), is READY")
        }
        let isPinned = backup.neverExpires || earlier.pin(of: backup.id) != nil
        var tags: [String: String] = [:]
        if !isRecorded { tags[nomination.point.recordKey] = recordedAt.description }
        if !isPinned, backup.tags[OwnershipTag.pin] == nil {
            tags[OwnershipTag.pin] = OwnershipTag.pinForRecoveryPoint
        }
        if !tags.isEmpty,
            let refusal = TagResource(.backup(backup.id), tags: tags).refusal(given: backup.tags)
        {
            return held("\(backup.id) cannot be recorded: \(refusal.message)")
        }
        guard !tags.isEmpty || !isPinned else {
            guard restore == nil else { return .nothing }
            return satisfied("\(backup.id) is READY and pinned")
        }
        let record = tags.isEmpty ? nil : recording(of: backup, tags, after: restore)
        let pin = isPinned ? nil : pinning(of: backup, after: record?.id ?? restore)
        return Findings(steps: [record, pin].compactMap(\.self))
    }

    /// The moment of the record: that of the journal where the tag is only put back.
    private var recordedAt: Timestamp {
        guard let group = situation.group else { return situation.now }
        let record = RecoveryPointRecords(situation.entries)
            .record(of: nomination.name, in: group.id)
        guard let record, record.backup == nomination.meaning.decided?.id else {
            return situation.now
        }
        return record.at
    }

    private func recording(
        of backup: Backup,
        _ tags: [String: String],
        after restore: StepID?
    ) -> DraftStep {
        DraftStep(
            id: Phase.record.draft(1_000 + rank),
            phase: .record,
            action: .tagBackup(.known(backup.id), tags: tags),
            reason: reason(
                "\(backup.id), taken \(backup.createdAt), is what \(nomination.name) means "
                    + "from now on"
            ),
            preconditions: [.backupReady(.known(backup.id))],
            postcondition: .backupTags(.known(backup.id), tags),
            after: restore.map { [$0] } ?? []
        )
    }

    private func pinning(of backup: Backup, after earlier: StepID?) -> DraftStep {
        let mark = backup.tags[OwnershipTag.pin] ?? OwnershipTag.pinForRecoveryPoint
        return DraftStep(
            id: Phase.pin.draft(1_000 + rank),
            phase: .pin,
            action: .pinBackup(.known(backup.id)),
            reason: reason(
                hasLostPin(backup)
                    ? "its pin came off; retention must not take it" : "retention must not take it"
            ),
            // The mark comes first: a pin without it would be taken for a person's.
            preconditions: [
                .backupReady(.known(backup.id)),
                .backupTags(.known(backup.id), [OwnershipTag.pin: mark]),
            ],
            postcondition: .backupPinned(.known(backup.id)),
            after: earlier.map { [$0] } ?? []
        )
    }

    /// Whether it bears our mark, and not because a run came no further than to set that.
    private func hasLostPin(_ backup: Backup) -> Bool {
        guard backup.tags[OwnershipTag.pin] != nil else { return false }
        let calls = situation.entries.filter {
            $0.intent.target == backup.id.description && $0.outcome?.result.isDone ?? false
        }
        let isMarkedOnly =
            calls.contains { $0.intent.operation == "TagResource" }
            && !calls.contains { $0.intent.operation == "ModifyBackupAttributes" }
        return !isMarkedOnly
    }

    // MARK: Lines

    private func reason(_ text: String) -> Reason {
        Reason(rule: "recovery-point", text, at: nomination.location)
    }

    private func held(_ text: String) -> Findings { .held(nomination.subject, reason(text)) }

    private func waiting(_ text: String) -> Findings { .waiting(nomination.subject, reason(text)) }

    private func satisfied(_ text: String) -> Findings {
        .satisfied(nomination.subject, "recovery-point", at: nomination.location) { text }
    }
}

extension Findings {
    /// The step that restores a backup.
    func restore(of id: BackupID) -> DraftStep? {
        steps.first { step in
            if case .restoreBackup(id, _, _) = step.action { return true }
            return false
        }
    }

    /// The step that pins a backup that is known.
    func pin(of id: BackupID) -> DraftStep? {
        steps.first { step in
            if case .pinBackup(.known(id)) = step.action { return true }
            return false
        }
    }
}
