import Foundation
import Synchronization

/// Lets a run end cleanly between two calls when a person or a scheduler asks it to stop, or when
/// its time is over.
final class StopSignals: Sendable {
    private let received = Mutex<Int32?>(nil)
    private let signals: [Int32]
    private let deadline: Duration?
    private let queue = DispatchQueue(label: "strongroom.signals")

    /// Says what stops a run.
    ///
    /// - Parameters:
    ///   - signals: The signals that do, if nobody else sees to them.
    ///   - deadline: How long it may take; `nil` for as long as it takes.
    init(_ signals: [Int32] = [SIGINT, SIGTERM], deadline: Duration? = nil) {
        self.signals = signals
        self.deadline = deadline
    }

    /// The exit code that tells which signal stopped the run; `nil` if none came.
    var exitStatus: ExitStatus? {
        switch received.withLock({ $0 }) {
        case SIGINT: .interrupted
        case SIGTERM: .terminated
        default: nil
        }
    }

    /// Runs an operation that is cancelled when a signal comes, its time is over, or the task is
    /// cancelled that it runs for.
    ///
    /// - Parameter operation: What to run.
    /// - Returns: What the operation returns.
    /// - Throws: What the operation throws.
    func stopping<Result: Sendable>(
        _ operation: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        let task = Task(operation: operation)
        let stop: @Sendable () -> Void = { task.cancel() }
        let sources = signals.map { source(of: $0, calling: stop) } + timer(calling: stop)
        defer { for source in sources { source.cancel() } }
        return try await withTaskCancellationHandler {
            try await task.value
        } onCancel: {
            task.cancel()
        }
    }

    private func source(
        of signalNumber: Int32,
        calling stop: @escaping @Sendable () -> Void
    ) -> any DispatchSourceProtocol {
        signal(signalNumber, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: signalNumber, queue: queue)
        source.setEventHandler { [self] in
            received.withLock { $0 = $0 ?? signalNumber }
            stop()
        }
        source.resume()
        return source
    }

    private func timer(
        calling stop: @escaping @Sendable () -> Void
    ) -> [any DispatchSourceProtocol] {
        guard let deadline else { return [] }
        let timer = DispatchSource.makeTimerSource(queue: queue)
        let (seconds, attoseconds) = deadline.components
        let milliseconds = Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000)
        timer.schedule(deadline: .now() + .milliseconds(milliseconds))
        timer.setEventHandler(handler: stop)
        timer.resume()
        return [timer]
    }
}
