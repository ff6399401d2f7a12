import Foundation
import Synchronization

/// Lets a run end cleanly between two calls when a person or a scheduler asks it to stop.
final class StopSignals: Sendable {
    private let received = Mutex<Int32?>(nil)
    private let queue = DispatchQueue(label: "strongroom.signals")

    /// The exit code that tells which signal stopped the run; `nil` if none came.
    var exitStatus: ExitStatus? {
        switch received.withLock({ $0 }) {
        case SIGINT: .interrupted
        case SIGTERM: .terminated
        default: nil
        }
    }

    /// Runs an operation that is cancelled when SIGINT or SIGTERM comes.
    ///
    /// - Parameters:
    ///   - onStop: Is told when a signal came, once.
    ///   - operation: What to run.
    /// - Returns: What the operation returns.
    /// - Throws: What the operation throws.
    func stopping<Result: Sendable>(
        onStop: @escaping @Sendable () -> Void,
        _ operation: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        let task = Task(operation: operation)
        let sources = [SIGINT, SIGTERM].map { signalNumber in
            signal(signalNumber, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: signalNumber, queue: queue)
            source.setEventHandler { [self] in
                let isFirst = received.withLock { received in
                    defer { received = received ?? signalNumber }
                    return received == nil
                }
                guard isFirst else { return }
                onStop()
                task.cancel()
            }
            source.resume()
            return source
        }
        defer { for source in sources { source.cancel() } }
        return try await task.value
    }
}
