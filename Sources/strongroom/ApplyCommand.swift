import ArgumentParser
import CloudHSM
import Foundation
import StrongroomExecutor
import StrongroomModel
import StrongroomReport

/// Shows the plan, asks, and carries it out.
struct Apply: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show the plan, ask, and carry it out.",
        discussion: """
            On a terminal it asks first; elsewhere it needs --yes. It waits until every step can \
            be seen to be done, or nothing moves any more; what is left is gone on with by the \
            next run.

            """
                + ExitStatus.help(
                    .done,
                    .failure,
                    .partlyApplied,
                    .refusedBySafety,
                    .planStale,
                    .tryLater,
                    .interrupted,
                    .terminated
                )
    )

    @OptionGroup var options: CommonOptions

    @Option(
        help: ArgumentHelp(
            "Apply only if the plan is still the one saved in this file by plan -o.",
            valueName: "file"
        ),
        completion: .file(extensions: ["json"])
    )
    var plan: String?

    @Flag(help: "Do not ask.")
    var yes = false

    @Option(
        help: ArgumentHelp("Give up waiting after so many minutes.", valueName: "minutes")
    )
    var timeout = 120

    @OptionGroup var lock: LockOptions

    func validate() throws {
        guard timeout >= 1 else { throw ValidationError("--timeout takes 1 or more minutes") }
        if plan == nil, options.paths.contains(where: { $0.hasSuffix(".json") }) {
            throw ValidationError("a saved plan is given with --plan FILE, beside the manifests")
        }
    }

    func run() async throws {
        let terminal = options.run.terminal
        try await terminal.run {
            let saved = try plan.map(SavedPlan.init(path:))
            let house = try await House.open(options, for: lock.writing(for: "apply"))
            let run = Run(house: house, terminal: terminal)
            try await run.resolveOpenIntents()
            let planned = try await house.plan(remembers: true)
            try saved?.requireSame(as: planned.plan)
            terminal.talk(
                PlanText(width: terminal.talkSize.columns, colour: terminal.talkColour)
                    .text(of: planned.plan, provedBy: planned.proof)
            )
            terminal.say(unread: planned.unread)
            house.lastRun.say(on: terminal)
            guard planned.plan.groups.contains(where: { !$0.steps.isEmpty }) else {
                try await house.remember(planned, nil)
                return RunEnd(planned, report: nil).status
            }
            guard try isAgreed(planned.plan, terminal) else {
                terminal.say("nothing was changed")
                return .failure
            }
            let approved = try ApprovedPlan(
                planned.plan,
                provedBy: planned.proof,
                approving: .losingAtMost(planned.plan.totals.lostBackups)
            )
            return try await run.apply(approved, planned, patience: .minutes(timeout))
        }
    }

    private func isAgreed(_ plan: Plan, _ terminal: Terminal) throws -> Bool {
        guard !yes else { return true }
        guard terminal.canAsk else {
            throw Trouble(
                "there is no terminal to ask on: add --yes to carry the plan out",
                .failure
            )
        }
        let lost = plan.totals.lostBackups
        let loss = lost > 0 ? " It deletes \(lost) backups or lets them expire." : ""
        terminal.talk("\nCarry this plan out?\(loss) Only \"yes\" is taken for yes: ")
        return readLine() == "yes"
    }
}

/// A plan that was saved before.
private struct SavedPlan {
    let path: String
    let document: PlanDocument

    init(path: String) throws {
        self.path = path
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Trouble("cannot read the plan \(path)", .failure)
        }
        do {
            document = try PlanDocument(json: Array(data))
        } catch {
            throw Trouble("\(path): \(error)", .planStale)
        }
    }

    /// Refuses a plan that is too old, or that is no longer what would be done now.
    func requireSame(as plan: Plan) throws {
        do {
            try document.requireCurrent(at: plan.now)
        } catch {
            throw Trouble("\(path): \(error)", .planStale)
        }
        let differences = PlanDocument(plan).differences(from: document)
        guard !differences.isEmpty else { return }
        throw Trouble(
            "the plan in \(path) no longer fits; plan again\n  "
                + differences.joined(separator: "\n  "),
            .planStale
        )
    }
}
