internal import CloudHSM
internal import StrongroomModel

/// What every promise is read from: one group as desired and as observed, its plan, and the order
/// that the plan allows.
final class Scene: Sendable {
    /// How far two clocks may differ.
    static let skew = Duration.minutes(1)

    let fleet: DesiredFleet
    let context: PlanContext
    let desired: DesiredCluster
    let group: ProtectionGroup?
    let plan: GroupPlan
    let entries: [JournalEntry]
    let clockRanBack: Bool
    let cluster: Cluster?

    /// Where each step stands in the plan.
    let positions: [StepID: Int]

    /// The group's backups by id.
    let backups: [BackupID: Backup]

    /// What makes the plan's order senseless, if anything.
    let brokenOrder: (text: String, steps: [StepID])?

    let nominations: Nominations

    /// Backups that steps say go.
    let announced: Set<BackupID>

    /// Backups that steps pin.
    let pinned: Set<BackupID>

    /// Backups that steps unpin.
    let unpinned: Set<BackupID>

    /// Where each backup is copied to by steps.
    let copiedTo: [BackupID: [Region]]

    init(
        fleet: DesiredFleet,
        context: PlanContext,
        desired: DesiredCluster,
        group: ProtectionGroup?,
        plan: GroupPlan,
        entries: [JournalEntry],
        clockRanBack: Bool
    ) {
        self.fleet = fleet
        self.context = context
        self.desired = desired
        self.group = group
        self.plan = plan
        self.entries = entries
        self.clockRanBack = clockRanBack
        cluster = group?.livingCluster
        var positions: [StepID: Int] = [:]
        var broken: (text: String, steps: [StepID])?
        for (index, step) in plan.steps.enumerated() {
            if let stray = step.after.first(where: { positions[$0] == nil }) {
                broken =
                    broken ?? (
                        "step \(step.id) is to come after \(stray), which is not before it",
                        [step.id]
                    )
            }
            if positions.updateValue(index, forKey: step.id) != nil {
                broken = broken ?? ("two steps have the number \(step.id)", [step.id])
            }
        }
        self.positions = positions
        brokenOrder = broken
        let rows = (group?.backups ?? []).map { ($0.id, $0) }
        backups = Dictionary(rows) { first, _ in first }
        var pinned: Set<BackupID> = []
        var unpinned: Set<BackupID> = []
        var copiedTo: [BackupID: [Region]] = [:]
        for step in plan.steps {
            if case .unpinBackup(let id, _, _) = step.action { unpinned.insert(id) }
            if case .pinBackup(.known(let id)) = step.action { pinned.insert(id) }
            guard case .copyBackup(.known(let id), let region) = step.action else { continue }
            copiedTo[id, default: []].append(region)
        }
        self.pinned = pinned
        announced = Set(plan.steps.flatMap(\.action.lostBackups))
        self.unpinned = unpinned
        self.copiedTo = copiedTo
        nominations = Nominations(
            desired: desired,
            backups: group?.backups ?? [],
            recordedBy: plan.steps.prefix { $0.action.lostBackups.isEmpty }
        )
    }
}

extension Scene {
    var now: Timestamp { context.now }
    var home: Place { group?.id.home ?? desired.home }
    var steps: [Step] { plan.steps }

    var isAbsent: Bool {
        if case .absent = desired.ensure.value { return true }
        return false
    }

    /// Whether the cluster may go with nothing left of it: it was never activated.
    var needsNoFinalBackup: Bool {
        if case .absent(_, FinalBackup.none) = desired.ensure.value { return true }
        return false
    }

    /// Whether the backup holds what a purge is for.
    ///
    /// Only content time counts, never the time of the copying (fact sheet, section 14).
    func isDirty(_ backup: Backup) -> Bool {
        desired.purge.map { backup.createdAt <= $0.value.materialRemovedAt } ?? false
    }

    /// Whether the backup may hold what a purge is for: what was removed may reach a backup late.
    func mayHold(_ backup: Backup) -> Bool {
        desired.purge.map { backup.createdAt <= $0.value.materialRemovedAt + .hours(1) } ?? false
    }

    /// Whether a manifest asks for a backup to go, judged by the age of its content alone.
    func isAsked(_ backup: Backup) -> Bool {
        if mayHold(backup) { return true }
        guard
            backup.isCopy,
            let copies = desired.copies.first(where: { $0.region.value == backup.region })
        else { return false }
        if hasTwin(backup) { return true }
        guard let days = copies.retentionDays?.value else { return false }
        return backup.createdAt <= now - .days(days)
    }

    /// Whether another READY copy of the same backup lies in the same Region: one is enough.
    private func hasTwin(_ copy: Backup) -> Bool {
        group?.backups.contains { other in
            other.isReady && other.id != copy.id && other.region == copy.region
                && other.copiedFrom == copy.copiedFrom
        } ?? false
    }

    /// The steps that must be done before the step at a position may be begun, near or far.
    ///
    /// The order is that of ``GroupPlan/predecessors(of:)``: what a step names, and for one that
    /// loses backups every step before it.
    func ancestors(of position: Int) -> Set<Int> {
        var found: Set<Int> = []
        var open = [position]
        while let next = open.popLast() {
            let step = steps[next]
            let before =
                step.action.lostBackups.isEmpty
                ? step.after.compactMap { positions[$0] } : Array(0..<next)
            for earlier in before where found.insert(earlier).inserted { open.append(earlier) }
        }
        return found
    }

    /// The cluster that the plan makes, and what it is made from.
    var creation: GroupProof.Creation? {
        for step in steps {
            guard case .createCluster(let request) = step.action else { continue }
            return GroupProof.Creation(
                step: step.id,
                source: request.sourceBackup,
                region: home.region,
                sourceName: desired.restoreFrom?.value.cluster
            )
        }
        return nil
    }

    func facts(_ walk: LossWalk) -> Proof.GroupFacts {
        let asked = HSMPromise(scene: self)
        return Proof.GroupFacts(
            subject: plan.subject,
            backups: walk.counts,
            hsms: Proof.GroupFacts.Count(there: asked.healthy, floor: asked.bar)
        )
    }
}
