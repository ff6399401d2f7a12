import CloudHSM
import StrongroomModel
import StrongroomReport
import StrongroomState

/// What people agreed to before, and how far it was used.
struct Approvals {
    private let reading: JournalReading

    /// How far the use of a plan has come.
    enum Use: Hashable {
        /// Nothing was done under it.
        case fresh
        /// A run under it was cut short.
        case begun
        /// It was carried out, and cannot be used again.
        case ended(at: Timestamp)
    }

    init(_ reading: JournalReading) {
        self.reading = reading
    }

    /// The digests that plans were carried out under.
    var ended: Set<String> {
        Set(reading.uses.filter { $0.kind == .planEnded }.map(\.digest))
    }

    /// Everything that was used.
    var uses: [ApprovalUse] { reading.uses }

    /// How far the use of a plan has come.
    ///
    /// - Parameter digest: What was agreed to with it.
    /// - Returns: How far.
    func use(of digest: String) -> Use {
        let uses = reading.uses.filter { $0.digest == digest }
        if let end = uses.last(where: { $0.kind == .planEnded }) { return .ended(at: end.at) }
        return uses.contains { $0.kind == .planBegun } ? .begun : .fresh
    }

    /// The calls that were made under a plan.
    ///
    /// - Parameter digest: What was agreed to with it.
    /// - Returns: The calls, in the order they were begun.
    func entries(under digest: String) -> [JournalEntry] {
        reading.entries.filter { $0.intent.approval == digest }
    }

    /// Refuses to go on where nobody can know what was used.
    ///
    /// - Parameter what: What is to be used, for the message.
    /// - Throws: ``Trouble``.
    func requireReadable(for what: String) throws {
        guard let gap = reading.gaps.first(where: { $0.group == nil }) else { return }
        throw Trouble(
            "\(what) cannot be used, because nobody knows whether it was before: \(gap.reason)",
            .stateUnreadable
        )
    }
}

extension House {
    /// What people agreed to before, as far as the journal says.
    ///
    /// - Returns: The approvals.
    /// - Throws: What the journal throws.
    func approvals() throws -> Approvals {
        Approvals(try state.journal.reading(since: service.present - .days(30)))
    }

    /// What a plan made here and now is for.
    ///
    /// - Parameter now: When it is made.
    /// - Returns: The binding.
    func binding(at now: Timestamp) -> PlanBinding {
        // A run that writes has a number of its own; a plan was made after the one before it.
        let isWriting = state.lease != nil
        let lastEpoch = state.epoch - (isWriting ? 1 : 0)
        // The first run of all gave the state its timeline; a plan made before knows none.
        let timeline = isWriting && lastEpoch == 0 ? nil : state.run?.timeline
        return binding(at: now, timeline: timeline?.description, epoch: lastEpoch)
    }

    private func binding(at now: Timestamp, timeline: String?, epoch: Int) -> PlanBinding {
        PlanBinding(
            fleet,
            endpoint: service.endpoint,
            lineage: state.lineage.description,
            timeline: timeline,
            epoch: epoch,
            tool: Strongroom.version,
            at: now
        )
    }

    /// A plan as a document that can be applied here.
    ///
    /// - Parameter planned: The plan and its proof.
    /// - Returns: The document.
    /// - Throws: What the journal throws.
    func document(_ planned: PlanPipeline.Result) throws -> PlanDocument {
        PlanDocument(
            planned.plan,
            provedBy: planned.proof,
            boundBy: binding(at: planned.plan.now),
            apartFrom: try approvals().ended
        )
    }

    /// The digest that a plan made now had before the state's first run, when there was no timeline to
    /// name.
    ///
    /// A run that did nothing, such as an `apply` that nobody agreed to, gives the state its timeline,
    /// and what somebody read before is the same plan still.
    ///
    /// - Parameters:
    ///   - planned: The plan and its proof.
    ///   - document: The same as a document that can be applied here.
    /// - Returns: 64 hexadecimal digits; `nil` if an equal plan was carried out before, for that is
    ///   what somebody may have read.
    func digestOfBeforeTheFirstRun(
        _ planned: PlanPipeline.Result,
        _ document: PlanDocument
    ) -> String? {
        guard document.body.binding?.repetition == 0 else { return nil }
        return PlanDocument(
            planned.plan,
            provedBy: planned.proof,
            boundBy: binding(at: planned.plan.now, timeline: nil, epoch: 0)
        )
        .approval
    }

    /// The digest by which a plan made now can be agreed to.
    ///
    /// - Parameter plan: The plan.
    /// - Returns: `sha256:` and the digest; `nil` if there is nothing to agree to.
    /// - Throws: What the journal throws.
    func digest(of plan: Plan) throws -> String? {
        try PlanDocument.digest(
            of: plan,
            boundBy: binding(at: plan.now),
            apartFrom: try approvals().ended
        )
    }

    /// Records that something a person agreed to is used; durable when it returns.
    ///
    /// - Parameter use: What is used.
    /// - Throws: ``Trouble``: nothing may then be done under it.
    func record(_ use: ApprovalUse) async throws {
        try await Trouble.explaining { try await state.journal.record(use) }
    }
}
