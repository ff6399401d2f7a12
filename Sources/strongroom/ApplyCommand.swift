import ArgumentParser
import CloudHSM
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
            next run. A saved plan (apply plan.json) is carried out once: it is refused where it \
            was not made for, after a day, and once a fact it needs has changed; one that was cut \
            short is gone on with.

            """
                + ExitStatus.help(
                    .done,
                    .failure,
                    .partlyApplied,
                    .unread,
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
            "Carry out the plan that plan -o saved in this file, and nothing else.",
            discussion: "A path that ends in .json means the same.",
            valueName: "file"
        ),
        completion: .file(extensions: ["json"])
    )
    var plan: String?

    @Option(
        help: ArgumentHelp(
            "Carry out the plan whose digest plan printed, if it is still that one.",
            valueName: "digest"
        )
    )
    var digest: String?

    @Option(
        help: ArgumentHelp(
            "Take only plans and overrides that this public key signed; can be repeated.",
            valueName: "file"
        ),
        completion: .file(extensions: ["pem"])
    )
    var trustedKey: [String] = []

    @Option(
        help: ArgumentHelp(
            "Go beyond one limit once, as this file gives leave to (schemas/override.md).",
            valueName: "file"
        ),
        completion: .file(extensions: ["json"])
    )
    var override: [String] = []

    @Flag(help: "Do not ask.")
    var yes = false

    @Option(
        help: ArgumentHelp("Give up waiting after so many minutes.", valueName: "minutes")
    )
    var timeout = 120

    @OptionGroup var lock: LockOptions

    func validate() throws {
        guard (1...525_600).contains(timeout) else {
            throw ValidationError("--timeout takes 1 to 525600 minutes, which are a year")
        }
        guard planFiles.count + (digest == nil ? 0 : 1) <= 1 else {
            throw ValidationError("one plan is carried out at a time: name one file, or one digest")
        }
        let isSaved = !planFiles.isEmpty || digest != nil
        if isSaved, options.selector != nil {
            throw ValidationError("a saved plan says itself what it is about: leave out --selector")
        }
        if isSaved, !override.isEmpty {
            throw ValidationError("an override goes with a plan made now, not with a saved one")
        }
        if !trustedKey.isEmpty, planFiles.isEmpty, override.isEmpty {
            throw ValidationError("--trusted-key goes with a plan's file, or with --override")
        }
        if let digest, !PlanDocument.isDigest(digest) {
            throw ValidationError(
                "--digest takes a whole digest, sha256: and 64 digits, and this is none: take it from "
                    + "the line of strongroom plan that begins with digest, or from \"digest\" in a "
                    + "saved plan"
            )
        }
    }

    /// The saved plans that are named.
    private var planFiles: [String] {
        (plan.map { [$0] } ?? []) + options.paths.filter { $0.hasSuffix(".json") }
    }

    /// What is typed to use a saved plan once more.
    private var again: String {
        let plan = plan.map { ["--plan", $0] } ?? []
        let digest = digest.map { ["--digest", $0] } ?? []
        // Who took signed plans only does so again.
        let keys = trustedKey.flatMap { ["--trusted-key", $0] }
        let words = (options.paths + plan + digest + keys + options.again).map(\.shellWord)
        return (["strongroom apply"] + words).joined(separator: " ")
    }

    /// The options without the saved plan among the manifests.
    private var manifestOptions: CommonOptions {
        var options = options
        options.paths.removeAll { $0.hasSuffix(".json") }
        return options
    }

    func run() async throws {
        let terminal = options.run.terminal
        let stops = StopSignals()
        try await terminal.run(endingAt: stops) {
            let keys = try TrustedKey.keys(files: trustedKey)
            let file = try planFiles.first.map { try SavedPlan(path: $0, trusting: keys) }
            let overrides = try OverrideRun(paths: override, trusting: keys)
            let house = try await House.open(manifestOptions, for: lock.writing(for: "apply"))
            let run = Run(
                house: house,
                terminal: terminal,
                stops: stops,
                reader: yes ? .nobody : .person,
                next: manifestOptions.next
            )
            // One that is refused leaves everything as it is.
            try file?.requireHereAndNow(in: house)
            try await run.resolveOpenIntents()
            if let saved = try await savedPlan(file, in: house) {
                return try await apply(saved, in: house, terminal, stops)
            }
            return try await applyPlanMadeNow(run, overrides)
        }
    }

    private func savedPlan(_ file: SavedPlan?, in house: House) async throws -> SavedPlan? {
        guard let digest else { return file }
        return try await SavedPlan(digest: digest, in: house)
    }

    private func apply(
        _ saved: SavedPlan,
        in house: House,
        _ terminal: Terminal,
        _ stops: StopSignals
    ) async throws -> ExitStatus {
        let run = SavedPlanRun(
            saved: saved,
            house: house,
            terminal: terminal,
            stops: stops,
            patience: .minutes(timeout),
            again: again,
            next: NextCommand(
                again: digest == nil ? again : manifestOptions.next.again,
                more: nil,
                plan: manifestOptions.next.plan
            )
        ) { plan in
            try await isAgreed(plan, terminal)
        }
        return try await run.run()
    }

    private func applyPlanMadeNow(_ run: Run, _ overrides: OverrideRun) async throws -> ExitStatus {
        let house = run.house
        let terminal = run.terminal
        let leaves = try await overrides.leaves(in: house)
        let earlier = EarlierCalls(run: run, patience: .minutes(timeout))
        let plan = {
            try await house.plan(
                remembers: true,
                overrides: leaves,
                for: run.reader
            )
        }
        let planned = try await earlier.moved(try await earlier.settled(plan), plan)
        terminal.talk(
            PlanText(width: terminal.talkSize.columns, colour: terminal.talkColour)
                .text(of: planned.plan, provedBy: planned.proof)
        )
        terminal.sayGaps(of: planned, in: house.fleet)
        house.lastRun.say(on: terminal)
        guard planned.plan.hasSteps else {
            try await house.remember(planned, nil)
            let next = planned.isStillUnderWay ? run.next.whileWaiting : run.next
            terminal.sayTurn(in: planned.plan, next)
            return RunEnd(planned, report: nil).status
        }
        await house.sayWho(on: terminal)
        guard try await isAgreed(planned.plan, terminal) else {
            terminal.say("nothing was changed")
            return .failure
        }
        let approved = try ApprovedPlan(
            planned.plan,
            provedBy: planned.proof,
            approving: .losingAtMost(planned.plan.totals.lostBackups)
        )
        try await overrides.record(in: house)
        return try await run.apply(approved, planned, patience: .minutes(timeout)).status
    }

    private func isAgreed(_ plan: Plan, _ terminal: Terminal) async throws -> Bool {
        // Nothing is used up for a run that is to stop.
        try Task.checkCancellation()
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
        return try await terminal.typedLine() == "yes"
    }
}
