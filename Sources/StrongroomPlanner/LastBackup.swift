internal import CloudHSM
internal import StrongroomModel

/// The backup that is all there is of a cluster once it has no HSM: awaited, recorded and pinned.
///
/// The tag comes before the pin: a pin with it is ours, one without is a person's and stays.
struct LastBackup {
    let situation: Situation
    let group: ProtectionGroup
    let rule: String
    let subject: String

    /// What it is pinned for: the value of ``OwnershipTag/pin``.
    let purpose: String
    let location: SourceLocation?

    /// Where the last backup of a cluster without HSMs stands.
    enum Standing {
        /// It is not READY yet, it is lost, or nobody can tell which it is.
        case open(Findings)
        /// It is READY; the steps that keep it, none if it is kept.
        case known(Backup, steps: [DraftStep])
        /// The cluster has no backup of its own.
        case none
    }

    /// Where it stands.
    var standing: Standing {
        guard let newest = group.newestOwnBackup else { return .none }
        switch newest.state {
        case .ready:
            if let removal = situation.lastRemoval, !removal.isIn(newest), !isAccepted(newest) {
                let text = "the backup that the removal of \(removal.hsm) makes is not READY"
                let way = "to go on with \(newest.id), write resumeFrom: \(newest.id)"
                return .open(waitOrHold(text, since: removal.at, or: way))
            }
            return .known(newest, steps: keeping(newest))
        case .createInProgress:
            return .open(waitOrHold("\(newest.id) is not READY", since: newest.createdAt))
        case .pendingDeletion:
            let end = newest.deletesAt.map { " for ever at \($0)" } ?? ""
            let text = "\(newest.id), its newest backup, goes\(end); restore it"
            return .open(note(.held, text))
        case .deleted, .unrecognised:
            let text = "\(newest.id), its newest backup, is \(newest.state)"
            return .open(note(.held, text))
        }
    }

    /// A person may accept that what was made since an older backup is lost.
    private func isAccepted(_ backup: Backup) -> Bool {
        situation.desired.resumeFrom?.value == backup.id
    }

    /// What keeps the backup that a removal in the same plan makes.
    func keeping(whatMakes removal: DraftStep) -> [DraftStep] {
        let backup = BackupReference.caused(by: removal.id)
        let tagging = tag(backup, "the removal of the last HSM makes it", after: [removal.id])
        return [tagging, pin(backup, after: [removal.id, tagging.id])]
    }

    /// What keeps a backup that is READY.
    private func keeping(_ backup: Backup) -> [DraftStep] {
        let reference = BackupReference.known(backup.id)
        let mark = backup.tags[OwnershipTag.pin]
        let isHandedOver = mark == OwnershipTag.pinForParking && mark != purpose
        guard backup.neverExpires || mark != nil else {
            let tagging = tag(reference, "it holds what the cluster holds", after: [])
            return [tagging, pin(reference, after: [tagging.id])]
        }
        if isHandedOver {
            let tagging = tag(reference, "it was pinned for a parked cluster", after: [])
            return [tagging]
                + (backup.neverExpires ? [] : [pin(reference, after: [tagging.id])])
        }
        return backup.neverExpires ? [] : [pin(reference, after: [], marked: mark ?? purpose)]
    }

    private func tag(
        _ backup: BackupReference,
        _ text: String,
        after: [StepID]
    ) -> DraftStep {
        // What is left of a cluster that is gone has to say by itself whose it was.
        let owner = purpose == OwnershipTag.pinForDeletion ? group.ownership : [:]
        let tags = owner.merging([OwnershipTag.pin: purpose]) { _, own in own }
        return DraftStep(
            id: Phase.keepLast.draft(0),
            phase: .keepLast,
            action: .tagBackup(backup, tags: tags),
            reason: Reason(rule: rule, "\(text), and its pin is to be known as ours", at: location),
            preconditions: [.clusterExists, .backupReady(backup)],
            postcondition: .backupTags(backup, tags),
            after: after
        )
    }

    private func pin(
        _ backup: BackupReference,
        after: [StepID],
        marked mark: String? = nil
    ) -> DraftStep {
        let tags = [OwnershipTag.pin: mark ?? purpose]
        return DraftStep(
            id: Phase.keepLast.draft(1),
            phase: .keepLast,
            action: .pinBackup(backup),
            reason: Reason(rule: rule, "nothing else holds what the cluster holds", at: location),
            preconditions: [.clusterExists, .backupReady(backup), .backupTags(backup, tags)],
            postcondition: .backupPinned(backup),
            after: after
        )
    }

    private func waitOrHold(
        _ text: String,
        since: Timestamp,
        or way: String? = nil
    ) -> Findings {
        guard situation.now - since > Patience.inProgress else { return note(.waiting, text) }
        let end = way.map { "; \($0)" } ?? ""
        return note(.held, "\(text) since \(since), longer than any backup takes\(end)")
    }

    private func note(_ kind: Note.Kind, _ text: String) -> Findings {
        Findings(notes: [Note(kind, subject, Reason(rule: rule, text, at: location))])
    }
}
