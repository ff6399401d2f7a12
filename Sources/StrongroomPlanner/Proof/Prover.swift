public import StrongroomModel
internal import CloudHSM

/// Reads every plan a second time, without knowing the rules that made it: over every order the
/// plan allows, stopped anywhere, with each call done, not done, or done with the answer lost, and
/// with what the service may do alone.
///
/// A pure function, group by group: no clock, no locale, no order of groups plays a part.
public struct Prover: Sendable {
    let fleet: DesiredFleet
    let context: PlanContext
    private let byCluster: [ClusterID: Int]
    private let byName: [String: Int]
    private let entries: [GroupID: [JournalEntry]]
    private let creations: [String: [JournalEntry]]
    private let clockRanBack: Bool

    /// The names of the clusters that others are made from.
    private let sourceNames: Set<String>

    /// Prepares to prove plans for a fleet.
    ///
    /// - Parameters:
    ///   - fleet: What is desired.
    ///   - context: The clock, and what is uncertain, unread groups included.
    public init(fleet: DesiredFleet, context: PlanContext) {
        self.fleet = fleet
        self.context = context
        var byCluster: [ClusterID: Int] = [:]
        var byName: [String: Int] = [:]
        for (index, cluster) in fleet.clusters.enumerated() {
            byName[cluster.name.value] = index
            if let id = cluster.clusterID { byCluster[id.value] = index }
        }
        self.byCluster = byCluster
        self.byName = byName
        var entries: [GroupID: [JournalEntry]] = [:]
        var creations: [String: [JournalEntry]] = [:]
        for entry in context.recentEntries {
            if let group = entry.intent.group {
                entries[group, default: []].append(entry)
            } else if let name = entry.intent.name {
                creations[name, default: []].append(entry)
            }
        }
        self.entries = entries
        self.creations = creations
        clockRanBack = context.recentEntries.contains {
            max($0.intent.writtenAt, $0.outcome?.at ?? $0.intent.writtenAt)
                > context.now + Scene.skew
        }
        sourceNames = Set(fleet.clusters.compactMap { $0.restoreFrom?.value.cluster })
    }

    /// Reads one group's plan.
    ///
    /// Groups without steps are quickly read, and are to be given as well: what other groups'
    /// steps must leave to them is known only from them.
    ///
    /// - Parameters:
    ///   - plan: The group's plan.
    ///   - group: The group as the plan was made for; absent where a cluster is to be made.
    /// - Returns: What was found, to be given to ``conclude(_:)``.
    public func check(_ plan: GroupPlan, of group: ProtectionGroup?) -> GroupProof {
        let desired = desired(of: group, else: plan.subject.name)
        var proof = GroupProof(
            subject: plan.subject,
            name: desired?.name.value,
            group: group,
            isSource: isSource(group, named: desired?.name.value)
        )
        guard !plan.steps.isEmpty else { return proof }
        proof.stepCount = plan.steps.count
        guard plan.standing == .managed, let desired else {
            let text = "no manifest names it, and \(plan.steps.count) steps would touch it"
            proof.findings.append(
                Proof.Finding(.ownership, of: plan.subject, text, steps: plan.steps.map(\.id))
            )
            return proof
        }
        let scene = Scene(
            fleet: fleet,
            context: context,
            desired: desired,
            group: group,
            plan: plan,
            entries: group.map { entries[$0.id] ?? [] } ?? creations[desired.name.value] ?? [],
            clockRanBack: clockRanBack
        )
        proof.read(scene)
        return proof
    }

    /// The manifest that means a group, looked up anew: by cluster id, else by our tags.
    private func desired(of group: ProtectionGroup?, else name: String?) -> DesiredCluster? {
        guard let group else {
            return name.flatMap { byName[$0] }.map { fleet.clusters[$0] }
        }
        if let index = byCluster[group.id.cluster] { return fleet.clusters[index] }
        if group.cluster == nil, let name = context.seen?[group.id]?.name {
            return byName[name].map { fleet.clusters[$0] }
        }
        guard
            let tags = group.cluster?.tags, tags[OwnershipTag.fleet] == fleet.name.value,
            let index = tags[OwnershipTag.cluster].flatMap({ byName[$0] }),
            fleet.clusters[index].clusterID == nil
        else { return nil }
        return fleet.clusters[index]
    }

    /// Whether clones are made from a group; copies tell whose they are where its home is lost.
    private func isSource(_ group: ProtectionGroup?, named name: String?) -> String? {
        guard !sourceNames.isEmpty, let group else { return nil }
        if let name { return sourceNames.contains(name) ? name : nil }
        for tags in group.backups.lazy.map(\.tags) {
            guard
                tags[OwnershipTag.fleet] == fleet.name.value,
                let name = tags[OwnershipTag.cluster], sourceNames.contains(name)
            else { continue }
            return name
        }
        return nil
    }
}
