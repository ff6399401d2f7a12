internal import CloudHSM
internal import StrongroomModel

/// One copy of a backup that is there to one Region: what stands in its way, and its step.
struct CopyAttempt {
    let source: Backup
    let region: Region
    let group: ProtectionGroup

    /// Why the copy is not asked for: the service would refuse it, or keeps failing at it.
    ///
    /// A failed copy is DELETED (`UG:copy-backup-to-region`); it is tried again so many times.
    ///
    /// - Parameter now: The moment planned for.
    /// - Returns: The reason; `nil` if it can be asked for.
    func obstacle(at now: Timestamp) -> String? {
        if let refusal = CopyBackup(backup: source.id, to: region).refusal(on: source) {
            return "the service would refuse: \(refusal.message)"
        }
        let since = now - Patience.failures
        let failed = group.copies(in: region, .deleted).count { copy, copiedAt in
            copy.copiedFrom == source.id && copiedAt > since
        }
        guard failed >= Patience.attempts else { return nil }
        return "\(failed) copies of it failed within a day"
    }

    /// The step, which never makes a second copy of a source in a Region.
    static func step(
        _ id: StepID,
        of source: BackupReference,
        to region: Region,
        because reason: Reason,
        after: [StepID]
    ) -> DraftStep {
        DraftStep(
            id: id,
            phase: .copy,
            action: .copyBackup(source, to: region),
            reason: reason,
            preconditions: [.backupReady(source), .notCopied(source, to: region)],
            postcondition: .copyReady(of: source, in: region),
            after: after
        )
    }
}

/// How long the service may take, and how often it may fail, before a person has to look.
enum Patience {
    /// The longest time a backup or copy is taken to be in progress; the service names none, and
    /// minutes are usual (fact sheet, section 17).
    static let inProgress = Duration.hours(24)

    /// How often one backup is copied to one Region in vain, and in what time.
    static let attempts = 3
    static let failures = Duration.hours(24)
}

extension ProtectionGroup {
    /// The copies in a Region that are in a state, and when each was copied.
    func copies(
        in region: Region,
        _ state: BackupState
    ) -> [(copy: Backup, copiedAt: Timestamp)] {
        backups.filter { $0.region == region && $0.isCopy && $0.state == state }
            .compactMap { copy in copy.origin.map { (copy, $0.copiedAt) } }
    }
}

extension Findings {
    /// The steps that copy a backup to a Region.
    func copies(to region: Region) -> [DraftStep] {
        steps.filter { step in
            if case .copyBackup(_, region) = step.action { return true }
            return false
        }
    }

    /// Whether a backup that is known is copied to a Region.
    func copies(_ id: BackupID, to region: Region) -> Bool {
        copies(to: region).contains { step in
            if case .copyBackup(.known(id), _) = step.action { return true }
            return false
        }
    }
}
