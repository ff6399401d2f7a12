import CloudHSM
import StrongroomModel

/// Brute force: visits every state that a plan, and the service meanwhile, can reach, and looks at
/// every call whether it breaks a promise.
///
/// Shares nothing with the prover but the types it is asked in. A call that is not done leaves the
/// state as it was; one whose answer is lost has its effect, and what comes after it waits until
/// the postcondition is seen, which is how every step becomes done; a run may stop in any state,
/// so every state is looked at. The service may finish or fail what is in progress, sweep what is
/// due in any order, make two backups, and turn HSMs DEGRADED, heal or replace them.
struct Explorer {
    /// One state of the world and of the run.
    struct State: Hashable {
        var ready: UInt32 = 0
        var busy: UInt32 = 0
        var pending: UInt32 = 0
        var pinned: UInt32 = 0
        var called: UInt16 = 0
        var done: UInt16 = 0
        var active: UInt16 = 0
        var degraded: UInt16 = 0
        var renamed: UInt16 = 0
        /// Which steps had been called when each young backup was made, a byte for each.
        var since: UInt64 = 0
        var policy: UInt8 = 0
        var hasCluster = true

        func hash(into hasher: inout Hasher) {
            hasher.combine(UInt64(ready) | UInt64(busy) << 32)
            hasher.combine(UInt64(pending) << 20 ^ UInt64(pinned) ^ since << 8)
            hasher.combine(
                UInt64(called) | UInt64(done) << 16 | UInt64(active) << 32 | UInt64(degraded) << 40
                    | UInt64(renamed) << 48 | UInt64(policy) << 56
            )
        }
    }

    private let world: SmallWorld
    private var visited: Set<State> = []
    private var open: [State] = []

    /// The most states that are looked at before giving up.
    static let limit = 6_000

    /// The first breach that can be reached.
    private(set) var breach: String?

    /// How many states there are; fewer if a breach ended the search.
    var stateCount: Int { visited.count }

    /// Whether the search came to its end.
    var isThrough: Bool { breach != nil || (open.isEmpty && visited.count < Self.limit) }

    /// Explores a world to the first breach.
    init(_ world: SmallWorld) {
        self.world = world
        visit(world.start)
        while breach == nil, visited.count < Self.limit, let state = open.popLast() {
            stepThrough(state)
            serve(state)
        }
    }

    private mutating func visit(_ state: State) {
        if visited.insert(state).inserted { open.append(state) }
    }

    // MARK: Our hand

    private mutating func stepThrough(_ state: State) {
        for index in 0..<world.before.count {
            let bit = UInt16(1) << UInt16(index)
            let before = world.before[index]
            guard state.done & bit == 0, state.done & before == before else { continue }
            let step = world.steps[index]
            if world.holds(step.until, state) {
                var next = state
                next.done |= bit
                visit(next)
            } else if state.called & bit == 0, step.when.allSatisfy({ world.holds($0, state) }) {
                call(index, state)
            }
            if breach != nil { return }
        }
    }

    private mutating func call(_ index: Int, _ state: State) {
        let bit = UInt16(1) << UInt16(index)
        var next = state
        next.called |= bit
        switch world.steps[index].effect {
        case .nothing: break
        case .delete(let slot):
            guard state.ready >> slot & 1 == 1 else { return }
            breach = breach ?? world.breach(deleting: slot, state, by: index)
            next.ready &= ~(1 << slot)
            next.pending |= 1 << slot
        case .restore(let slot):
            guard state.pending >> slot & 1 == 1 else { return }
            next.pending &= ~(1 << slot)
            next.ready |= 1 << slot
        case .pin(let target):
            guard let slot = world.slot(target, state), state.ready >> slot & 1 == 1 else { return }
            next.pinned |= 1 << slot
        case .unpin(let slot):
            guard state.ready >> slot & 1 == 1 else { return }
            if world.isNominated[Int(slot)] { breach = breach ?? "a recovery point is unpinned" }
            next.pinned &= ~(1 << slot)
        case .retain(let policy): next.policy = policy
        case .copy(let source, let slot):
            guard let origin = world.slot(source, state), state.ready >> origin & 1 == 1 else {
                return
            }
            next.busy |= 1 << slot
        case .add(let hsm, let backup):
            if let text = world.breach(adding: state) { breach = breach ?? text }
            if let backup, state.active | state.renamed != 0 { make(backup, &next, isReady: false) }
            var broken = next
            broken.degraded |= 1 << hsm
            visit(broken)
            next.active |= 1 << hsm
        case .remove(let hsm, let backup):
            guard (state.active | state.degraded) >> hsm & 1 == 1 else { return }
            breach = breach ?? world.breach(removing: hsm, state, by: index)
            if let backup, state.active >> hsm & 1 == 1 { make(backup, &next, isReady: false) }
            next.active &= ~(1 << hsm)
            next.degraded &= ~(1 << hsm)
        case .deleteCluster:
            guard state.active | state.degraded | state.renamed == 0 else { return }
            breach = breach ?? world.breach(deletingCluster: state, by: index)
            next.hasCluster = false
        }
        visit(next)
    }

    private func make(_ slot: UInt32, _ state: inout State, isReady: Bool) {
        if isReady { state.ready |= 1 << slot } else { state.busy |= 1 << slot }
        let place = UInt64(slot - world.firstYoung) * 8
        state.since |= UInt64(UInt8(truncatingIfNeeded: state.called)) << place
    }

    // MARK: The service's hand

    private mutating func serve(_ state: State) {
        var busy = state.busy
        while busy != 0 {
            let slot = UInt32(busy.trailingZeroBitCount)
            busy &= busy - 1
            var next = state
            next.busy &= ~(1 << slot)
            visit(next)
            next.ready |= 1 << slot
            visit(next)
        }
        if world.sweeps { sweep(state) }
        if world.backsUp, state.hasCluster, state.active | state.renamed != 0,
            let slot = world.daily.first(where: { (state.ready | state.pending) >> $0 & 1 == 0 })
        {
            var next = state
            make(slot, &next, isReady: true)
            visit(next)
        }
        if world.movesHSMs { moveHSMs(state) }
    }

    private mutating func sweep(_ state: State) {
        var due = world.due(state)
        while due != 0 {
            let slot = UInt32(due.trailingZeroBitCount)
            due &= due - 1
            breach = breach ?? world.breach(sweeping: slot, state)
            var next = state
            next.ready &= ~(1 << slot)
            next.pending |= 1 << slot
            visit(next)
        }
    }

    private mutating func moveHSMs(_ state: State) {
        for hsm in 0..<UInt16(16) {
            let bit = UInt16(1) << hsm
            var next = state
            if state.active & bit != 0 {
                next.active &= ~bit
                next.degraded |= bit
                visit(next)
                next.degraded &= ~bit
                next.renamed |= bit
                visit(next)
            } else if state.degraded & bit != 0 {
                next.degraded &= ~bit
                next.active |= bit
                visit(next)
            }
        }
    }
}
