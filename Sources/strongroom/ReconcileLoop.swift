import CloudHSM
import Logging
import ServiceLifecycle
import StrongroomModel
import UnixSignals

/// One tick after the other, until the program is asked to stop.
struct ReconcileLoop: Service {
    /// How long from the end of a tick to the next.
    let every: Duration

    /// By what part of that a pause may be shorter or longer, 0 to 1.
    let jitter: Double

    /// Does a tick; it is given how long the loop waited before it.
    let tick: @Sendable (Duration) async -> Void

    /// Goes on until the program is asked to stop; a tick under way ends between two calls.
    ///
    /// - Throws: Nothing of its own; what a tick comes to is said where it happens.
    func run() async throws {
        var pause = Duration.zero
        while !Task.isShuttingDownGracefully, !Task.isCancelled {
            let waited = pause
            await cancelWhenGracefulShutdown { await tick(waited) }
            let next = nextPause
            // Ended early by the one thing that ends the loop.
            try? await cancelWhenGracefulShutdown { try await Task.sleep(for: next) }
            pause = next
        }
    }

    private var nextPause: Duration {
        every * (1 + jitter * Double.random(in: -1...1))
    }

    /// Runs the loop as a service that SIGTERM and SIGINT end.
    ///
    /// - Parameter log: Where the service says what it does.
    /// - Throws: What the group of services throws.
    func serve(log: Logger) async throws {
        var log = log
        // Its own lines would stand between ours.
        log.logLevel = max(log.logLevel, .warning)
        let group = ServiceGroup(
            services: [self],
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: log
        )
        try await group.run()
    }
}
