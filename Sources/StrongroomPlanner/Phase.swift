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
    /// A longer retention protects, so it does not wait.
    case lengthenRetention
    /// Adding comes before removing: redundancy never drops on the way.
    case addHSM
    /// A removal makes the second backup of a forced cycle.
    case removeHSM
    /// A copy is made of the freshest backup there is by then.
    case copy
    /// A shorter retention destroys, so everything that protects is done by then.
    case shortenRetention
    /// What is replaced goes last.
    case deleteCopies

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
