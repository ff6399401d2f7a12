internal import CloudHSM
public import StrongroomModel

/// What the reading of one group's plan found, and what it means to other groups.
public struct GroupProof: Sendable {
    /// What the plan is about.
    public let subject: PlanSubject

    /// How many steps were read.
    public internal(set) var stepCount = 0

    /// What breaks a promise within the group.
    public internal(set) var findings: [Proof.Finding] = []

    /// Per promise that the group's steps concern, the worst case.
    var worstCases: [Promise: Proof.WorstCase] = [:]

    /// What the reading started from; `nil` without steps.
    var facts: Proof.GroupFacts?

    /// The manifest's name.
    let name: String?

    /// Whether a cluster stands there.
    let isLiving: Bool

    /// The backups that go by the group's own steps, with those steps.
    var losses: [BackupID: StepID] = [:]

    /// How many backups the steps say they lose, every mention counted.
    var lossCount = 0

    /// The cluster the plan makes.
    var creation: Creation?

    /// The backup the cluster still needs, having none of its own (fact sheet, section 9).
    let neededSource: BackupID?

    /// The name under which clones are made from it, and the backups they can be made from.
    let offers: Offers?

    /// A cluster that a step makes.
    struct Creation: Sendable {
        let step: StepID
        let source: BackupID?
        let region: Region
        let sourceName: String?
    }

    /// What a group has for clones.
    struct Offers: Sendable {
        let name: String
        let ready: [BackupID: Region]
    }

    init(subject: PlanSubject, name: String?, group: ProtectionGroup?, isSource: String?) {
        self.subject = subject
        self.name = name
        let cluster = group?.livingCluster
        isLiving = cluster != nil
        let source = cluster?.sourceBackup
        let hasOwn =
            source == nil || group?.backups.contains { $0.isReady && !$0.isCopy } ?? false
        neededSource = hasOwn ? nil : source
        offers = isSource.map { name in
            let ready = (group?.backups ?? []).filter(\.isReady).map { ($0.id, $0.region) }
            return Offers(name: name, ready: Dictionary(ready) { first, _ in first })
        }
    }
}

extension GroupProof {
    /// Reads every promise in turn.
    mutating func read(_ scene: Scene) {
        for step in scene.plan.steps {
            for id in step.action.lostBackups { losses[id] = step.id }
            lossCount += step.action.lostBackups.count
        }
        creation = scene.creation
        let walk = LossWalk(scene)
        var readings = [
            CertaintyPromise(scene: scene).reading,
            RecoveryPointPromise(scene: scene).reading,
            OwnershipPromise(scene: scene).reading,
            RepeatsPromise(scene: scene).reading,
            BudgetsPromise(scene: scene).reading,
            CopiesFirst(scene: scene).reading,
        ]
        if let broken = scene.brokenOrder {
            // Nothing can be said of what comes when while the order itself makes no sense.
            readings.append(Reading(.replacements, broken: broken, in: scene))
        } else {
            readings += walk.readings
            readings.append(HSMPromise(scene: scene).reading)
            readings.append(ClusterDeletion(scene: scene).reading)
        }
        for reading in readings {
            findings += reading.findings
            for worst in reading.worstCases { keep(worst) }
        }
        facts = scene.facts(walk)
    }

    private mutating func keep(_ worst: Proof.WorstCase) {
        guard let known = worstCases[worst.promise] else {
            worstCases[worst.promise] = worst
            return
        }
        if worst.isWorse(than: known) { worstCases[worst.promise] = worst }
    }
}

extension Proof.WorstCase {
    /// Whether it comes closer to breaking its promise: by its margin, else by being first.
    func isWorse(than other: Proof.WorstCase) -> Bool {
        guard let margin else { return false }
        guard let known = other.margin else { return true }
        return margin < known
    }
}
