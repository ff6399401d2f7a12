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

    /// The clusters that others are to be made from.
    private let sourceNames: Set<String>

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
        sourceNames = Set(fleet.clusters.compactMap { $0.restoreFrom?.value.cluster })
    }

    /// Plans one group that exists.
    ///
    /// - Parameter group: The group as observed.
    /// - Returns: Its part, to be given to ``assemble(_:)``.
    public func part(for group: ProtectionGroup) -> PlanPart {
        guard let index = desiredIndex(of: group) else { return unmanaged(group) }
        return part(for: fleet.clusters[index], group: group, from: [:], context)
    }

    /// Joins the parts of every group that exists, and plans the clusters that have none.
    ///
    /// What looks across groups happens here: names claimed twice, sources of clones, freeze,
    /// quotas and budgets.
    ///
    /// - Parameters:
    ///   - parts: One part for every group of the inventory that could be read, in any order.
    ///   - unread: The groups that could not be read, and why: what they may be is not made anew.
    ///   - memoryDoubt: Why our own memory may be older than what the groups show.
    /// - Returns: The plan.
    public func assemble(
        _ parts: [PlanPart],
        unread: [GroupID: UnreadReason] = [:],
        memoryDoubt: String? = nil
    ) -> Plan {
        var context = context
        context.unreadGroups.merge(unread) { _, new in new }
        context.memoryDoubt = context.memoryDoubt ?? memoryDoubt
        let parts = parts.withoutSuperseded
        let planned = Set(parts.compactMap(\.desiredName))
        let sources = Dictionary(
            parts.compactMap { part in part.source.map { (part.desiredName ?? "", $0) } }
        ) { first, _ in first }
        let missing = fleet.clusters.filter { !planned.contains($0.name.value) }
            .map { part(for: $0, group: nil, from: sources, context) }
        let sorted = (parts.filter { !$0.isEmpty }.map { noted($0, among: sources) } + missing)
            .sorted { $0.plan.subject < $1.plan.subject }
            .withNeededCopies
            .withClonesOfThePurged
        let guarded = Safeguards(fleet: fleet, context: context).applied(to: sorted)
        return Plan(
            fleet: fleet.name.value,
            now: context.now,
            groups: guarded.filter { !isUnknown($0) },
            unreadPlaces: context.unreadPlaces,
            observedAt: context.observedAt
        )
    }

    /// Whether nothing is known of a stranger but what lies outside its home, which was not read: it
    /// may be ours, and that its home was not read is said already.
    private func isUnknown(_ group: GroupPlan) -> Bool {
        group.standing == .foreign && context.unreadPlaces[group.subject.home] != nil
    }

    /// A part with what can be said only once the other groups are known.
    private func noted(
        _ part: PlanPart,
        among sources: [String: ProtectionGroup]
    ) -> PlanPart {
        guard part.clone != nil, let index = part.desiredName.flatMap({ byName[$0] }) else {
            return part
        }
        var part = part
        let desired = fleet.clusters[index]
        let origins = desired.restoreFrom.flatMap { wanted in
            byName[wanted.value.cluster].map { [wanted.value.cluster: fleet.clusters[$0]] }
        }
        part.noteOtherSource(desired, among: sources, origins ?? [:])
        return part
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
        if let name = group.ownedName, group.ownedFleet == fleet.name.value {
            return index(ofUnclaimed: name)
        }
        // Where its home is lost, the last run may still know what it was.
        guard group.cluster == nil, let name = context.seen?[group.id]?.name else { return nil }
        return index(ofUnclaimed: name)
    }

    /// The manifest of a name, unless it says by id which cluster it means.
    private func index(ofUnclaimed name: String) -> Int? {
        byName[name].flatMap { fleet.clusters[$0].clusterID == nil ? $0 : nil }
    }

    private func part(
        for desired: DesiredCluster,
        group: ProtectionGroup?,
        from sources: [String: ProtectionGroup],
        _ context: PlanContext
    ) -> PlanPart {
        let source = desired.restoreFrom.flatMap { sources[$0.value.cluster] }
        let situation = situation(of: desired, group, from: source, context)
        let findings = (unsettled(situation) ?? Rule.findings(in: situation))
            .explained(in: situation)
        let steps = ordered(findings.steps).map { $0.naming(interfacesOf: situation.cluster) }
        let lines = detail == .everything ? findings.satisfied.map(\.note) : []
        let isLosing = steps.contains { !$0.action.lostBackups.isEmpty }
        return PlanPart(
            plan: GroupPlan(
                subject: PlanSubject(
                    name: desired.name.value,
                    home: group?.id.home ?? desired.home,
                    cluster: group?.id.cluster ?? desired.clusterID?.value
                ),
                standing: .managed,
                steps: steps,
                notes: findings.notes + lines,
                unchangedCount: findings.satisfied.count
            ),
            desiredName: desired.name.value,
            usage: GroupUsage(group, counting: isLosing),
            rescued: isLosing ? situation.rescued : [:],
            shrinkage: situation.shrinkage,
            underWay: isLosing ? UnderWay.text(in: situation) : nil,
            entries: situation.entries,
            freeze: desired.freeze,
            source: sourceNames.contains(desired.name.value) ? group : nil,
            reliesOn: findings.reliesOn,
            neededCopy: findings.neededCopy,
            clone: desired.restoreFrom == nil ? nil : group?.livingCluster,
            purge: desired.purge,
            holding: desired.purge.map { PurgeCut($0.value, in: group).ids } ?? []
        )
    }

    /// What rules see of a group; `nil` if no manifest means it.
    func situation(of group: ProtectionGroup) -> Situation? {
        desiredIndex(of: group).map {
            situation(of: fleet.clusters[$0], group, from: nil, context)
        }
    }

    private func situation(
        of desired: DesiredCluster,
        _ group: ProtectionGroup?,
        from source: ProtectionGroup?,
        _ context: PlanContext
    ) -> Situation {
        Situation(
            desired: desired,
            fleet: fleet,
            context: context,
            group: group,
            source: source,
            entries: group.map(entries.of) ?? entries.ofCreating(desired)
        )
    }

    /// A group that no manifest names: shown, never touched.
    private func unmanaged(_ group: ProtectionGroup) -> PlanPart {
        let isOurs =
            group.ownedName != nil && group.ownedFleet == fleet.name.value
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
            usage: GroupUsage(group, counting: false),
            isEmpty: group.cluster == nil && group.backups.isEmpty
        )
    }
}

