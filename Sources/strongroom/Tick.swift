import CloudHSM
import StrongroomExecutor
import StrongroomModel
import StrongroomReport
import StrongroomSimulator

/// One tick: what is open is decided, and what can be started is started.
struct Tick {
    let options: CommonOptions
    let lock: LockOptions
    let stops: StopSignals

    /// How often ticks are done, where they are done in a loop.
    var every: Duration?

    /// How long the loop waited before this one; so much time passed at the simulated service.
    var waited = Duration.zero

    /// Does the tick.
    ///
    /// - Returns: What it came to.
    /// - Throws: ``Trouble``, or the exit code of what was said already.
    func run() async throws -> ExitStatus {
        let house = try await House.open(options, for: lock.writing(for: "reconcile"))
        // At AWS the time has passed by itself.
        if waited > .zero, let simulator = house.service as? SimulatedService {
            try await simulator.wait(waited)
        }
        let status = try await act(in: house)
        try await Trouble.explaining { try house.beat(every: every) }
        return status
    }

    private func act(in house: House) async throws -> ExitStatus {
        let terminal = options.run.terminal
        let run = Run(
            house: house,
            terminal: terminal,
            stops: stops,
            reader: .nobody,
            next: options.next
        )
        try await run.resolveOpenIntents()
        let planned = try await house.plan(remembers: true, for: .nobody)
        terminal.sayGaps(of: planned, in: house.fleet)
        house.lastRun.say(on: terminal)
        let totals = planned.plan.totals
        if totals.held > 0 || totals.unread > 0 || planned.plan.hasNews {
            terminal.talk(
                PlanText(width: terminal.talkSize.columns, colour: terminal.talkColour)
                    .text(of: planned.plan, provedBy: planned.proof)
            )
        }
        guard planned.plan.groups.contains(where: { !$0.steps.isEmpty }) else {
            try await house.remember(planned, nil)
            // What the service or the next tick brings about needs nobody.
            if planned.plan.isPersonsTurn { terminal.sayTurn(in: planned.plan, run.next) }
            return RunEnd(planned, report: nil).status
        }
        return try await run.tick(
            try ApprovedPlan(planned.plan, provedBy: planned.proof, approving: .everything),
            planned
        )
        .status
    }
}

extension Plan {
    /// Whether something changed since the last run that nothing is to be done about.
    fileprivate var hasNews: Bool {
        groups.contains { $0.notes.contains { $0.kind == .noticed } }
    }

    /// Whether something waits for a person.
    fileprivate var isPersonsTurn: Bool {
        groups.contains { $0.notes.contains { $0.turn == .person } }
    }
}
