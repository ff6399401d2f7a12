import CloudHSM
import StrongroomModel
import StrongroomSimulator
import Synchronization

/// The simulated service, watched: before and after every call and every wait the whole true world
/// is compared, and whatever breaks a promise is noted.
final class WatchedService: HSMService {
    /// What goes wrong on the way to the service and back.
    struct Trouble: Sendable {
        /// Of a hundred calls, how many never arrive although no answer says so.
        var lostRequests = 0
        /// Of a hundred calls, how many are carried out without an answer.
        var lostAnswers = 0
        /// Decides which.
        var seed: UInt64 = 0
    }

    private struct Notes {
        var watch: Watch
        var chance: Chance
        var calls: [String] = []
        var broken: [String] = []
        var refusals: [String] = []
        var onCall: @Sendable (Int) -> Void = { _ in }
    }

    let inner: SimulatedService
    private let trouble: Trouble
    private let isTemporary: @Sendable (HSMID) -> Bool
    private let notes: Mutex<Notes>

    /// Watches a service.
    ///
    /// - Parameters:
    ///   - inner: The service.
    ///   - watch: The promises.
    ///   - trouble: What goes wrong on the way.
    ///   - isTemporary: Whether an HSM was only added for a backup.
    init(
        _ inner: SimulatedService,
        watch: Watch,
        trouble: Trouble,
        isTemporary: @escaping @Sendable (HSMID) -> Bool
    ) {
        self.inner = inner
        self.isTemporary = isTemporary
        self.trouble = trouble
        notes = Mutex(Notes(watch: watch, chance: Chance(seed: trouble.seed)))
    }

    /// The promises that were broken, in words.
    var broken: [String] { notes.withLock { $0.broken } }

    /// The calls the service refused.
    var refusals: [String] { notes.withLock { $0.refusals } }

    /// Every call that was carried out.
    var calls: [String] { notes.withLock { $0.calls } }

    /// Is told the number of every call just after it was carried out, from 1.
    func tell(_ onCall: @escaping @Sendable (Int) -> Void) {
        notes.withLock { $0.onCall = onCall }
    }

    /// Holds other promises from now on.
    func watch(_ watch: Watch) { notes.withLock { $0.watch = watch } }

    /// A run begins: budgets per run count anew.
    func beginRun() { notes.withLock { $0.watch.beginRun() } }

    /// What is true, whatever reads show.
    func truth() throws -> [GroupID: ProtectionGroup] {
        var truth: [GroupID: ProtectionGroup] = [:]
        for id in try inner.inventory().groups {
            truth[id] = try inner.state.withLock { try inner.present(id, state: $0).group }
        }
        return truth
    }

    func now() -> Timestamp { inner.now() }

    func inventory() throws -> Inventory { try inner.inventory() }

    func observe(_ id: GroupID) throws -> ProtectionGroup { try inner.observe(id) }

    func sign(_ call: Call, at place: Place, in group: GroupID?) throws -> SignedCall {
        try inner.sign(call, at: place, in: group)
    }

    func send(_ signed: SignedCall) async throws -> Answer {
        let (call, group) = (signed.call, signed.group)
        return try notes.withLock { notes in
            if notes.chance.happens(trouble.lostRequests) {
                throw CallInDoubt("the request was lost")
            }
            let before = try truth()
            let answer: Answer
            do {
                answer = try inner.send(signed)
            } catch let refusal as ServiceException {
                notes.refusals.append("\(call.operation): \(refusal)")
                throw refusal
            }
            notes.calls.append(call.operation)
            var spare = 0
            if case .deleteHSM(let request) = call, let hsm = request.hsm, isTemporary(hsm) {
                spare = 1
            }
            notes.broken += notes.watch.call(
                call.operation,
                sparing: spare,
                in: group,
                from: before,
                to: try truth(),
                at: inner.now()
            ).map(\.description)
            notes.onCall(notes.calls.count)
            if notes.chance.happens(trouble.lostAnswers) {
                throw CallInDoubt("the answer was lost")
            }
            return answer
        }
    }

    /// Signs a call and sends it at once.
    @discardableResult
    func perform(_ call: Call, at place: Place, in group: GroupID?) async throws -> Answer {
        try await send(sign(call, at: place, in: group))
    }

    func wait(_ span: Duration) async throws {
        let before = try truth()
        try await inner.wait(span)
        let after = try truth()
        notes.withLock { $0.broken += $0.watch.wait(from: before, to: after).map(\.description) }
    }
}
