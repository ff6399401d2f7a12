import CloudHSM
import Foundation
import StrongroomModel
import StrongroomPlanner
import StrongroomProof

/// From a service to a proved plan, group by group on all cores: no more than a few groups are in memory
/// at once, however many the fleet has.
struct PlanPipeline: Sendable {
    let fleet: DesiredFleet
    let service: any FleetView
    let context: PlanContext
    var detail = Planner.Detail.differences
    var selector: LabelSelector?

    /// Whether what is seen is gathered, to be kept for the next run.
    var remembers = false

    /// How far our own memory reaches.
    let horizon: MemoryHorizon

    /// The plan, its proof, and the groups and places that could not be read.
    struct Result: Sendable {
        let plan: Plan
        let proof: Proof
        let planner: Planner
        let unread: [GroupID: UnreadReason]
        let unreadPlaces: [Place: UnreadReason]

        /// Why parts of the journal that are about no one group cannot be read.
        let journalGaps: [String]

        /// Whether what the last run remembered cannot be read; plans go on without it.
        var hasLostMemory = false

        /// The plan of everything that is wanted, where ``plan`` has some of its steps only: what a run
        /// remembers goes by it.
        var whole: Plan?

        /// Whether something is held that ``plan`` leaves out.
        var holdsBesides = false

        /// Whether what an earlier run began is not through yet, and waiting for it was in vain.
        var isStillUnderWay = false

        /// Whether a part of our own state directory cannot be read.
        var isDamaged: Bool {
            hasLostMemory || !journalGaps.isEmpty
                || unread.values.contains { $0.origin == .ownState }
        }

        /// Whether something that is wanted rests on what the service did not let be read.
        var isUnread: Bool {
            plan.totals.unread > 0 || !plan.unreadPlaces.isEmpty
                || unread.values.contains { $0.origin == .service }
        }

        /// The code that a gap in what was read means; `nil` if everything was read.
        var gap: ExitStatus? { isDamaged ? .stateUnreadable : isUnread ? .unread : nil }

        /// Whether the same could not be read as for another plan.
        func hasSameGaps(as other: Result) -> Bool {
            plan.unreadPlaces == other.plan.unreadPlaces && unread == other.unread
                && journalGaps == other.journalGaps
        }

        /// Whether something that is wanted is held, or the plan may not be carried out.
        var isHeld: Bool { plan.totals.held > 0 || holdsBesides || !proof.holds }

        /// What bears our mark and is not in our memory.
        let forgotten: [ForgottenCall]

        /// What there is to remember of each group; empty if nothing is gathered.
        let found: [GroupID: SeenGroup]

        /// Proves a plan with some of the steps only, from the same reading of the groups.
        let prove: @Sendable (Plan) async throws -> Proof

        /// Whether a group, or its home, could not be read.
        func isUnread(_ id: GroupID) -> Bool {
            unread[id] != nil || unreadPlaces[id.home] != nil
        }

        /// Whether a group was read in every Region of its account.
        func isReadWhole(_ id: GroupID) -> Bool {
            unread[id] == nil && !unreadPlaces.keys.contains { $0.account == id.home.account }
        }
    }

    /// Plans the whole fleet.
    ///
    /// - Parameter onEach: Is given every group that could be read, in no fixed order and from
    ///   several threads.
    /// - Returns: The plan, its proof, and what could not be read.
    /// - Throws: What the service throws when it cannot say which groups there are.
    func run(
        onEach: @escaping @Sendable (ProtectionGroup) -> Void = { _ in }
    ) async throws -> Result {
        let inventory = try await service.inventory()
        var context = context
        context.unreadPlaces = inventory.unreadPlaces
        let planner = Planner(fleet: fleet, context: context, detail: detail)
        let quietProver = Prover(fleet: fleet, context: context)
        let chunks = inventory.groups.chunked(
            into: ProcessInfo.processInfo.activeProcessorCount * 8
        )
        var whole = Chunk()
        whole.parts.reserveCapacity(inventory.groups.count)
        try await withThrowingTaskGroup(of: Chunk.self) { group in
            for ids in chunks {
                group.addTask { try await plan(ids, planner, quietProver, onEach) }
            }
            for try await chunk in group { whole.append(chunk) }
        }
        context.unreadGroups = whole.unread
        context.memoryDoubt = context.memoryDoubt ?? whole.memoryDoubt
        let all = planner.assemble(
            whole.parts,
            unread: whole.unread,
            memoryDoubt: whole.memoryDoubt
        )
        let chosen = selector?.part(of: all, in: fleet) ?? all
        let prover = Prover(fleet: fleet, context: context)
        let readings = whole
        return Result(
            plan: chosen,
            proof: try await readings.proof(of: chosen, by: prover),
            planner: planner,
            unread: whole.unread,
            unreadPlaces: inventory.unreadPlaces,
            journalGaps: context.journalGaps.filter { $0.group == nil && !$0.isPast }
                .map(\.reason),
            forgotten: whole.forgotten,
            found: whole.found,
            prove: { try await readings.proof(of: $0, by: prover) }
        )
    }

