internal import CloudHSM
public import StrongroomModel

/// An approved plan held against the plan made now: what of it is still to be done, is done, or no
/// longer fits.
///
/// What else the plan made now would do does not matter, and is left out.
public struct PlanFit: Sendable {
    /// The plan made now, with the approved steps only.
    public let plan: Plan

    /// The approved steps that are begun, or come after such, in words.
    public let awaited: [String]

    /// The approved steps that no longer fit, each with the fact that does not hold any more.
    public let misfits: [String]

    /// The approved steps of which nobody can tell whether they are done, because what they are about
    /// could not be read, each with the reason.
    public let unread: [String]

    /// How many approved steps are done.
    public let doneCount: Int

    /// Whether the service is at something in one of the plan's groups that ends by itself.
    public let mayMove: Bool

    /// Whether every approved step is done.
    public var isThrough: Bool {
        awaited.isEmpty && misfits.isEmpty && unread.isEmpty
            && plan.groups.allSatisfy(\.steps.isEmpty)
    }

    /// How far the use of a plan has come.
    public enum Use: Hashable, Sendable {
        /// Nothing was done under it: every step must be planned now, or be done already.
        case fresh
        /// A run under it was cut short: steps may be under way.
        case begun
    }

    /// Holds a plan against the present.
    ///
    /// - Parameters:
    ///   - document: The approved plan.
    ///   - plan: The plan made now.
    ///   - observed: The groups of the approved plan as they are now; without those that could not be
    ///     read.
    ///   - unreadGroups: The groups that could not be read, and why.
    ///   - entries: What the journal knows of calls made under the approval.
    ///   - use: How far the use of the plan has come.
    public init(
        _ document: PlanDocument,
        against plan: Plan,
        observed: [GroupID: ProtectionGroup],
        unreadGroups: [GroupID: UnreadReason] = [:],
        entries: [JournalEntry],
        use: Use
    ) {
        var groups: [GroupPlan] = []
        var awaited: [String] = []
        var misfits: [String] = []
        var unread: [String] = []
        var doneCount = 0
        for approved in document.body.groups where !approved.steps.isEmpty {
            let present = plan.groups.first { $0.subject.isSame(as: approved.subject) }
            let group = GroupFit(
                approved,
                present: present,
                observed: present?.subject.group.flatMap { observed[$0] },
                unread: UnreadParts(
                    places: plan.unreadPlaces,
                    group: (present?.subject.group ?? approved.subject.group)
                        .flatMap { unreadGroups[$0] }
                ),
                entries: entries.filter { $0.intent.isAbout(approved.subject, present?.subject) },
                use: use
            )
            awaited += group.awaited
            misfits += group.misfits
            unread += group.unread
            doneCount += group.doneCount
            if let present, !group.steps.isEmpty {
                groups.append(present.restricted(to: group.steps))
            }
        }
        self.plan = Plan(
            fleet: plan.fleet,
            now: plan.now,
            groups: groups,
            unreadPlaces: plan.unreadPlaces
        )
        self.unread = unread
        self.awaited = awaited
        self.misfits = misfits
        self.doneCount = doneCount
        mayMove = observed.values.contains(where: \.isMoving)
    }
}

extension PlanSubject {
    /// Whether it is the group an approved plan meant, which may not have existed then.
    fileprivate func isSame(as approved: PlanSubject) -> Bool {
        guard home == approved.home else { return false }
        guard let cluster = approved.cluster else { return name == approved.name && name != nil }
        return self.cluster == cluster
    }
}

extension Intent {
    /// Whether it was about a group, as an approved plan named it or as it is called now.
    fileprivate func isAbout(_ approved: PlanSubject, _ present: PlanSubject?) -> Bool {
        guard let group else { return name == approved.name && place == approved.home }
        return group == approved.group || group == present?.group
    }
}

extension GroupPlan {
    /// The plan with some of its steps and no other line.
    fileprivate func restricted(to steps: [Step]) -> GroupPlan {
        GroupPlan(
            subject: subject,
            standing: standing,
            steps: steps,
            notes: [],
            unchangedCount: 0
        )
    }
}
