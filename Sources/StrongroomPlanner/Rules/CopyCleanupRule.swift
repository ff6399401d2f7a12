internal import CloudHSM
internal import StrongroomModel

extension Rule {
    /// Deletes copies that are older than asked, by the age of their content: the service never
    /// does, because a copy belongs to no cluster (`UG:manage-backup-retention`).
    static let copyCleanup = Rule(code: "copy-cleanup") { situation, earlier in
        guard let group = situation.group, situation.cluster?.isActivated == true else {
            return .nothing
        }
        return situation.desired.copies.enumerated().reduce(.nothing) { findings, wanted in
            guard let days = wanted.element.retentionDays else { return findings }
            return findings
                + CopyCleanup(
                    wanted: wanted.element,
                    days: days,
                    index: wanted.offset,
                    group: group,
                    situation: situation
                )
                .findings(after: earlier)
        }
    }
}

/// The clean-up of one Region's copies.
private struct CopyCleanup {
    let wanted: DesiredCopies
    let days: Located<Int>
    let index: Int
    let group: ProtectionGroup
    let situation: Situation

    private var region: Region { wanted.region.value }
    private var subject: String { "old copies in \(region)" }

    func findings(after earlier: Findings) -> Findings {
        if let reason = situation.unread(region) {
            return held("\(region) was not read whole: \(reason)")
        }
        let horizon = situation.now - .days(days.value)
        guard group.backups.contains(where: { isOldCopy($0, horizon) }) else {
            return .satisfied(subject, "copy-cleanup", at: days.location) { "none" }
        }
        let ready = group.readyCopies(in: region)
        let old = ready.filter { isOldCopy($0, horizon) && $0.id != ready.last?.id }
        let kept = old.filter(mayBeRecoveryPoint)
        let replacement = earlier.steps.first { step in
            if case .copyBackup(_, let destination) = step.action { return destination == region }
            return false
        }
        let spare = ready.count + (replacement == nil ? 0 : 1) - wanted.floor
        let going = old.filter { !mayBeRecoveryPoint($0) }.prefix(max(spare, 0))
        let steps = going.enumerated().map { delete($1, number: $0, after: replacement) }
        guard !steps.isEmpty else {
            return .satisfied(subject, "copy-cleanup", at: days.location) {
                "\(old.count) stay: \(kept.count) as recovery points, "
                    + "the others because \(wanted.floor) must be left"
            }
        }
        return Findings(steps: steps)
    }

    private func isOldCopy(_ backup: Backup, _ horizon: Timestamp) -> Bool {
        backup.isReady && backup.isCopy && backup.region == region && backup.createdAt < horizon
    }

    /// Whether a nomination names the copy, its source, or may still turn out to mean it.
    private func mayBeRecoveryPoint(_ copy: Backup) -> Bool {
        situation.desired.recoveryPoints.contains { point in
            switch point.selector {
            case .backup(let id): id == copy.id || id == copy.copiedFrom
            case .takenBefore(let moment): copy.createdAt < moment
            case .takenAfter(let moment): copy.createdAt > moment
            case .newest: true
            }
        }
    }

    private func delete(_ copy: Backup, number: Int, after replacement: DraftStep?) -> DraftStep {
        let age = inWords(situation.now - copy.createdAt)
        return DraftStep(
            id: Phase.deleteCopies.draft(index * 10_000 + number),
            phase: .deleteCopies,
            action: .deleteBackup(copy.id, in: region, createdAt: copy.createdAt),
            reason: Reason(
                rule: "copy-cleanup",
                "its content is \(age) old, at most \(days.value) days asked for; "
                    + "\(wanted.floor) or more are left",
                at: days.location
            ),
            preconditions: [
                .backupReady(.known(copy.id)),
                .readyBackupsApart(from: copy.id, in: region, atLeast: wanted.floor),
                // The copy itself, and another with the same content or younger.
                .readyContent(in: region, since: copy.createdAt, atLeast: 2),
            ],
            postcondition: .backupGone(copy.id),
            after: replacement.map { [$0.id] } ?? []
        )
    }

    private func held(_ text: String) -> Findings {
        .held(subject, Reason(rule: "copy-cleanup", text, at: days.location))
    }
}
