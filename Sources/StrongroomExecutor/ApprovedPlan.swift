public import StrongroomModel

/// What an operator agreed to.
public enum Approval: Hashable, Sendable {
    /// Every step of the plan that was shown.
    case everything
    /// Every step, as long as no more than so many backups go.
    case losingAtMost(Int)
}

/// A plan that someone agreed to; the executor takes no other.
public struct ApprovedPlan: Sendable {
    /// The plan.
    public let plan: Plan

    /// Weighs a plan against what the operator agreed to.
    ///
    /// - Parameters:
    ///   - plan: The plan that was shown.
    ///   - approval: What the operator agreed to.
    /// - Throws: ``NotApproved`` if the plan loses more than that.
    public init(_ plan: Plan, approving approval: Approval) throws(NotApproved) {
        switch approval {
        case .everything: break
        case .losingAtMost(let most):
            let losing = plan.totals.lostBackups
            guard losing <= most else { throw NotApproved(losing: losing, approved: most) }
        }
        self.plan = plan
    }
}

/// A plan that loses more than was agreed to.
public struct NotApproved: Error, Hashable, Sendable, CustomStringConvertible {
    /// How many backups the plan loses.
    public let losing: Int

    /// How many were agreed to.
    public let approved: Int

    /// What is wrong and what to do next.
    public var description: String {
        "the plan loses \(losing) backups, but \(approved) were agreed to; "
            + "read the plan again and approve that number"
    }
}
