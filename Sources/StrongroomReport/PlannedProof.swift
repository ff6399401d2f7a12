internal import StrongroomModel

/// What the proof of a plan found, as a saved plan holds it.
public struct PlannedProof: Hashable, Sendable, Codable {
    /// Whether every promise is kept on every way through the plan.
    public let holds: Bool

    /// How many steps were read.
    public let steps: Int

    /// What comes closest to breaking a promise; absent where nothing is counted.
    public let smallestMargin: ProvedMargin?

    /// Per promise the worst case, in the order of the promises.
    public let promises: [ProvedPromise]

    /// What breaks a promise; empty in a plan that can be applied.
    public let findings: [ProofFinding]

    init(_ proof: Proof) {
        holds = proof.holds
        steps = proof.stepCount
        smallestMargin = proof.smallestMargin.map(ProvedMargin.init)
        promises = proof.worstCases.map(ProvedPromise.init)
        findings = proof.findings.map(ProofFinding.init)
    }
}
