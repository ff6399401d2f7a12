import ArgumentParser
import CloudHSM
import StrongroomModel

/// One tick for cron, or a loop of ticks.
struct Reconcile: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Do one tick, for cron: start what can be started now, and return.",
        discussion: """
            It asks nothing and waits for nothing; the next tick goes on. It is silent when there \
            is nothing to do, and tells once what the service or a person changed meanwhile. \
            Deletions stay inside the budgets of the fleet's manifest. While another run has the \
            state it leaves with 75.

            With --every it stays, does a tick at that pace, reads the manifests anew for each, and \
            ends between two calls when it is sent SIGTERM or SIGINT.

            """
                + ExitStatus.help(
                    .done,
                    .failure,
                    .partlyApplied,
                    .unread,
                    .refusedBySafety,
                    .tryLater,
                    .interrupted,
                    .terminated
                )
    )

    @OptionGroup var options: CommonOptions

    @OptionGroup var lock: LockOptions

    @Option(
        help: ArgumentHelp(
            "Begin no call after so long, such as 10m; the next tick goes on.",
            valueName: "span"
        ),
        transform: span
    )
    var deadline: Duration?

    @Option(
        help: ArgumentHelp("Stay, and do a tick so often, such as 15m.", valueName: "span"),
        transform: span
    )
    var every: Duration?

    @Option(
        help: ArgumentHelp(
            "Make each pause of --every longer or shorter by up to so much, such as 20%.",
            valueName: "part"
        ),
        transform: part
    )
    var jitter: Double = 0

    func validate() throws {
        if jitter > 0, every == nil { throw ValidationError("--jitter goes with --every") }
        if every != nil, options.run.now != nil {
            throw ValidationError("--now is one moment: it does not go with --every")
        }
        if every != nil, options.paths.contains("-") {
            throw ValidationError("standard input is read once: it does not go with --every")
        }
    }

    func run() async throws {
        let terminal = options.run.terminal
        guard let every else {
            let stops = StopSignals(deadline: deadline)
            let tick = Tick(options: options, lock: lock, stops: stops)
            return try await terminal.run(endingAt: stops) { try await tick.run() }
        }
        let loop = ReconcileLoop(every: every, jitter: jitter) { waited in
            do {
                let stops = StopSignals([], deadline: deadline)
                var tick = Tick(options: options, lock: lock, stops: stops)
                tick.every = every
                tick.waited = waited
                try await terminal.run(endingAt: stops) { [tick] in try await tick.run() }
            } catch {
                // What is wrong has been said; the next tick tries again.
            }
        }
        try await loop.serve(log: options.run.log)
    }

    private static func span(_ text: String) throws -> Duration {
        guard let span = SpanText.duration(text), span > .zero else {
            throw ValidationError("'\(text)' is not a span; write it like 90m, 26h or 3d")
        }
        return span
    }

    private static func part(_ text: String) throws -> Double {
        guard
            text.hasSuffix("%"), let number = Int(text.dropLast()), (0...100).contains(number)
        else { throw ValidationError("'\(text)' is not a part; write it like 20%") }
        return Double(number) / 100
    }
}
