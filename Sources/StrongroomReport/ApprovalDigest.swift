internal import CloudHSM
internal import StrongroomModel

/// What is agreed to with a plan, digested: its binding, its steps, and what could be released.
///
/// SHA-256 over it does not depend on when the plan was made. `schemas/plan.md` says how it is
/// computed, so that others can.
struct ApprovalDigest: Encodable {
    private let format = "strongroom-approval/1"
    private let fleet: String
    private let binding: Binding
    private let groups: [Group]

    /// The digest of a plan, 64 hexadecimal digits.
    ///
    /// - Parameters:
    ///   - groups: The plan's groups.
    ///   - fleet: The fleet's name.
    ///   - binding: What the plan is for.
    /// - Returns: The digest; `nil` if there is nothing to agree to.
    static func digest(
        of groups: [PlannedGroup],
        fleet: String,
        binding: PlanBinding
    ) -> String? {
        let groups = groups.compactMap(Group.init)
        guard !groups.isEmpty else { return nil }
        return CanonicalJSON.digest(
            of: ApprovalDigest(fleet: fleet, binding: Binding(binding), groups: groups)
        )
    }

    private init(fleet: String, binding: Binding, groups: [Group]) {
        self.fleet = fleet
        self.binding = binding
        self.groups = groups
    }

    /// The binding without its moments: the expiry, and how often the lock was taken.
    private struct Binding: Encodable {
        let manifests: String
        let service: ServiceKind
        let endpoint: String?
        let accounts: [AccountID]
        let lineage: String
        let timeline: String?
        let tool: String
        let repetition: Int

        init(_ binding: PlanBinding) {
            manifests = binding.manifests
            service = binding.service
            endpoint = binding.endpoint
            accounts = binding.accounts
            lineage = binding.lineage
            timeline = binding.timeline
            tool = binding.tool
            repetition = binding.repetition
        }
    }

    private struct Group: Encodable {
        let name: String?
        let account: AccountID
        let region: Region
        let cluster: ClusterID?
        let steps: [Step]
        let held: [Held]

        /// What of a group is agreed to; nothing of one where nothing is done or could be released.
        init?(_ group: PlannedGroup) {
            held = group.notes.filter(\.isOverridable).map(Held.init)
            guard !group.steps.isEmpty || !held.isEmpty else { return nil }
            name = group.name
            account = group.account
            region = group.region
            cluster = group.cluster
            steps = group.steps.map(Step.init)
        }
    }

    private struct Step: Encodable {
        let id: StepID
        let action: PlannedAction
        let preconditions: [PlannedFact]
        let postcondition: PlannedFact
        let after: [StepID]
        let causesBackup: Bool

        init(_ step: PlannedStep) {
            id = step.id
            action = step.action.enduring
            preconditions = step.preconditions.map(\.enduring)
            postcondition = step.postcondition.enduring
            after = step.after
            causesBackup = step.causesBackup
        }
    }

    private struct Held: Encodable {
        let rule: String
        let subject: String

        init(_ note: PlannedNote) {
            rule = note.reason.rule
            subject = note.subject
        }
    }
}

extension PlannedNote {
    /// Whether one override could release what the line holds.
    var isOverridable: Bool {
        kind == .held && RuleOverride.Rule(rawValue: reason.rule) != nil
    }
}

extension GroupPlan {
    /// Whether there is anything in it to agree to: a step, or a line that an override could release.
    var asksForAgreement: Bool {
        !steps.isEmpty
            || notes.contains {
                $0.kind == .held && RuleOverride.Rule(rawValue: $0.reason.rule) != nil
            }
    }
}
