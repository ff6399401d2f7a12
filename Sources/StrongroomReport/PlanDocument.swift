public import CloudHSM
public import StrongroomModel

/// A plan as a file: everything the plan says, for machines and for a later `apply`.
///
/// `schemas/plan.md` says what each field means. Equal plans give equal bytes.
public struct PlanDocument: Hashable, Sendable {
    /// The format this version writes, and the only one it reads.
    public static let format = "strongroom-plan/4"

    /// How long a saved plan can be applied.
    public static let lifetime = Duration.hours(24)

    /// What the digest covers.
    public let body: Body

    /// SHA-256 over the body as compact JSON with sorted keys, 64 hexadecimal digits.
    public let sha256: String

    /// Who signed it; absent in a plan that nobody signed.
    public let signature: DocumentSignature?

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

        /// The places that could not be read whole; absent where every one was.
        public let unread: [PlannedUnread]?

        /// When what was planned from was observed; absent where the service was asked.
        public let observedAt: Timestamp?

        /// What its proof found; absent in a plan that was not proved.
        public let proof: PlannedProof?

        /// What the plan is for; absent in a plan that cannot be applied.
        public let binding: PlanBinding?

        /// `sha256:` and the digest of what is agreed to with the plan; absent where that is nothing.
        public let digest: String?
    }

    /// Writes a plan down.
    ///
    /// - Parameters:
    ///   - plan: The plan.
    ///   - proof: Its proof.
    ///   - binding: What it is for.
    ///   - ended: The digests, without `sha256:`, that plans were carried out under before: the
    ///     plan gets another.
    public init(
        _ plan: Plan,
        provedBy proof: Proof? = nil,
        boundBy binding: PlanBinding? = nil,
        apartFrom ended: Set<String> = []
    ) {
        let groups = plan.groups.map(PlannedGroup.init)
        let bound = binding.map { Self.bind(groups, of: plan.fleet, by: $0, apartFrom: ended) }
        body = Body(
            format: Self.format,
            fleet: plan.fleet,
            now: plan.now,
            groups: groups,
            totals: PlannedTotals(plan.totals),
            unread: plan.unreadPlaces.isEmpty ? nil : PlannedUnread.all(of: plan),
            observedAt: plan.observedAt,
            proof: proof.map(PlannedProof.init),
            binding: bound?.binding,
            digest: bound?.digest.map { Self.digestPrefix + $0 }
        )
        sha256 = CanonicalJSON.digest(of: body)
        signature = nil
    }

    /// Joins what a document is made of, and checks nothing.
    init(_ body: Body, sha256: String, signature: DocumentSignature?) {
        self.body = body
        self.sha256 = sha256
        self.signature = signature
    }

    /// What stands before a digest of what is agreed to.
    public static let digestPrefix = "sha256:"

    /// The digest of what is agreed to with a plan, without writing all of it down.
    ///
    /// - Parameters:
    ///   - plan: The plan.
    ///   - binding: What it is for; asked for only where there is something to agree to.
    ///   - ended: The digests that plans were carried out under before.
    /// - Returns: `sha256:` and the digest; `nil` if there is nothing to agree to.
    /// - Throws: What `ended` throws.
    public static func digest(
        of plan: Plan,
        boundBy binding: @autoclosure () -> PlanBinding,
        apartFrom ended: @autoclosure () throws -> Set<String>
    ) rethrows -> String? {
        let groups = plan.groups.filter(\.asksForAgreement).map(PlannedGroup.init)
        guard !groups.isEmpty else { return nil }
        return bind(groups, of: plan.fleet, by: binding(), apartFrom: try ended()).digest
            .map { digestPrefix + $0 }
    }

    /// Whether a text has the shape of a digest of what is agreed to, prefix included.
    ///
    /// - Parameter text: The text.
    /// - Returns: Whether it has.
    public static func isDigest(_ text: String) -> Bool {
        guard text.hasPrefix(digestPrefix) else { return false }
        return HexText.bytes(of: String(text.dropFirst(digestPrefix.count)))?.count == 32
    }

    /// A short name for the plan: the first twelve digits of its digest.
    public var id: String { String(sha256.prefix(12)) }

    /// The digest of what is agreed to with the plan, 64 hexadecimal digits; `nil` if that is nothing.
    public var approval: String? {
        body.digest.map { String($0.dropFirst(Self.digestPrefix.count)) }
    }

    /// When the plan can no longer be applied.
    public var expiresAt: Timestamp { body.binding?.expires ?? body.now + Self.lifetime }

    /// Refuses a plan that was made too long ago, or in the future.
    ///
    /// - Parameter now: The present, by the service's clock.
    /// - Throws: ``PlanDocumentError/expired(made:now:)`` or ``PlanDocumentError/ahead(made:now:)``.
    public func requireCurrent(at now: Timestamp) throws(PlanDocumentError) {
        guard now >= body.now else { throw .ahead(made: body.now, now: now) }
        // Whatever the file says of its end, a day is the most.
        guard now < min(expiresAt, body.now + Self.lifetime) else {
            throw .expired(made: body.now, now: now)
        }
    }

    /// The digest and the first repetition under which nothing was carried out yet.
    private static func bind(
        _ groups: [PlannedGroup],
        of fleet: String,
        by binding: PlanBinding,
        apartFrom ended: Set<String>
    ) -> (binding: PlanBinding, digest: String?) {
        var binding = binding
        while true {
            let digest = ApprovalDigest.digest(of: groups, fleet: fleet, binding: binding)
            guard let digest, ended.contains(digest) else { return (binding, digest) }
            binding = binding.repeated(binding.repetition + 1)
        }
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

/// A place that could not be read whole, as a file holds it.
public struct PlannedUnread: Hashable, Sendable, Codable {
    /// The account.
    public let account: AccountID

    /// The Region.
    public let region: Region

    /// What went wrong, in words.
    public let cause: String

    /// The page at which reading stopped; absent where none can be named.
    public let page: String?

    static func all(of plan: Plan) -> [PlannedUnread] {
        plan.unreadPlaces.sorted { $0.key < $1.key }.map { place, reason in
            PlannedUnread(
                account: place.account,
                region: place.region,
                cause: reason.cause,
                page: reason.page
            )
        }
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

    /// Lines that rest on what could not be read.
    public let unread: Int

    /// Places that could not be read whole.
    public let unreadPlaces: Int

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
        unread = totals.unread
        unreadPlaces = totals.unreadPlaces
        unchanged = totals.unchanged
        lostBackups = totals.lostBackups
        orphans = totals.orphans
        foreign = totals.foreign
    }
}
