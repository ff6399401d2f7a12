internal import CloudHSM
internal import StrongroomModel

extension Rule {
    /// Deletes second copies of one backup, and copies that are older than asked by the age of their
    /// content: the service never does, because a copy belongs to no cluster
    /// (`UG:manage-backup-retention`).
    static let copyCleanup = Rule(code: "copy-cleanup") { situation, earlier in
        guard let group = situation.group, situation.cluster?.isActivated == true else {
            return .nothing
        }
        let nominations = Nominations(situation)
        return situation.desired.copies.enumerated().reduce(.nothing) { findings, wanted in
            findings
                + CopyCleanup(
                    wanted: wanted.element,
                    index: wanted.offset,
                    group: group,
                    nominations: nominations,
                    situation: situation
                )
                .findings(after: earlier)
        }
    }
}

/// The clean-up of one Region's copies.
private struct CopyCleanup {
    let wanted: DesiredCopies
    let index: Int
    let group: ProtectionGroup
    let nominations: Nominations
    let situation: Situation

    private var region: Region { wanted.region.value }
    private var subject: String { "old copies in \(region)" }
    private var location: SourceLocation {
        wanted.retentionDays?.location ?? wanted.region.location
    }

    func findings(after earlier: Findings) -> Findings {
        if situation.unread(region) != nil {
            return wanted.retentionDays == nil ? .nothing : unread("\(region) was not read")
        }
        // A purge chooses what goes there; what is left is looked at once it is through.
        guard !earlier.deletes(in: region) else { return .nothing }
        let ready = group.readyCopies(in: region)
        let second = secondCopies(among: ready)
        let replacement = earlier.copies(to: region).max { content(of: $0) < content(of: $1) }
        let old = oldCopies(among: ready.filter { copy in !second.contains { $0.id == copy.id } })
        let candidates = second + old
        let later = later(than: replacement, among: ready)
        guard !candidates.isEmpty else {
            if let later { return later }
            guard wanted.retentionDays != nil else { return .nothing }
            return .satisfied(subject, "copy-cleanup", at: location) { "none" }
        }
        let spare = ready.count + (replacement == nil ? 0 : 1) - wanted.floor
        let free = candidates.filter { !nominations.keep($0) }
        let going = free.prefix(max(spare, 0))
        let steps = going.enumerated().map { number, copy in
            delete(
                copy,
                number: number,
                because: second.contains { $0.id == copy.id }
                    ? foldReason(copy, ready) : ageReason(copy),
                after: replacement
            )
        }
        guard !steps.isEmpty else {
            let kept = candidates.count - free.count
            return .satisfied(subject, "copy-cleanup", at: location) {
                "\(candidates.count) stay: \(kept) as recovery points, "
                    + "the others because \(wanted.floor) must be left"
            }
        }
        return Findings(steps: steps) + (later ?? .nothing)
    }

    // MARK: What may go

    /// The copy with the youngest content, where the plan makes one that is younger: it is too old,
    /// and goes in a plan of its own, made once the new one is seen to be READY.
    private func later(than replacement: DraftStep?, among ready: [Backup]) -> Findings? {
        guard
            let days = wanted.retentionDays, let last = ready.last, let replacement,
            last.createdAt < situation.now - .days(days.value),
            content(of: replacement) > last.createdAt, !nominations.keep(last)
        else { return nil }
        let text = "\(last.id) is too old, and goes in a later plan, once the new copy is READY"
        return .waiting(subject, Reason(rule: "copy-cleanup", text, at: location), turn: .run)
    }

    /// Of two copies of one backup the one that was copied later, oldest content first.
    private func secondCopies(among ready: [Backup]) -> [Backup] {
        ready.filter { copy in first(of: copy, among: ready).map { $0.id != copy.id } ?? false }
    }

    /// The copy of the same backup that was made first; one that is nominated goes before.
    private func first(of copy: Backup, among ready: [Backup]) -> Backup? {
        ready.filter { $0.copiedFrom == copy.copiedFrom }.min { left, right in
            let nominated = (isNominated(left) ? 0 : 1, isNominated(right) ? 0 : 1)
            let times = (left.origin?.copiedAt, right.origin?.copiedAt)
            return (nominated.0, times.0 ?? left.createdAt, left.id)
                < (nominated.1, times.1 ?? right.createdAt, right.id)
        }
    }

    /// Whether a recovery point names the copy itself.
    private func isNominated(_ copy: Backup) -> Bool {
        nominations.all.contains { $0.meaning.decided?.id == copy.id }
    }

    /// The copies older than asked, without the one with the youngest content.
    private func oldCopies(among ready: [Backup]) -> [Backup] {
        guard let days = wanted.retentionDays else { return [] }
        let horizon = situation.now - .days(days.value)
        return ready.dropLast().filter { $0.createdAt < horizon }
    }

    /// How young the content is that a step copies; that of a backup which the plan causes is of now.
    private func content(of step: DraftStep) -> Timestamp {
        guard case .copyBackup(.known(let id), _) = step.action, let source = group.backup(id)
        else { return situation.now }
        return source.createdAt
    }

    private func ageReason(_ copy: Backup) -> String {
        "its content is \(inWords(situation.now - copy.createdAt)) old, at most "
            + "\(wanted.retentionDays?.value ?? 0) days asked for; \(wanted.floor) or more are left"
    }

    private func foldReason(_ copy: Backup, _ ready: [Backup]) -> String {
        let kept = first(of: copy, among: ready)?.id.description ?? "another"
        return "it is a second copy of \(copy.copiedFrom?.description ?? "a backup"); "
            + "\(kept), copied before it, is kept"
    }

    private func delete(
        _ copy: Backup,
        number: Int,
        because text: String,
        after replacement: DraftStep?
    ) -> DraftStep {
        DraftStep(
            id: Phase.deleteCopies.draft(index * 10_000 + number),
            phase: .deleteCopies,
            action: .deleteBackup(copy.id, in: region, createdAt: copy.createdAt),
            reason: Reason(rule: "copy-cleanup", text, at: location),
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

    private func unread(_ text: String) -> Findings {
        .unread(subject, Reason(rule: "copy-cleanup", text, at: location))
    }

    private func held(_ text: String) -> Findings {
        .held(subject, Reason(rule: "copy-cleanup", text, at: location))
    }
}

extension Findings {
    /// Whether something is deleted in a Region.
    fileprivate func deletes(in region: Region) -> Bool {
        steps.contains { step in
            if case .deleteBackup(_, region, _) = step.action { return true }
            return false
        }
    }
}
