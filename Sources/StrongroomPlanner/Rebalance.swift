internal import CloudHSM
internal import StrongroomModel

/// HSMs that are as many as asked, but stand too close together: one is moved at a time.
///
/// An HSM is added where the fewest are, and only once it is in service one goes from where the
/// most are.
struct Rebalance {
    let desired: Located<DesiredHSMs>
    let cluster: Cluster
    let choice: ZoneChoice
    let situation: Situation

    init(
        desired: Located<DesiredHSMs>,
        cluster: Cluster,
        choice: ZoneChoice,
        _ situation: Situation
    ) {
        self.desired = desired
        self.cluster = cluster
        self.choice = choice
        self.situation = situation
    }

    /// One move, or that the HSMs are as asked.
    var findings: Findings {
        let count = cluster.presentHSMs.count
        guard case .total = desired.value, situation.forcedCycle == nil,
            let (hsm, from, to) = choice.unevenness
        else {
            return .satisfied("HSMs", "hsm-count", at: desired.location) { "\(count) present" }
        }
        let move = Move(hsm, from: from, to: to, of: cluster, desired, situation)
        let further = choice.moved(hsm, from: from, to: to).unevenness == nil
        let note = Rule.waiting("the next is moved in a plan of its own", at: desired, turn: .run)
        return (move.withoutRoom ?? Findings(steps: move.steps)) + (further ? .nothing : note)
    }
}
