internal import CloudHSM
internal import StrongroomModel

/// The order of a group's steps, as data.
///
/// What protects comes before what destroys.
enum Phase: Int, CaseIterable {
    /// Nothing can be asked of a cluster that is not there.
    case create
    /// A cluster shows its signing request only once it has an HSM.
    case firstHSM
    /// It can be claimed only then.
    case initialize
    /// Tags cost nothing and say whose the cluster is.
    case tag
    /// A longer retention protects, so it does not wait; what is restored after it stays.
    case lengthenRetention
    /// What is pending deletion is restored before anything relies on it.
    case restore
    /// Which backup a name means is recorded before it is pinned.
    case record
    /// A pin is seen before a retention that would reach the backup.
    case pin
    /// Types are changed while nothing else moves.
    case changeType
    /// Adding comes before removing: redundancy never drops on the way.
    case addHSM
    /// A removal makes the second backup of a forced cycle.
    case removeHSM
    /// The backup that the last removal caused is recorded and pinned.
    case keepLast
    /// A copy is made of the freshest backup there is by then.
    case copy
    /// A shorter retention destroys, so everything that protects is done by then.
    case shortenRetention
    /// What is replaced goes late.
    case deleteCopies
    /// What a purge is for goes once clean backups and copies are there.
    case purge
    /// Our own pins come off when nothing needs them any more.
    case unpin
    /// A cluster goes when its last backup is READY and pinned.
    case deleteCluster

    /// The provisional numbers that a rule may give to drafts of this phase.
    func draft(_ index: Int) -> StepID { StepID((rawValue + 1) * 1_000_000 + index) }
}

/// Puts drafts in order and gives them their final numbers.
func ordered(_ drafts: [DraftStep]) -> [Step] {
    let sorted = drafts.sorted { ($0.phase.rawValue, $0.id) < ($1.phase.rawValue, $1.id) }
    var numbers: [StepID: StepID] = [:]
    for (index, draft) in sorted.enumerated() { numbers[draft.id] = StepID(index + 1) }
    return sorted.map { draft in
        Step(
            id: numbers[draft.id] ?? draft.id,
            action: draft.action.renumbered(numbers),
            reason: draft.reason,
            preconditions: draft.preconditions.map { $0.renumbered(numbers) },
            postcondition: draft.postcondition.renumbered(numbers),
            after: draft.after.compactMap { numbers[$0] }.sorted()
        )
    }
}

extension Step {
    /// The step with the interface of the HSM that is to go: the HSM that the service puts there when
    /// it replaces the hardware has another id.
    func naming(interfacesOf cluster: Cluster?) -> Step {
        guard
            case .hsmGone(.known(let id), _) = postcondition,
            let interface = cluster?.hsms.first(where: { $0.id == id })?.eni
        else { return self }
        return Step(
            id: self.id,
            action: action,
            reason: reason,
            preconditions: preconditions,
            postcondition: .hsmGone(.known(id), from: interface),
            after: after
        )
    }
}
