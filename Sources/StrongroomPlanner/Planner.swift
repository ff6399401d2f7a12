internal import CloudHSM
public import StrongroomModel

/// Compares what is desired with what is observed, group by group, and joins the parts to a plan.
///
/// A pure function: the same fleet, context and groups give the same plan, in whatever order and
/// on however many threads the groups are planned.
public struct Planner: Sendable {
    /// Whether aspects that are as they should be get lines of their own, or are only counted.
    public enum Detail: Sendable {
        /// Only what is to be done, waits or is held.
        case differences
        /// Everything.
        case everything
    }

    private let fleet: DesiredFleet
    private let context: PlanContext
    private let detail: Detail
    private let entries: EntriesBySubject
    private let byCluster: [ClusterID: Int]
    private let byName: [String: Int]

    /// Prepares to plan for a fleet.
    ///
    /// - Parameters:
    ///   - fleet: What is desired.
    ///   - context: The clock, and what is uncertain.
    ///   - detail: Whether unchanged aspects get lines of their own.
    public init(
        fleet: DesiredFleet,
        context: PlanContext,
        detail: Detail = .differences
    ) {
        self.fleet = fleet
        self.context = context
        self.detail = detail
        entries = EntriesBySubject(context.recentEntries)
        var byCluster: [ClusterID: Int] = [:]
        var byName: [String: Int] = [:]
        for (index, cluster) in fleet.clusters.enumerated() {
            byName[cluster.name.value] = index
            if let id = cluster.clusterID { byCluster[id.value] = index }
        }
        self.byCluster = byCluster
        self.byName = byName
    }

    /// Plans one group that exists.
    ///
    /// - Parameter group: The group as observed.
    /// - Returns: Its part, to be given to ``assemble(_:)``.
    public func part(for group: ProtectionGroup) -> PlanPart {
        guard let index = desiredIndex(of: group) else { return unmanaged(group) }
        return part(for: fleet.clusters[index], group: group, context)
    }

    /// Joins the parts of every group that exists, and plans the clusters that have none.
    ///
    /// What looks across groups happens here: names claimed twice, sources of clones, freeze,
    /// quotas and budgets.
    ///
    /// - Parameters:
    ///   - parts: One part for every group of the inventory that could be read, in any order.
    ///   - unread: The groups that could not be read, and why: what they may be is not made anew.
    /// - Returns: The plan.
    public func assemble(_ parts: [PlanPart], unread: [GroupID: String] = [:]) -> Plan {
        var context = context
        context.unreadGroups.merge(unread) { _, new in new }
        let parts = parts.withoutSuperseded
        let planned = Set(parts.compactMap(\.desiredName))
        let missing = fleet.clusters.filter { !planned.contains($0.name.value) }
            .map { part(for: $0, group: nil, context) }
        let sorted = (parts + missing).sorted { $0.plan.subject < $1.plan.subject }
        let guarded = Safeguards(fleet: fleet, context: context).applied(to: sorted)
        return Plan(fleet: fleet.name.value, now: context.now, groups: guarded)
    }

    /// Plans a whole fleet at once, for callers that hold it in memory.
    ///
    /// - Parameter groups: Every group, in any order.
    /// - Returns: The plan.
    public func plan(for groups: [ProtectionGroup]) -> Plan {
        assemble(groups.map { part(for: $0) })
    }

    /// The manifest that means a group: by cluster id, else by the name in our tag.
    ///
    /// Where it lives plays no part: a manifest that says another Region still means it.
    private func desiredIndex(of group: ProtectionGroup) -> Int? {
        if let index = byCluster[group.id.cluster] { return index }
        guard
            let name = group.ownedName, let index = byName[name],
            group.cluster?.tags[OwnershipTag.fleet] == fleet.name.value,
            fleet.clusters[index].clusterID == nil
        else { return nil }
        return index
    }

