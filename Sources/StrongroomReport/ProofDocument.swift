public import CloudHSM
public import StrongroomModel

/// A proof as a file: the plan, what it started from, and per promise the worst case.
///
/// `schemas/proof.md` says what each field means. Equal proofs of equal plans give equal bytes.
public struct ProofDocument: Hashable, Sendable, Encodable {
    /// The format this version writes.
    public static let format = "strongroom-proof/1"

    /// Always ``format``.
    public let format: String

    /// The fleet's name.
    public let fleet: String

    /// The moment the plan was made for, by the service's clock.
    public let now: Timestamp

    /// The plan's digest, as a saved plan holds it.
    public let planSHA256: String

    /// Whether no promise can be broken.
    public let holds: Bool

    /// How many steps were looked at.
    public let steps: Int

    /// How close the plan comes to a floor; absent if no step comes near one.
    public let smallestMargin: ProvedMargin?

    /// Every promise, in their order, with the worst case.
    public let promises: [ProvedPromise]

    /// What breaks a promise.
    public let findings: [ProofFinding]

    /// What the proof started from.
    public let facts: [ProofFacts]

    /// The groups of the plan that have steps, as a saved plan holds them.
    public let groups: [PlannedGroup]

    /// Writes a proof down.
    ///
    /// - Parameters:
    ///   - proof: The proof.
    ///   - plan: The plan it is about.
    public init(_ proof: Proof, of plan: Plan) {
        self.init(proof, of: PlanDocument(plan, provedBy: proof))
    }

    /// Writes a proof down.
    ///
    /// - Parameters:
    ///   - proof: The proof.
    ///   - document: The plan it is about, as it is saved.
    public init(_ proof: Proof, of document: PlanDocument) {
        format = Self.format
        fleet = proof.fleet
        now = proof.now
        planSHA256 = document.sha256
        holds = proof.holds
        steps = proof.stepCount
        smallestMargin = proof.smallestMargin.map(ProvedMargin.init)
        promises = proof.worstCases.map(ProvedPromise.init)
        findings = proof.findings.map(ProofFinding.init)
        facts = proof.facts.map(ProofFacts.init)
        groups = document.body.groups.filter { !$0.steps.isEmpty }
    }

    /// The document as a file holds it.
    ///
    /// - Returns: UTF-8 text, ended by a line break.
    public func json() -> [UInt8] { CanonicalJSON.pretty(self) }
}

/// What a line of a proof is about, as a file holds it.
public struct ProofSubject: Hashable, Sendable, Codable {
    /// The manifest's name for the cluster, or our tag's.
    public let name: String?

    /// The account it lives in.
    public let account: AccountID

    /// The Region it lives in.
    public let region: Region

    /// The cluster's id; absent while it does not exist.
    public let cluster: ClusterID?

    init(_ subject: PlanSubject) {
        name = subject.name
        account = subject.home.account
        region = subject.home.region
        cluster = subject.cluster
    }
}

/// What is left above a floor, as a file holds it.
public struct ProvedMargin: Hashable, Sendable, Codable {
    /// How many above; negative where the floor is broken.
    public let number: Int

    /// What is counted.
    public let unit: Proof.Margin.Unit

    /// Where.
    public let region: Region

    /// Of what.
    public let subject: ProofSubject

    init(_ margin: Proof.Margin) {
        number = margin.number
        unit = margin.unit
        region = margin.region
        subject = ProofSubject(margin.subject)
    }
}

/// A promise and the worst that can become of it, as a file holds it.
public struct ProvedPromise: Hashable, Sendable, Codable {
    /// Its number in the design.
    public let promise: Promise

    /// The promise in words.
    public let text: String

    /// The worst case in words.
    public let worstCase: String

    /// The steps that reach it, in the order they are done.
    public let steps: [StepID]

    /// Where; absent where it is about the whole plan.
    public let subject: ProofSubject?

    /// What is left above the floor then, where there is one.
    public let margin: ProvedMargin?

    init(_ worst: Proof.WorstCase) {
        promise = worst.promise
        text = worst.promise.description
        worstCase = worst.text
        steps = worst.steps
        subject = worst.subject.map(ProofSubject.init)
        margin = worst.margin.map(ProvedMargin.init)
    }
}

/// A way to break a promise, as a file holds it.
public struct ProofFinding: Hashable, Sendable, Codable {
    /// The promise's number in the design.
    public let promise: Promise

    /// What can happen.
    public let text: String

    /// The steps that reach it; the last one breaks the promise.
    public let steps: [StepID]

    /// Where.
    public let subject: ProofSubject

    init(_ finding: Proof.Finding) {
        promise = finding.promise
        text = finding.text
        steps = finding.steps
        subject = ProofSubject(finding.subject)
    }
}

/// What a group's part of a proof started from, as a file holds it.
public struct ProofFacts: Hashable, Sendable, Encodable {
    /// Which group.
    public let subject: ProofSubject

    /// READY backups of the right lineage per Region that steps take from, and their floors.
    public let backups: [String: Proof.GroupFacts.Count]

    /// ACTIVE HSMs, and how many must be left.
    public let hsms: Proof.GroupFacts.Count

    init(_ facts: Proof.GroupFacts) {
        subject = ProofSubject(facts.subject)
        let rows = facts.backups.map { ($0.key.description, $0.value) }
        backups = Dictionary(rows) { first, _ in first }
        hsms = facts.hsms
    }
}
