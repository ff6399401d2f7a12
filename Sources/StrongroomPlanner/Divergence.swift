internal import CloudHSM
internal import StrongroomModel

extension PlanPart {
    /// Says that a clone was made from another backup than its manifest names now.
    ///
    /// A clone that is there is never made again from another: it has diverged since its first
    /// moment (fact sheet, section 11).
    ///
    /// - Parameters:
    ///   - desired: Its manifest.
    ///   - sources: The groups that others are made from, by name.
    ///   - origins: The manifests, by name.
    mutating func noteOtherSource(
        _ desired: DesiredCluster,
        among sources: [String: ProtectionGroup],
        _ origins: [String: DesiredCluster]
    ) {
        guard
            let cluster = clone, let made = cluster.sourceBackup,
            let wanted = desired.restoreFrom, let point = wanted.value.recoveryPoint,
            let group = sources[wanted.value.cluster], let origin = origins[wanted.value.cluster]
        else { return }
        let search = CloneSearch(
            source: wanted.value,
            group: group,
            origin: origin,
            region: desired.region.value,
            lostHome: nil
        )
        // A backup that is no longer listed may well be the one that is meant.
        guard let meant = search.resolved(point), let source = group.backup(made),
            source.id != meant, source.copiedFrom != meant
        else { return }
        var manifest = CloneManifest(of: desired, on: cluster)
        manifest.source = wanted.value.cluster
        manifest.recoveryPoint = point
        let text = "it was made from \(made), fixed at creation; a clone is never refreshed"
        add(
            Note(
                .held,
                "source",
                Reason(rule: "immutable", text, at: wanted.location),
                suggestion: manifest.text
            )
        )
    }

    /// Adds a line that can be told only once other groups are known.
    mutating func add(_ note: Note) {
        plan = GroupPlan(
            subject: plan.subject,
            standing: plan.standing,
            steps: plan.steps,
            notes: plan.notes + [note],
            unchangedCount: plan.unchangedCount
        )
    }
}
