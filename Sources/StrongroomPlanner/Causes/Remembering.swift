internal import CloudHSM
public import StrongroomModel

extension Planner {
    /// What there is to remember of a group, as if nothing were to be done about it.
    ///
    /// - Parameter group: The group as observed.
    /// - Returns: What it shows and what is wanted of it; `nil` if no manifest means it.
    public func seen(_ group: ProtectionGroup) -> SeenGroup? {
        guard let situation = situation(of: group) else { return nil }
        let before = situation.context.seen?[group.id]
        var seen = SeenGroup(at: situation.now)
        seen.name = situation.desired.name.value
        for aspect in situation.desired.aspects { seen.wanted[aspect.key] = aspect.wanted }
        if let cluster = situation.cluster {
            seen.hsmType = cluster.hsmType
            seen.retention = cluster.retention
            for hsm in cluster.presentHSMs {
                seen.hsms[hsm.place] = hsm.id
                guard hsm.state == .degraded else { continue }
                let isSame = before?.hsms[hsm.place] == hsm.id
                let since = isSame ? before?.degradedSince[hsm.place] : nil
                seen.degradedSince[hsm.place] = since ?? situation.now
            }
        }
        seen.rescued = Rescues(
            in: group,
            entries: situation.entries,
            seen: before,
            now: situation.now
        ).deletedAt.keys.sorted()
        seen.backups = newestBackups(of: group, before, situation)
        seen.deletedByPeople = Deletions(group, seen: before, entries: situation.entries).byPeople
            .map(\.id).sorted()
        return seen
    }

    /// The newest READY backups, or what was remembered while what is listed cannot be believed.
    private func newestBackups(
        of group: ProtectionGroup,
        _ before: SeenGroup?,
        _ situation: Situation
    ) -> [BackupID] {
        let isBelieved =
            Shrinkage(in: group, since: before, now: situation.now) == nil
            || situation.context.isOverridden(.shrunk, for: group.id)
        guard isBelieved else { return before?.backups ?? [] }
        return group.backups.filter { $0.isReady && !$0.isCopy }
            .sorted { ($0.createdAt, $0.id) > ($1.createdAt, $1.id) }
            .prefix(SeenGroup.backupLimit).map(\.id).sorted()
    }
}

/// How far the steps of one group's plan came in a run.
public struct GroupProgress: Hashable, Sendable {
    /// The steps whose calls were accepted, in this run.
    public var accepted: Set<StepID> = []

    /// Those of them that were seen to be done.
    public var done: Set<StepID> = []

    /// Nothing was done.
    public init() {}
}

extension SeenGroup {
    /// What to remember once a run is over.
    ///
    /// An aspect that is still being brought about keeps the text it had before, so that an edit
    /// that takes several runs stays an edit; once all its calls were accepted only the cause of
    /// what is left is kept.
    ///
    /// - Parameters:
    ///   - plan: The group's plan in this run.
    ///   - progress: How far its steps came.
    ///   - before: What was remembered before the run.
    /// - Returns: What is to be remembered.
    public func after(
        _ plan: GroupPlan,
        _ progress: GroupProgress,
        before: SeenGroup?
    ) -> SeenGroup {
        let left = OpenAspects(of: plan, progress)
        var result = self
        for key in wanted.keys where left.isUnasked(key) {
            result.wanted[key] = before?.wanted[key]
        }
        result.open = left.causes
        if left.isAboutAll {
            for (key, cause) in before?.open ?? [:] where result.open[key] == nil {
                result.open[key] = cause
            }
        }
        return result
    }
}

/// The aspects that a run leaves open.
private struct OpenAspects {
    /// Those of which not everything was asked for yet.
    private var unasked: Set<String> = []

    /// Who brought about what is left to be seen.
    private(set) var causes: [String: Cause] = [:]

    /// Whether a line is about the cluster as a whole: no other aspect is sure to be in order.
    private(set) var isAboutAll = false

    /// The aspect that is about the cluster as a whole, if the only such lines are its own.
    private var aboutAll: String?

    init(of plan: GroupPlan, _ progress: GroupProgress) {
        for step in plan.steps where !progress.done.contains(step.id) {
            add(step.reason, isAsked: progress.accepted.contains(step.id))
        }
        for note in plan.notes where note.isOpen { add(note.reason, isAsked: false) }
    }

    func isUnasked(_ key: String) -> Bool {
        unasked.contains(key) || (isAboutAll && key != aboutAll)
    }

    private mutating func add(_ reason: Reason, isAsked: Bool) {
        guard let key = reason.aspect else {
            isAboutAll = true
            aboutAll = nil
            return
        }
        if key == "presence", !isAboutAll {
            isAboutAll = true
            aboutAll = key
        }
        if !isAsked { unasked.insert(key) }
        guard let cause = reason.cause else { return }
        causes[key] = causes[key].map { $0.outweighing(cause) } ?? cause
    }
}

extension Cause {
    /// Of two causes of one aspect the one that a person should hear of first.
    fileprivate func outweighing(_ other: Cause) -> Cause {
        if self == .drift || other == .drift { return .drift }
        return self == .manifest || other == .manifest ? .manifest : .service
    }
}
