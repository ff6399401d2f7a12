import StrongroomExecutor
import StrongroomModel
import StrongroomPlanner
import StrongroomProof
import StrongroomReport

/// A plan and its proof, as every command makes them.
struct ProvedPlan {
    let plan: Plan
    let proof: Proof

    init(of groups: [ProtectionGroup], for fleet: DesiredFleet, in context: PlanContext) {
        let planner = Planner(fleet: fleet, context: context)
        plan = planner.assemble(groups.map(planner.part), unread: context.unreadGroups)
        let prover = Prover(fleet: fleet, context: context)
        let known = Dictionary(uniqueKeysWithValues: groups.map { ($0.id, $0) })
        proof = prover.conclude(
            plan.groups.map { part in
                prover.check(part, of: part.subject.group.flatMap { known[$0] })
            }
        )
    }

    /// The plan as approved without a limit; a plan that is not proved cannot be.
    var approved: ApprovedPlan {
        get throws {
            do {
                return try ApprovedPlan(plan, provedBy: proof, approving: .everything)
            } catch {
                let text = PlanText(width: 100, colour: .never).text(of: plan)
                throw Refused(description: "\(error)\n\(text)")
            }
        }
    }

    /// A plan that may not be carried out, with its text.
    struct Refused: Error, CustomStringConvertible {
        let description: String
    }
}
