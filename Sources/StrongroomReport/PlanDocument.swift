public import CloudHSM
public import StrongroomModel

/// A plan as a file: everything the plan says, for machines and for a later `apply`.
///
/// `schemas/plan.md` says what each field means. Equal plans give equal bytes.
public struct PlanDocument: Hashable, Sendable {
    /// The format this version writes, and the only one it reads.
    public static let format = "strongroom-plan/2"

    /// How long a saved plan can be applied.
    public static let lifetime = Duration.hours(24)

    /// What the digest covers.
    public let body: Body

    /// SHA-256 over the body as compact JSON with sorted keys, 64 hexadecimal digits.
    public let sha256: String

    /// Everything a plan says.
    public struct Body: Hashable, Sendable, Codable {
        /// Always ``PlanDocument/format``.
        public let format: String

        /// The fleet's name.
        public let fleet: String

        /// The moment the plan was made for, by the service's clock.
        public let now: Timestamp

        /// The groups, in plan order.
        public let groups: [PlannedGroup]

        /// The counts of the totals line.
        public let totals: PlannedTotals

        /// What its proof found; absent in a plan that was not proved.
        public let proof: PlannedProof?
    }

    /// Writes a plan down.
    ///
    /// - Parameters:
    ///   - plan: The plan.
    ///   - proof: Its proof.
    public init(_ plan: Plan, provedBy proof: Proof? = nil) {
        body = Body(
            format: Self.format,
            fleet: plan.fleet,
            now: plan.now,
            groups: plan.groups.map(PlannedGroup.init),
            totals: PlannedTotals(plan.totals),
            proof: proof.map(PlannedProof.init)
        )
        sha256 = CanonicalJSON.digest(of: body)
    }

    /// A short name for the plan: the first twelve digits of its digest.
    public var id: String { String(sha256.prefix(12)) }

    /// When the plan can no longer be applied.
    public var expiresAt: Timestamp { body.now + Self.lifetime }

    /// Refuses a plan that was made too long ago, or in the future.
    ///
    /// - Parameter now: The present, by the service's clock.
    /// - Throws: ``PlanDocumentError/expired(made:now:)`` or ``PlanDocumentError/ahead(made:now:)``.
    public func requireCurrent(at now: Timestamp) throws(PlanDocumentError) {
        guard now >= body.now else { throw .ahead(made: body.now, now: now) }
        guard now < expiresAt else { throw .expired(made: body.now, now: now) }
    }
}

/// The plan of one protection group, as a file holds it.
public struct PlannedGroup: Hashable, Sendable, Codable {
    /// The manifest's name for the cluster, or our tag's.
    public let name: String?

    /// The account it lives in.
    public let account: AccountID

    /// The Region it lives in.
    public let region: Region

    /// The cluster's id; absent while it does not exist.
    public let cluster: ClusterID?

    /// How the group stands to the manifests.
    public let standing: GroupPlan.Standing

    /// The steps, in order.
    public let steps: [PlannedStep]

    /// The lines that are no steps.
    public let notes: [PlannedNote]

    /// How many aspects are as they should be.
    public let unchanged: Int

    init(_ group: GroupPlan) {
        name = group.subject.name
        account = group.subject.home.account
        region = group.subject.home.region
        cluster = group.subject.cluster
        standing = group.standing
        steps = group.steps.map(PlannedStep.init)
        notes = group.notes.map(PlannedNote.init)
        unchanged = group.unchangedCount
    }

    /// What the group's plan is about.
    public var subject: PlanSubject {
        PlanSubject(name: name, home: Place(account: account, region: region), cluster: cluster)
    }
}

/// The counts of a plan's totals line, as a file holds them; each is there, zeros included.
public struct PlannedTotals: Hashable, Sendable, Codable {
    /// Steps that make something.
    public let add: Int

    /// Steps that set something to another value.
    public let change: Int

    /// Steps that copy a backup.
    public let copy: Int

    /// Steps that take something away.
    public let delete: Int

    /// Lines that wait.
    public let waiting: Int

    /// Lines that are held.
    public let held: Int

    /// Aspects that are as they should be.
    public let unchanged: Int

    /// Backups that go because of the plan.
    public let lostBackups: Int

    /// Clusters that are ours but named by no manifest.
    public let orphans: Int

    /// Clusters that were never ours.
    public let foreign: Int

    init(_ totals: PlanTotals) {
        add = totals.steps[.add] ?? 0
        change = totals.steps[.change] ?? 0
        copy = totals.steps[.copy] ?? 0
        delete = totals.steps[.delete] ?? 0
        waiting = totals.waiting
        held = totals.held
        unchanged = totals.unchanged
        lostBackups = totals.lostBackups
        orphans = totals.orphans
        foreign = totals.foreign
    }
}
