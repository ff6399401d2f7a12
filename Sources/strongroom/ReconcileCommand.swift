import ArgumentParser
import CloudHSM
import StrongroomExecutor
import StrongroomModel
import StrongroomReport

/// One tick, for cron: starts what can be started, and returns.
struct Reconcile: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Do one tick, for cron: start what can be started now, and return.",
        discussion: """
            It asks nothing and waits for nothing; the next tick goes on. It is silent when there \
            is nothing to do, and tells once what the service or a person changed meanwhile. Deletions stay inside the budgets of the fleet's manifest.

            """
                + ExitStatus.help(
                    .done,
                    .failure,
                    .partlyApplied,
                    .refusedBySafety,
                    .tryLater,
                    .interrupted,
                    .terminated
                )
    )

    @OptionGroup var options: CommonOptions

    @OptionGroup var lock: LockOptions

    func run() async throws {
        let terminal = options.run.terminal
        try await terminal.run {
            let house = try await House.open(options, for: lock.writing(for: "reconcile"))
            let run = Run(house: house, terminal: terminal)
            try await run.resolveOpenIntents()
            let planned = try await house.plan(remembers: true)
            terminal.say(unread: planned.unread)
            house.lastRun.say(on: terminal)
            if planned.plan.totals.held > 0 || planned.plan.hasNews {
                terminal.talk(
                    PlanText(width: terminal.talkSize.columns, colour: terminal.talkColour)
                        .text(of: planned.plan, provedBy: planned.proof)
                )
            }
            guard planned.plan.groups.contains(where: { !$0.steps.isEmpty }) else {
                try await house.remember(planned, nil)
                return RunEnd(planned, report: nil).status
            }
            return try await run.tick(
                try ApprovedPlan(
                    planned.plan,
                    provedBy: planned.proof,
                    approving: .everything
                ),
                planned
            )
        }
    }
}

extension Plan {
    /// Whether something changed since the last run that nothing is to be done about.
    fileprivate var hasNews: Bool {
        groups.contains { $0.notes.contains { $0.kind == .noticed } }
    }
}