    /// What a part of the groups came to.
    private struct Chunk: Sendable {
        var parts: [PlanPart] = []
        var unread: [GroupID: UnreadReason] = [:]
        var found: [GroupID: SeenGroup] = [:]
        var forgotten: [ForgottenCall] = []

        /// Why our memory may be older than the world.
        var memoryDoubt: String? {
            forgotten.min { ($0.at, $0.made) < ($1.at, $1.made) }.map { first in
                "our memory does not know of \(first), and \(forgotten.count - 1) more: the state "
                    + "directory may have been put back from an older copy, or another one is in "
                    + "use for the same fleet"
            }
        }

        /// The readings of groups that have no steps.
        var quiet: [GroupProof] = []

        /// The groups whose steps are to be proved once the plan is whole.
        var lively: [GroupID: ProtectionGroup] = [:]

        mutating func append(_ other: Chunk) {
            parts += other.parts
            unread.merge(other.unread) { first, _ in first }
            forgotten += other.forgotten
            found.merge(other.found) { first, _ in first }
            quiet += other.quiet
            lively.merge(other.lively) { first, _ in first }
        }

        /// The proof of the plan that is shown, whatever of it was chosen.
        func proof(of plan: Plan, by prover: Prover) async throws -> Proof {
            var left = lively
            var cases: [(plan: GroupPlan, group: ProtectionGroup?)] = []
            for group in plan.groups {
                guard let id = group.subject.group else {
                    cases.append((group, nil))
                    continue
                }
                guard let observed = left.removeValue(forKey: id) else { continue }
                cases.append((group, observed))
            }
            for (id, group) in left {
                let subject = PlanSubject(name: nil, home: id.home, cluster: id.cluster)
                cases.append((GroupPlan(nothingFor: subject), group))
            }
            let cores = ProcessInfo.processInfo.activeProcessorCount
            return try await withThrowingTaskGroup(of: [GroupProof].self) { group in
                for chunk in cases.chunked(into: cores) {
                    group.addTask { chunk.map { prover.check($0.plan, of: $0.group) } }
                }
                var proofs = quiet
                for try await part in group { proofs += part }
                return prover.conclude(proofs)
            }
        }
    }

    private func plan(
        _ ids: ArraySlice<GroupID>,
        _ planner: Planner,
        _ prover: Prover,
        _ onEach: @Sendable (ProtectionGroup) -> Void
    ) async throws -> Chunk {
        var chunk = Chunk()
        let damaged = Dictionary(
            context.journalGaps.compactMap { gap in gap.group.map { ($0, gap.reason) } }
        ) { first, _ in first }
        for id in ids {
            if let reason = damaged[id] {
                chunk.unread[id] = UnreadReason(reason, from: .ownState)
                continue
            }
            do {
                let group = try await service.observe(id)
                onEach(group)
                chunk.forgotten += group.forgotten(by: horizon, fleet: fleet.name.value)
                let part = planner.part(for: group)
                chunk.parts.append(part)
                if part.isQuiet {
                    chunk.quiet.append(prover.check(part.plan, of: group))
                } else {
                    chunk.lively[id] = group
                }
                if remembers { chunk.found[id] = planner.seen(group) }
            } catch let cancellation as CancellationError {
                throw cancellation
            } catch {
                chunk.unread[id] = UnreadReason(of: error)
            }
        }
        return chunk
    }
}

extension GroupPlan {
    /// A plan without any line.
    fileprivate init(nothingFor subject: PlanSubject) {
        self.init(subject: subject, standing: .managed, steps: [], notes: [], unchangedCount: 0)
    }
}

extension Array {
    /// The elements in at most so many slices of about the same length, in order.
    fileprivate func chunked(into count: Int) -> [ArraySlice<Element>] {
        let length = Swift.max((self.count + count - 1) / count, 1)
        return stride(from: 0, to: self.count, by: length).map {
            self[$0..<Swift.min($0 + length, self.count)]
        }
    }
}
