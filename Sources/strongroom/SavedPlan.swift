import CloudHSM
import StrongroomModel
import StrongroomReport

/// A plan that somebody agreed to before, by its file or by its digest.
struct SavedPlan {
    /// What messages call it.
    let name: String

    /// What was agreed to.
    let document: PlanDocument

    /// The digest of what was agreed to, 64 hexadecimal digits.
    let digest: String

    /// Whether it was agreed to by its digest only: the plan made now has to be equal.
    let isMadeNow: Bool

    /// Reads a plan from a file.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - keys: The keys one of which must have signed it; empty if unsigned plans are taken too.
    /// - Throws: ``Trouble`` that says what is wrong with it.
    init(path: String, trusting keys: [TrustedKey]) throws {
        let file = try GivenFile(path, "the plan", for: .anyone)
        name = path
        do throws(PlanDocumentError) {
            document = try PlanDocument(json: file.bytes)
            try document.requireTrust(in: keys)
            guard document.body.binding != nil else { throw .unbound }
        } catch {
            throw Trouble("\(path): \(error)", .planStale)
        }
        // Nobody can agree to nothing: a plan without steps is never recorded as used.
        digest = document.approval ?? document.sha256
        isMadeNow = false
    }

    /// Takes the plan made now, if it is what somebody agreed to by its digest.
    ///
    /// - Parameters:
    ///   - text: `sha256:` and the digest, as `plan` printed it.
    ///   - house: Where it is to be carried out.
    /// - Throws: ``Trouble`` if the plan made now has another digest.
    init(digest text: String, in house: House) async throws {
        let digest = String(text.dropFirst(PlanDocument.digestPrefix.count))
        let approvals = try house.approvals()
        try approvals.requireReadable(for: "the digest")
        if case .ended(let at) = approvals.use(of: digest) {
            throw Trouble("the plan \(text) was used on \(at); plan again", .planStale)
        }
        let planned = try await house.plan()
        let document = try house.document(planned)
        guard
            let agreed = document.approval,
            agreed == digest || house.digestOfBeforeTheFirstRun(planned, document) == digest
        else {
            if let gap = planned.gap {
                let lines =
                    UnreadLines(planned.plan.unreadPlaces, in: house.fleet).lines
                    + planned.unread.sorted { $0.key < $1.key }.map {
                        "\($0.key.cluster): \($0.value)"
                    }
                throw Trouble(
                    "nobody can tell whether the plan \(text) still fits, because not everything "
                        + "could be read; nothing was sent, and the plan can still be used: "
                        + lines.joined(separator: "; "),
                    gap
                )
            }
            let found = document.body.digest.map { "the plan made now is \($0)" }
            let advice =
                approvals.use(of: digest) == .begun
                ? "it was begun and not ended: go on with its file if plan -o saved one, or plan again"
                : "plan again"
            throw Trouble(
                "no plan made now is \(text): \(found ?? "there is nothing to do"); \(advice)",
                .planStale
            )
        }
        name = text
        self.document = document
        // One plan is used once, by whichever of its digests somebody agreed to it.
        self.digest = agreed
        isMadeNow = true
    }

    /// Whether anything of it can be carried out.
    var hasSteps: Bool { document.body.groups.contains { !$0.steps.isEmpty } }

    /// Whether it leaves out what was held when it was made.
    var leavesOutWhatWasHeld: Bool {
        document.body.groups.contains { $0.notes.contains { $0.kind == .held } }
    }

    /// Who read it, and when: what somebody restored since then is not deleted again under it.
    var reader: PlanReader { .personAt(document.body.now) }

    /// Refuses a plan that is too old, or made for something else.
    ///
    /// - Parameter house: Where it is to be carried out.
    /// - Throws: ``Trouble`` that names what differs.
    func requireHereAndNow(in house: House) throws {
        let now = house.service.present
        do throws(PlanDocumentError) {
            try document.requireCurrent(at: now)
            try document.requireBinding(house.binding(at: now))
        } catch {
            throw Trouble("\(name): \(error)", .planStale)
        }
    }

    /// How far its use has come; one that was carried out is refused.
    ///
    /// - Parameter approvals: What the journal knows.
    /// - Returns: How far.
    /// - Throws: ``Trouble`` if it was used, or nobody knows.
    func use(by approvals: Approvals) throws -> PlanFit.Use {
        try approvals.requireReadable(for: "the plan \(name)")
        switch approvals.use(of: digest) {
        case .fresh: return .fresh
        case .begun: return .begun
        case .ended(let at):
            throw Trouble(
                "\(name): the plan was used on \(at), and each is used once only; plan again",
                .planStale
            )
        }
    }

    /// A use of the plan, to be recorded.
    ///
    /// - Parameters:
    ///   - kind: How far.
    ///   - now: When.
    /// - Returns: The use.
    func use(_ kind: ApprovalUse.Kind, at now: Timestamp) -> ApprovalUse {
        ApprovalUse(
            kind,
            of: digest,
            about: document.body.fleet,
            by: document.signature.map { "the key \($0.keyID)" },
            at: now
        )
    }
}
