internal import CloudHSM
internal import StrongroomModel

/// A copy that a clone is to be made from, wanted of the group that holds the backup.
struct NeededCopy {
    let backup: BackupID

    /// The name of the cluster whose backup it is.
    let cluster: String

    /// Where the clone is to be.
    let region: Region

    /// The clone's name.
    let clone: String

    /// The manifest line that asks for the clone.
    let location: SourceLocation

    init(
        of backup: BackupID,
        cluster: String,
        to region: Region,
        for clone: String,
        at location: SourceLocation
    ) {
        self.backup = backup
        self.cluster = cluster
        self.region = region
        self.clone = clone
        self.location = location
    }
}

extension PlanPart {
    /// Adds the copy as the last step, unless the plan makes it already.
    mutating func add(_ copy: NeededCopy) {
        let destination = copy.region
        let isPlanned = plan.steps.contains { step in
            guard case .copyBackup(let source, let region) = step.action else { return false }
            return region == destination && source == .known(copy.backup)
        }
        guard !isPlanned else { return }
        let step = Step(
            id: StepID((plan.steps.last?.id.number ?? 0) + 1),
            action: .copyBackup(.known(copy.backup), to: destination),
            reason: Reason(
                rule: "clone",
                "the cluster \(copy.clone) is to be made from it",
                at: copy.location,
                cause: .manifest
            ),
            preconditions: [
                .backupReady(.known(copy.backup)),
                .notCopied(.known(copy.backup), to: destination),
            ],
            postcondition: .copyReady(of: .known(copy.backup), in: destination),
            after: []
        )
        plan = GroupPlan(
            subject: plan.subject,
            standing: plan.standing,
            steps: plan.steps + [step],
            notes: plan.notes,
            unchangedCount: plan.unchangedCount
        )
    }
}
