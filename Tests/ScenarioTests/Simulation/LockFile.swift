import StrongroomModel
import Synchronization

/// The lock of one state directory: as `flock` gives it, freed when its owner dies, kept while its
/// owner is frozen; and lost where a network file system forgets it.
final class LockFile: Sendable {
    private struct State {
        var owner: Int?
        var epoch = 0
        var epochs: [Int: Int] = [:]
    }

    private let state = Mutex(State())

    /// Who has it.
    var owner: Int? { state.withLock { $0.owner } }

    /// Takes the lock.
    ///
    /// - Parameter process: Who wants it.
    /// - Returns: The number of this taking; `nil` if another has it.
    func take(by process: Int) -> Int? {
        state.withLock { state in
            guard state.owner == nil else { return nil }
            state.owner = process
            state.epoch += 1
            state.epochs[process] = state.epoch
            return state.epoch
        }
    }

    /// Frees it, if that process has it: it ended, was killed, or its lock was forgotten.
    func free(of process: Int) {
        state.withLock { state in
            if state.owner == process { state.owner = nil }
        }
    }

    /// The right of a process to act.
    func lease(of process: Int, epoch: Int) -> some Lease {
        Held(file: self, process: process, epoch: epoch)
    }

    private struct Held: Lease {
        let file: LockFile
        let process: Int
        let epoch: Int

        func check() throws {
            guard file.owner == process else { throw LeaseLost("another run has the lock") }
        }
    }
}
