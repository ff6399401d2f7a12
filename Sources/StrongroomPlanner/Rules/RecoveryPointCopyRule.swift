internal import CloudHSM
internal import StrongroomModel

extension Rule {
    /// Holds recovery points in the Regions asked for, whatever else is copied there.
    static let recoveryPointCopies = Rule(code: "recovery-point") { situation, earlier in
        guard let group = situation.group, !situation.desired.recoveryPoints.isEmpty else {
            return .nothing
        }
        var findings = Findings.nothing
        var number = 0
        for nomination in Nominations(situation).all {
            for region in nomination.point.regions {
                findings += RecoveryPointHolding(
                    nomination: nomination,
                    region: region.value,
                    location: region.location,
                    number: number,
                    group: group,
                    situation: situation
                )
                .findings(after: earlier + findings)
                number += 1
            }
        }
        return findings
    }
}

/// One recovery point in one Region.
private struct RecoveryPointHolding {
    let nomination: Nominations.Nomination
    let region: Region
    let location: SourceLocation
    let number: Int
    let group: ProtectionGroup
    let situation: Situation

    private var subject: String { "\(nomination.subject) in \(region)" }

    func findings(after earlier: Findings) -> Findings {
        // Which backup it is, or why that is not known, has been said of the recovery point itself.
        guard let meant = nomination.meaning.decided, meant.region != region else {
            return .nothing
        }
        if situation.unread(region) != nil { return unread("\(region) was not read") }
        // Copies are made of the origin, never of copies (fact sheet, section 10).
        let source = meant.copiedFrom ?? meant.id
        let there = group.backups.filter { $0.region == region && $0.copiedFrom == source }
        if let ready = there.first(where: \.isReady) {
            return .satisfied(subject, "recovery-point", at: location) { "\(ready.id) is READY" }
        }
        if let coming = there.first(where: { $0.state == .createInProgress }) {
            return underway(coming)
        }
        if let leaving = restorable(there) { return restored(leaving) }
        guard !earlier.copies(source, to: region) else { return .nothing }
        return copied(source, after: earlier)
    }

    private func underway(_ copy: Backup) -> Findings {
        let copiedAt = copy.origin?.copiedAt ?? copy.createdAt
        guard situation.now - copiedAt > Patience.inProgress else {
            return waiting("\(copy.id) is being copied")
        }
        return held("\(copy.id) is \(copy.state) since \(copiedAt), longer than any copy takes")
    }

    /// The copy that can be restored for longest; one that the purge wants gone is not restored.
    private func restorable(_ copies: [Backup]) -> Backup? {
        copies.filter { copy in
            guard copy.state == .pendingDeletion, let deadline = copy.deletesAt else {
                return false
            }
            let isDirty = situation.purgeCut.map { copy.createdAt < $0.cut } ?? false
            return deadline > situation.now && !isDirty
        }
        .max { ($0.deletesAt ?? $0.createdAt, $0.id) < ($1.deletesAt ?? $1.createdAt, $1.id) }
    }

    private func restored(_ copy: Backup) -> Findings {
        let deadline = copy.deletesAt ?? situation.now
        return .step(
            DraftStep(
                id: Phase.restore.draft(5_000 + number),
                phase: .restore,
                action: .restoreBackup(copy.id, in: region, until: deadline),
                reason: reason(
                    "\(copy.id) is pending deletion; \(inWords(deadline - situation.now)) are left"
                ),
                preconditions: [.backupPendingDeletion(copy.id)],
                postcondition: .backupReady(.known(copy.id))
            )
        )
    }

    private func copied(_ id: BackupID, after earlier: Findings) -> Findings {
        guard let source = group.backup(id), source.state != .deleted else {
            return held("\(id) is gone, and copies are only made of the origin")
        }
        let text = "no copy of \(id) is READY there"
        let restore = earlier.restore(of: id)
        guard source.isReady || restore != nil else {
            return waiting("\(text); \(id) is \(source.state)")
        }
        var present = source
        present.state = .ready
        let attempt = CopyAttempt(source: present, region: region, group: group)
        if let obstacle = attempt.obstacle(at: situation.now) {
            return held("\(text), but \(obstacle)")
        }
        return .step(
            CopyAttempt.step(
                Phase.copy.draft(1_000 + number),
                of: .known(id),
                to: region,
                because: reason(text),
                after: earlier.keeping(id)
            )
        )
    }

    private func reason(_ text: String) -> Reason {
        Reason(rule: "recovery-point", text, at: location)
    }

    private func unread(_ text: String) -> Findings { .unread(subject, reason(text)) }

    private func held(_ text: String) -> Findings { .held(subject, reason(text)) }

    private func waiting(_ text: String) -> Findings { .waiting(subject, reason(text)) }
}

extension Findings {
    /// The steps that restore, record or pin a backup: a copy made after them says what it is.
    fileprivate func keeping(_ id: BackupID) -> [StepID] {
        steps.filter { step in
            switch step.action {
            case .restoreBackup(id, _, _), .tagBackup(.known(id), _), .pinBackup(.known(id)): true
            case .createCluster, .initializeCluster, .addHSM, .removeHSM, .setRetention,
                .copyBackup, .deleteBackup, .restoreBackup, .pinBackup, .unpinBackup, .tagBackup,
                .untagBackup, .tagCluster, .changeType, .deleteCluster:
                false
            }
        }
        .map(\.id)
    }
}
