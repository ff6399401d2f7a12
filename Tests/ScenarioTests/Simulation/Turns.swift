import CloudHSM
import StrongroomModel
import Synchronization

/// Lets several processes take turns, so that a seed decides everything that happens.
///
/// One process goes on from one point, at which others may come in, to the next; meanwhile all the
/// others stand still, and so does the world. Who goes on, and what it finds, is decided by whoever
/// gives the turns.
final class Turns: Sendable {
    /// Where a process stands still: what it asks of the world next.
    enum Point: Sendable {
        case lock
        case journal
        case inventory
        case observe(GroupID)
        case sign(Call, Place, GroupID?)
        case send(SignedCall)
        case begin(Intent)
        case end(Intent, Outcome)
        case wait(until: Timestamp)
    }

    /// What the world gives it.
    enum Reply: Sendable {
        case nothing
        case locked(epoch: Int)
        case entries([JournalEntry])
        case inventory(Inventory)
        case group(ProtectionGroup)
        case signed(SignedCall)
        case answer(Answer)
    }

    /// The process was killed: nothing it does from now on reaches anything.
    struct Killed: Error {}

    /// A process got another kind of reply than it asked for.
    struct OutOfTurn: Error {}

    private typealias Standstill = UnsafeContinuation<Reply, any Error>

    private struct State {
        var standing: [Int: (point: Point, process: Standstill)] = [:]
        var killed: Set<Int> = []
        var giver: UnsafeContinuation<Void, Never>?

        mutating func takeGiver() -> UnsafeContinuation<Void, Never>? {
            defer { giver = nil }
            return giver
        }
    }

    private let state = Mutex(State())

    /// The point a process stands at; `nil` once it has ended.
    func point(of process: Int) -> Point? { state.withLock { $0.standing[process]?.point } }

    /// Stands still until the turn comes.
    ///
    /// - Parameters:
    ///   - point: What is asked of the world.
    ///   - process: Who asks.
    /// - Returns: What the world gives.
    /// - Throws: What goes wrong; ``Killed`` from the moment on at which the process was.
    func reach(_ point: Point, by process: Int) async throws -> Reply {
        guard !state.withLock({ $0.killed.contains(process) }) else { throw Killed() }
        return try await withUnsafeThrowingContinuation { standstill in
            let giver = state.withLock { state in
                state.standing[process] = (point, standstill)
                return state.takeGiver()
            }
            giver?.resume()
        }
    }

    /// Begins a process, and returns when it stands still, or has ended.
    ///
    /// - Parameters:
    ///   - process: Its number, never used before.
    ///   - life: What it does.
    /// - Returns: The task, to be asked to stop.
    func begin(_ process: Int, _ life: @escaping @Sendable () async -> Void) async
        -> Task<Void, Never>
    {
        var task: Task<Void, Never>?
        await withUnsafeContinuation { giver in
            state.withLock { $0.giver = giver }
            task = Task { [self] in
                await life()
                state.withLock { $0.takeGiver() }?.resume()
            }
        }
        return task ?? Task {}
    }

    /// Gives a process its turn, and returns when it stands still again, or has ended.
    ///
    /// - Parameters:
    ///   - process: One that stands still.
    ///   - reply: What the world gives it.
    func go(on process: Int, with reply: Result<Reply, any Error>) async {
        await withUnsafeContinuation { giver in
            let standstill = state.withLock { state in
                state.giver = giver
                return state.standing.removeValue(forKey: process)?.process
            }
            guard let standstill else { return giver.resume() }
            standstill.resume(with: reply)
        }
    }

    /// Kills a process where it stands.
    ///
    /// - Parameter process: One that stands still.
    func kill(_ process: Int) async {
        state.withLock { _ = $0.killed.insert(process) }
        await go(on: process, with: .failure(Killed()))
    }
}

extension Turns.Point {
    /// The account a request goes to; `nil` for what never leaves the machine, or asks them all.
    var account: AccountID? {
        switch self {
        case .observe(let id): id.home.account
        case .send(let call): call.place.account
        case .lock, .journal, .inventory, .sign, .begin, .end, .wait: nil
        }
    }
}
