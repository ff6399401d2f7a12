internal import CloudHSM
internal import StrongroomModel

/// The approved steps of one group held against the plan made now.
struct GroupFit {
    /// The steps of the plan made now that were approved.
    private(set) var steps: [Step] = []

    /// The approved steps that are begun, or come after such, in words.
    private(set) var awaited: [String] = []

    /// The approved steps that no longer fit, in words, with the reason.
    private(set) var misfits: [String] = []

    /// The approved steps of which nobody can tell whether they are done, in words, with the reason.
    private(set) var unread: [String] = []

    /// How many approved steps are done.
    private(set) var doneCount = 0

    private let approved: PlannedGroup
    private let present: GroupPlan?
    private let observed: ProtectionGroup?
    private let blindness: UnreadParts
    private let use: PlanFit.Use
    private let made: MadeUnderApproval

    init(
        _ approved: PlannedGroup,
        present: GroupPlan?,
        observed: ProtectionGroup?,
        unread: UnreadParts,
        entries: [JournalEntry],
        use: PlanFit.Use
    ) {
        self.approved = approved
        self.present = present
        self.observed = observed
        blindness = unread
        self.use = use
        made = MadeUnderApproval(approved.steps, entries)
        judge()
        requirePredecessors()
    }

    /// Takes every approved step for planned, done, awaited or no longer fitting.
    ///
    /// A step is carried out once under an approval: those that were are not matched with what the
    /// plan made now would do.
    private mutating func judge() {
        let now = (present?.steps ?? []).map { ($0, PlannedStep($0)) }
        let keysNow = StepKeys(now.map(\.1))
        let keys = StepKeys(approved.steps)
        var taken: Set<StepID> = []
        var open: Set<StepID> = []
        let match = { [made, observed] (step: PlannedStep, taken: Set<StepID>) -> StepID? in
            let wanted = [keys.key(of: step.id), made.key(of: step, in: observed)]
            return now.first { candidate, _ in
                guard !taken.contains(candidate.id) else { return false }
                return wanted.contains { $0 != nil && $0 == keysNow.key(of: candidate.id) }
            }?
            .0.id
        }
        for step in approved.steps where !made.wasCarriedOut(step.id) {
            guard replacement(for: step) == nil else { continue }
            guard let id = match(step, taken) else { continue }
            taken.insert(id)
            open.insert(step.id)
        }
        let planned = open
        steps = now.map(\.0).filter { taken.contains($0.id) }
        for step in approved.steps where !planned.contains(step.id) {
            if let reason = whyUnread(step) {
                unread.append("\(words(of: step)): \(reason)")
            } else if isSeenDone(step) {
                doneCount += 1
            } else if isAwaited(step, after: open) {
                open.insert(step.id)
                awaited.append(words(of: step))
            } else if made.wasCarriedOut(step.id) {
                guard match(step, taken) != nil else {
                    // What only led to what is done now, such as an HSM that was added for a backup
                    // and removed again, is no longer to be seen.
                    doneCount += 1
                    continue
                }
                misfits.append(
                    "\(words(of: step)): it was carried out under this plan before,"
                        + " and would have to be done again"
                )
            } else if let note = present?.notes.first(where: { $0.kind == .unread }) {
                // Held back by what could not be read: it may fit again once that can be.
                unread.append("\(words(of: step)): \(SafeText.terminal(note.reason.text))")
            } else {
                misfits.append("\(words(of: step)): \(reason(against: step))")
            }
        }
    }

    private func isSeenDone(_ step: PlannedStep) -> Bool {
        step.postcondition.asFact?.holds(in: observed, bindings: made.bindings) ?? false
    }

    /// Why nobody can tell whether a step is done; `nil` where that can be told.
    ///
    /// What is not listed is not gone: a backup that was READY when the plan was made stays listed for
    /// seven days after its deletion, so a list without it was not read whole.
    private func whyUnread(_ step: PlannedStep) -> String? {
        let home = approved.subject.home
        if let reason = blindness.group { return "its cluster was not read: \(reason)" }
        let regions = [home.region, step.action.region].compactMap(\.self)
        for region in regions {
            let place = Place(account: home.account, region: region)
            if blindness.places[place] != nil { return "\(region) was not read" }
        }
        guard let observed, let backup = step.action.backup, observed.backup(backup) == nil else {
            return nil
        }
        return "\(backup) is not listed, although a deleted backup stays listed for 7 days, so its "
            + "Region was not read whole"
    }

    /// Under way, or after a step that is: only where a run was cut short.
    private func isAwaited(_ step: PlannedStep, after open: Set<StepID>) -> Bool {
        guard use == .begun else { return false }
        return !open.isDisjoint(with: step.after) || observed?.isMoving ?? false
            || present?.notes.contains { $0.kind == .waiting || $0.isEarlierCall } ?? false
    }

    /// Why a step cannot be done any more: the first of its facts that does not hold.
    private func reason(against step: PlannedStep) -> String {
        guard let present else { return "the plan made now says nothing of its cluster" }
        if let replaced = replacement(for: step) { return replaced }
        let failing = step.preconditions.first { planned in
            guard planned.madeByStep == nil, let fact = planned.asFact else { return false }
            return !fact.holds(in: observed, bindings: made.bindings)
        }
        if let failing, observed != nil {
            return "no longer so: \(SafeText.terminal(failing.text))"
        }
        let open = present.notes.filter { isAbout(step, $0) }
        if let held = open.first(where: { $0.kind == .held }) {
            return "it is held now: \(SafeText.terminal(held.reason.text))"
        }
        if let waiting = open.first(where: { $0.kind == .waiting }) {
            return "it has to wait now: \(SafeText.terminal(waiting.reason.text))"
        }
        let other = present.steps.lazy.map { PlannedStep($0).action }.first {
            $0.type == step.action.type && $0.region == step.action.region && $0 != step.action
        }
        guard let other else { return "it is no longer planned" }
        return "it is no longer planned; what is planned now is \(SafeText.terminal(other.words))"
    }