extension Situation {
    fileprivate var rescued: [BackupID: Timestamp?] {
        guard let group else { return [:] }
        let seen = context.seen?[group.id]
        return Rescues(in: group, entries: entries, seen: seen, now: now).deletedAt
    }

    fileprivate var shrinkage: Shrinkage? {
        group.flatMap { Shrinkage(in: $0, since: context.seen?[$0.id], now: now) }
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
        presence, deletion, creation, hsmCount, initialization, immutable, hsmType, tags,
        recoveryPoints, retention, freshness, copies, recoveryPointCopies, purge, copyCleanup,
        orphanedCopies, recoveryPointEnds, unparking,
    ]
}

/// One group's plan before what looks across groups, and what that needs to know of the group.
public struct PlanPart: Sendable {
    /// The group's plan so far.
    public internal(set) var plan: GroupPlan

    /// Whether the plan has no step, and will get none because of another group.
    public var isQuiet: Bool { plan.steps.isEmpty && source == nil }

    let desiredName: String?
    let usage: GroupUsage

    /// Whether nothing of a stranger is to be seen, such as of a cluster that a call of ours made
    /// just now and reads do not show yet.
    var isEmpty = false

    /// The backups that we deleted and somebody restored, and when we did.
    var rescued: [BackupID: Timestamp?] = [:]

    /// What is missing since the last run, if too much is.
    var shrinkage: Shrinkage?

    /// What must come to its end before backups may go.
    var underWay: String?

    /// What the journal says of the group.
    var entries: [JournalEntry] = []

    /// Until when nothing of the cluster is changed.
    var freeze: Freeze?

    /// The group itself, if others may be made from it.
    var source: ProtectionGroup?

    /// The backups of other groups that the plan relies on.
    var reliesOn: [BackupID] = []

    /// A copy that another group has to make first.
    var neededCopy: NeededCopy?

    /// The cluster, if its manifest says what it was to be made from.
    var clone: Cluster?

    /// What must go from every backup.
    var purge: Located<DesiredPurge>?

    /// The backups and copies that may hold it, gone ones included.
    var holding: Set<BackupID> = []
}

extension [PlanPart] {
    /// The same, with the copies that clones are to be made from.
    fileprivate var withNeededCopies: [PlanPart] {
        let copies = compactMap(\.neededCopy)
        guard !copies.isEmpty else { return self }
        var parts = self
        for copy in copies {
            guard let index = parts.firstIndex(where: { $0.desiredName == copy.cluster }) else {
                continue
            }
            parts[index].add(copy)
        }
        return parts
    }

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

    /// What the cluster was made from, if it is a clone.
    let madeFrom: BackupID?

    /// READY backups per Region, for the ratio of deletions; empty where none is planned.
    let ready: [Region: Int]

    init(_ group: ProtectionGroup?, counting countsReady: Bool) {
        clusters = group?.livingCluster == nil ? 0 : 1
        hsms = group?.livingCluster?.presentHSMs.count ?? 0
        let source = group?.livingCluster?.sourceBackup
        let hasOwn = group?.backups.contains { $0.isReady } ?? false
        neededSource = hasOwn ? nil : source
        madeFrom = source
        var ready: [Region: Int] = [:]
        for backup in countsReady ? group?.backups ?? [] : [] where backup.isReady {
            ready[backup.region, default: 0] += 1
        }
        self.ready = ready
    }
}
