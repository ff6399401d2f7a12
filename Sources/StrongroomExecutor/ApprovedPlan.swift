public import StrongroomModel

/// What an operator agreed to.
public enum Approval: Hashable, Sendable {
    /// Every step of the plan that was shown.
    case everything
    /// Every step, as long as no more than so many backups go.
    case losingAtMost(Int)
}

/// A plan that was proved and that someone agreed to; the executor takes no other.
public struct ApprovedPlan: Sendable {
    /// The plan.
    public let plan: Plan

    /// The digest of the saved plan that someone approved, if it was one.
    public let digest: String?

    /// Weighs a plan against its proof and what the operator agreed to.
    ///
    /// - Parameters:
    ///   - plan: The plan that was shown.
    ///   - proof: Its proof.
    ///   - approval: What the operator agreed to.
    ///   - digest: The digest of the saved plan it is carried out under.
    /// - Throws: ``NotApproved`` if the proof is another plan's or found a promise that may be
    ///   broken, or if the plan loses more than was agreed to.
    public init(
        _ plan: Plan,
        provedBy proof: Proof,
        approving approval: Approval,
        under digest: String? = nil
    ) throws(NotApproved) {
        let stepCount = plan.groups.reduce(0) { $0 + $1.steps.count }
        guard
            proof.fleet == plan.fleet, proof.now == plan.now, proof.stepCount == stepCount
        else { throw .otherPlan }
        if let finding = proof.findings.first { throw .notProved(finding) }
        switch approval {
        case .everything: break
        case .losingAtMost(let most):
            let losing = plan.totals.lostBackups
            guard losing <= most else { throw .loses(losing, approved: most) }
        }
        self.plan = plan
        self.digest = digest
    }
}

/// A plan that may not be carried out.
public enum NotApproved: Error, Hashable, Sendable {
    /// It loses so many backups, and fewer were agreed to.
    case loses(Int, approved: Int)
    /// It may break a promise.
    case notProved(Proof.Finding)
    /// The proof is another plan's.
    case otherPlan
}

extension NotApproved: CustomStringConvertible {
    /// What is wrong and what to do next.
    public var description: String {
        switch self {
        case .loses(let losing, let approved):
            "the plan loses \(losing) backups, but \(approved) were agreed to; "
                + "read the plan again and approve that number"
        case .notProved(let finding):
            "the plan is not proved: promise \(finding.promise.rawValue) may be broken "
                + "(\(finding.promise)): \(finding.text); nothing was done. Please report it "
                + "with what strongroom plan --proof FILE writes"
        case .otherPlan: "the proof belongs to another plan; plan again"
        }
    }
}