    private func part(
        for desired: DesiredCluster,
        group: ProtectionGroup?,
        _ context: PlanContext
    ) -> PlanPart {
        let situation = situation(of: desired, group, context)
        let findings = (unsettled(situation) ?? Rule.findings(in: situation))
            .explained(in: situation)
        let steps = ordered(findings.steps)
        let lines = detail == .everything ? findings.satisfied.map(\.note) : []
        return PlanPart(
            plan: GroupPlan(
                subject: PlanSubject(
                    name: desired.name.value,
                    home: group?.id.home ?? desired.home,
                    cluster: group?.id.cluster
                ),
                standing: .managed,
                steps: steps,
                notes: findings.notes + lines,
                unchangedCount: findings.satisfied.count
            ),
            desiredName: desired.name.value,
            usage: GroupUsage(group, counting: steps.contains { !$0.action.lostBackups.isEmpty })
        )
    }

    /// What rules see of a group; `nil` if no manifest means it.
    func situation(of group: ProtectionGroup) -> Situation? {
        desiredIndex(of: group).map { situation(of: fleet.clusters[$0], group, context) }
    }

    private func situation(
        of desired: DesiredCluster,
        _ group: ProtectionGroup?,
        _ context: PlanContext
    ) -> Situation {
        Situation(
            desired: desired,
            fleet: fleet,
            context: context,
            group: group,
            entries: group.map(entries.of) ?? entries.ofCreating(desired)
        )
    }

    /// A group that no manifest names: shown, never touched.
    private func unmanaged(_ group: ProtectionGroup) -> PlanPart {
        let isOurs =
            group.ownedName != nil && group.cluster?.tags[OwnershipTag.fleet] == fleet.name.value
        return PlanPart(
            plan: GroupPlan(
                subject: PlanSubject(
                    name: group.ownedName,
                    home: group.id.home,
                    cluster: group.id.cluster
                ),
                standing: isOurs ? .orphan : .foreign,
                steps: [],
                notes: [],
                unchangedCount: 0
            ),
            desiredName: nil,
            usage: GroupUsage(group, counting: false)
        )
    }
}

extension Rule {
    /// What all rules find, up to one after which nothing else may be planned.
    fileprivate static func findings(in situation: Situation) -> Findings {
        var findings = Findings.nothing
        for rule in all where !findings.isFinal {
            findings += rule.find(situation, findings)
        }
        return findings
    }

    /// Every rule, in the order in which later ones look at what earlier ones found.
    fileprivate static let all: [Rule] = [
        presence, creation, hsmCount, initialization, immutable, tags, retention, freshness,
        copies, copyCleanup, recoveryPoints, purge,
    ]
}

/// One group's plan before what looks across groups, and what that needs to know of the group.
public struct PlanPart: Sendable {
    var plan: GroupPlan
    let desiredName: String?
    let usage: GroupUsage
}

extension [PlanPart] {
    /// The same, with clusters that are gone as orphans where a living one has their name.
    fileprivate var withoutSuperseded: [PlanPart] {
        let living = Set(lazy.filter { $0.usage.clusters > 0 }.compactMap(\.desiredName))
        return map { part in
            guard let name = part.desiredName, part.usage.clusters == 0, living.contains(name)
            else {
                return part
            }
            let plan = GroupPlan(
                subject: part.plan.subject,
                standing: .orphan,
                steps: [],
                notes: [],
                unchangedCount: 0
            )
            return PlanPart(plan: plan, desiredName: nil, usage: part.usage)
        }
    }
}

/// What a group takes of its place, and which backup it still depends on.
struct GroupUsage: Sendable {
    let clusters: Int
    let hsms: Int

    /// A clone without a READY backup of its own still needs its source (fact sheet, section 9).
    let neededSource: BackupID?

    /// READY backups per Region, for the ratio of deletions; empty where none is planned.
    let ready: [Region: Int]

    init(_ group: ProtectionGroup?, counting countsReady: Bool) {
        clusters = group?.livingCluster == nil ? 0 : 1
        hsms = group?.livingCluster?.presentHSMs.count ?? 0
        let source = group?.livingCluster?.sourceBackup
        let hasOwn = group?.backups.contains { $0.isReady } ?? false
        neededSource = hasOwn ? nil : source
        var ready: [Region: Int] = [:]
        for backup in countsReady ? group?.backups ?? [] : [] where backup.isReady {
            ready[backup.region, default: 0] += 1
        }
        self.ready = ready
    }
}
