public import CloudHSM

/// An ordered plan for a fleet, with a reason for every line.
public struct Plan: Hashable, Sendable {
    /// The fleet's name.
    public let fleet: String

    /// The moment the plan was made for, by the service's clock.
    public let now: Timestamp

    /// The groups, ordered by name, then by id; those as they should be carry only notes.
    public let groups: [GroupPlan]

    /// The places that could not be read whole, and why.
    public let unreadPlaces: [Place: UnreadReason]

    /// When what was planned from was observed, where that was earlier; `nil` where the service was
    /// asked.
    public let observedAt: Timestamp?

    /// Joins the groups' plans.
    ///
    /// - Parameters:
    ///   - fleet: The fleet's name.
    ///   - now: The moment the plan was made for.
    ///   - groups: The groups' plans, in any order.
    ///   - unreadPlaces: The places that could not be read whole, and why.
    ///   - observedAt: When what was planned from was observed, where that was earlier.
    public init(
        fleet: String,
        now: Timestamp,
        groups: [GroupPlan],
        unreadPlaces: [Place: UnreadReason] = [:],
        observedAt: Timestamp? = nil
    ) {
        self.fleet = fleet
        self.now = now
        self.groups = groups.sorted { $0.subject < $1.subject }
        self.unreadPlaces = unreadPlaces
        self.observedAt = observedAt
    }

    /// The counts of the totals line.
    public var totals: PlanTotals {
        groups.reduce(into: PlanTotals(unreadPlaces: unreadPlaces.count)) { $0.count($1) }
    }

    /// Whether nothing is wanted: nothing is to be done, waits or is held, and everything was read.
    public var isSettled: Bool {
        unreadPlaces.isEmpty && groups.allSatisfy { $0.steps.isEmpty && !$0.hasOpenNotes }
    }
}

/// What a group's plan is about.
public struct PlanSubject: Hashable, Sendable {
    /// The manifest's name for the cluster; without one, our tag's.
    public let name: String?

    /// Where it lives.
    public let home: Place

    /// The cluster's id; absent while it does not exist.
    public let cluster: ClusterID?

    /// Names a subject.
    ///
    /// - Parameters:
    ///   - name: The manifest's name, or our tag's.
    ///   - home: Where it lives.
    ///   - cluster: The cluster's id.
    public init(name: String?, home: Place, cluster: ClusterID?) {
        self.name = name
        self.home = home
        self.cluster = cluster
    }

    /// The group's name; `nil` while the cluster does not exist.
    public var group: GroupID? { cluster.map { GroupID(home: home, cluster: $0) } }
}

extension PlanSubject: Comparable {
    /// Orders by name, unnamed ones last, then by home and cluster.
    public static func < (left: PlanSubject, right: PlanSubject) -> Bool {
        switch (left.name, right.name) {
        case (nil, .some): return false
        case (.some, nil): return true
        case (let one?, let other?) where one != other: return one < other
        default: break
        }
        guard left.home == right.home else { return left.home < right.home }
        switch (left.cluster, right.cluster) {
        case (nil, .some): return true
        case (let one?, let other?): return one < other
        default: return false
        }
    }
}

/// The plan of one protection group.
public struct GroupPlan: Hashable, Sendable {
    /// How the group stands to the manifests.
    public enum Standing: String, Hashable, Sendable, Codable {
        /// A manifest names it.
        case managed
        /// It is ours, but no manifest names it.
        case orphan
        /// It was never ours.
        case foreign
    }

    /// What it is about.
    public let subject: PlanSubject

    /// How the group stands to the manifests.
    public let standing: Standing

    /// The steps, in order.
    public let steps: [Step]

    /// The lines that are no steps.
    public let notes: [Note]

    /// How many aspects are as they should be.
    public let unchangedCount: Int

    /// Describes a group's plan.
    ///
    /// - Parameters:
    ///   - subject: What it is about.
    ///   - standing: How the group stands to the manifests.
    ///   - steps: The steps, in order.
    ///   - notes: The lines that are no steps.
    ///   - unchangedCount: How many aspects are as they should be.
    public init(
        subject: PlanSubject,
        standing: Standing,
        steps: [Step],
        notes: [Note],
        unchangedCount: Int
    ) {
        self.subject = subject
        self.standing = standing
        self.steps = steps
        self.notes = notes
        self.unchangedCount = unchangedCount
    }

    /// Whether something waits or is held.
    public var hasOpenNotes: Bool { notes.contains(where: \.isOpen) }

    /// The steps that must be done before a step may be begun: those it names, and for one that
    /// loses backups every step before it.
    ///
    /// This and nothing else is the order that a plan allows.
    ///
    /// - Parameter step: A step of the plan.
    /// - Returns: The numbers of the steps.
    public func predecessors(of step: Step) -> [StepID] {
        guard !step.action.lostBackups.isEmpty else { return step.after }
        return steps.prefix { $0.id != step.id }.map(\.id)
    }
}

/// The counts of a plan's totals line.
public struct PlanTotals: Hashable, Sendable {
    /// Steps by kind.
    public private(set) var steps: [ChangeKind: Int]

    /// Lines that wait.
    public private(set) var waiting: Int

    /// Lines that are held.
    public private(set) var held: Int

    /// Lines that rest on what could not be read.
    public private(set) var unread: Int

    /// Places that could not be read whole.
    public let unreadPlaces: Int

    /// Aspects that are as they should be.
    public private(set) var unchanged: Int

    /// Backups that go because of the plan.
    public private(set) var lostBackups: Int

    /// Clusters that are ours but named by no manifest.
    public private(set) var orphans: Int

    /// Clusters that were never ours.
    public private(set) var foreign: Int

    /// Counts no line yet.
    ///
    /// - Parameter unreadPlaces: Places that could not be read whole.
    public init(unreadPlaces: Int = 0) {
        self.unreadPlaces = unreadPlaces
        unread = 0
        steps = [:]
        waiting = 0
        held = 0
        unchanged = 0
        lostBackups = 0
        orphans = 0
        foreign = 0
    }

    /// Adds a group's lines.
    ///
    /// - Parameter group: The group's plan.
    public mutating func count(_ group: GroupPlan) {
        for step in group.steps {
            steps[step.action.kind, default: 0] += 1
            lostBackups += step.action.lostBackups.count
        }
        waiting += group.notes.count { $0.kind == .waiting }
        held += group.notes.count { $0.kind == .held }
        unread += group.notes.count { $0.kind == .unread }
        unchanged += group.unchangedCount
        switch group.standing {
        case .managed: break
        case .orphan: orphans += 1
        case .foreign: foreign += 1
        }
    }
}