    /// Whether a line of the plan made now is about what a step is about.
    private func isAbout(_ step: PlannedStep, _ note: Note) -> Bool {
        let ofTheWhole = ["clock", "double-claim", "freeze", "journal", "memory"]
        if ofTheWhole.contains(note.reason.rule) { return true }
        if let backup = step.action.backup, note.subject.contains("\(backup)") { return true }
        let isInRegion = step.action.region.map { note.subject.contains("\($0)") } ?? true
        return note.reason.rule == step.reason.rule && isInRegion
    }

    /// Why the HSM to be removed is no longer the one that was meant.
    private func replacement(for step: PlannedStep) -> String? {
        guard let id = step.action.hsm, let interface = step.postcondition.interface else {
            return nil
        }
        return observed?.livingCluster?.replacement(of: id, on: interface)
    }

    /// Refuses what must come after a step that nobody approved.
    private mutating func requirePredecessors() {
        guard let present else { return }
        let kept = Set(steps.map(\.id))
        for step in steps {
            let missing = present.predecessors(of: step).first { !kept.contains($0) }
            guard let other = present.steps.first(where: { $0.id == missing }) else { continue }
            misfits.append(
                "\(words(of: PlannedStep(step))): it now comes after a step that nobody approved:"
                    + " \(SafeText.terminal(PlannedAction(other.action).words))"
            )
        }
    }

    private func words(of step: PlannedStep) -> String {
        SafeText.terminal("\(approved.subject.title): \(step.action.words)")
    }
}

/// What of a plan made now could not be read.
struct UnreadParts {
    /// The places, and why.
    let places: [Place: UnreadReason]

    /// Why the group itself was not read; `nil` if it was.
    let group: UnreadReason?
}

/// What steps do, told apart from their numbers: a reference to a step is what that step does.
private struct StepKeys {
    /// What a step does; what it refers to, if it refers to another.
    indirect enum Key: Hashable {
        case plain(PlannedAction)
        case referring(PlannedAction, Key)
    }

    private var keys: [StepID: Key] = [:]

    init(_ steps: [PlannedStep]) {
        for step in steps {
            let action = step.action.enduring
            guard let maker = action.madeByStep else {
                keys[step.id] = .plain(action)
                continue
            }
            // A step comes after the one that makes what it is about.
            guard let key = keys[maker] else { continue }
            keys[step.id] = .referring(action.withoutStepNumber, key)
        }
    }

    func key(of step: StepID) -> Key? { keys[step] }
}

/// What steps made that an earlier run carried out under the same approval.
private struct MadeUnderApproval {
    private(set) var bindings = Bindings()
    private var carriedOut: Set<StepID> = []

    /// Finds each step's call among those made under the approval: the same operation on the same
    /// target, in the order of the plan.
    init(_ steps: [PlannedStep], _ entries: [JournalEntry]) {
        var left = entries.filter(\.mayHaveHappened)
        for step in steps {
            guard
                let index = left.firstIndex(where: {
                    $0.intent.operation == step.operation && step.isAbout($0.intent, bindings)
                })
            else { continue }
            let entry = left.remove(at: index)
            carriedOut.insert(step.id)
            bindings.calledAt[step.id] = entry.intent.writtenAt
            if step.action.type == .addHSM {
                bindings.hsms[step.id] = entry.outcome?.made.flatMap { HSMID($0) }
            }
        }
    }

    func wasCarriedOut(_ step: StepID) -> Bool { carriedOut.contains(step) }

    /// What a step does now that it is known what the step it refers to made.
    func key(of step: PlannedStep, in group: ProtectionGroup?) -> StepKeys.Key? {
        guard let maker = step.action.madeByStep else { return nil }
        let backup = group.flatMap { bindings.backup(.caused(by: maker), in: $0)?.id }
        return step.action.enduring.referring(toHSM: bindings.hsms[maker], orBackup: backup)
            .map(StepKeys.Key.plain)
    }
}

extension PlannedStep {
    /// Whether a call may have been this step's.
    fileprivate func isAbout(_ intent: Intent, _ bindings: Bindings) -> Bool {
        switch action.type {
        case .createCluster, .initializeCluster, .deleteCluster: true
        // One operation does both, on the same cluster.
        case .setRetention, .changeType: intent.rule == reason.rule
        case .tagCluster: ClusterID(intent.target) != nil
        case .addHSM: action.zone?.description == intent.target
        case .removeHSM:
            (action.hsm ?? action.madeByStep.flatMap { bindings.hsms[$0] })?.description
                == intent.target
        case .copyBackup: intent.destination == action.region && isAboutBackup(intent)
        case .deleteBackup, .restoreBackup, .pinBackup, .unpinBackup, .tagBackup, .untagBackup:
            isAboutBackup(intent)
        }
    }

    /// A backup that an earlier step caused has no id in the plan.
    private func isAboutBackup(_ intent: Intent) -> Bool {
        guard let backup = action.backup else { return BackupID(intent.target) != nil }
        return backup.description == intent.target
    }
}
