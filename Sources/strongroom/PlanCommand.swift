import ArgumentParser
import Foundation
import StrongroomModel
import StrongroomPlanner
import StrongroomReport

/// Shows what would be done, and why; changes nothing.
struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Show what would be done and why; change nothing.",
        discussion: """
            Behind each reason stands what brought it about, as far as that can be told: [edit] of \
            a manifest since it was last carried out, [drift] by a person beside the manifests, or \
            the [service] itself and time. Lines "noticed" changed since the last run, and need \
            nothing.

            """
                + ExitStatus.help(.done, .failure, .differences)
    )

    /// How the plan is shown.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json, markdown
    }

    @OptionGroup var options: CommonOptions

    @Option(help: "text, json (schemas/plan.md), or markdown for a pull request comment.")
    var format: Format = .text

    @Option(help: ArgumentHelp("The most bytes of Markdown to print.", valueName: "bytes"))
    var maxBytes: Int?

    @Option(
        name: [.customShort("o"), .customLong("output")],
        help: ArgumentHelp("Also save the plan, for apply --plan.", valueName: "file"),
        completion: .file()
    )
    var output: String?

    @Option(
        help: ArgumentHelp(
            "Also write the proof: per promise the worst case and the steps that reach it.",
            valueName: "file"
        ),
        completion: .file()
    )
    var proof: String?

    @Flag(help: "Exit with 2 if there is anything to do.")
    var detailedExitcode = false

    @Flag(help: "List what is as it should be, too.")
    var unchanged = false

    func validate() throws {
        if maxBytes != nil, format != .markdown {
            throw ValidationError("--max-bytes goes with --format markdown")
        }
        if let maxBytes, maxBytes < 256 {
            throw ValidationError("--max-bytes takes 256 or more")
        }
    }

    func run() async throws {
        let terminal = options.run.terminal
        try await terminal.run {
            let house = try await House.open(options, for: .reading)
            let result = try await house.plan(detail: unchanged ? .everything : .differences)
            if let output { try save(result, to: output, terminal) }
            if let proof { try save(result, proofTo: proof, terminal) }
            show(result, on: terminal)
            terminal.say(unread: result.unread)
            house.lastRun.say(on: terminal)
            guard result.unread.isEmpty else { return .stateUnreadable }
            let differs = result.plan.groups.contains { !$0.steps.isEmpty }
            return detailedExitcode && differs ? .differences : .done
        }
    }

    private func show(_ planned: PlanPipeline.Result, on terminal: Terminal) {
        let plan = planned.plan
        switch format {
        case .text:
            let text = PlanText(
                width: terminal.resultWidth,
                colour: terminal.resultColour,
                unchanged: unchanged ? .listed : .counted
            )
            terminal.show(text.text(of: plan, provedBy: planned.proof))
        case .json: terminal.show(PlanDocument(plan, provedBy: planned.proof).json())
        case .markdown: terminal.show(PlanMarkdown(maxBytes: maxBytes).text(of: plan))
        }
    }

    private func save(
        _ planned: PlanPipeline.Result,
        to path: String,
        _ terminal: Terminal
    ) throws {
        let document = PlanDocument(planned.plan, provedBy: planned.proof)
        try save(document.json(), "the plan", to: path, terminal)
    }

    private func save(
        _ planned: PlanPipeline.Result,
        proofTo path: String,
        _ terminal: Terminal
    ) throws {
        let document = ProofDocument(planned.proof, of: planned.plan)
        try save(document.json(), "the proof", to: path, terminal)
    }

    private func save(
        _ bytes: [UInt8],
        _ what: String,
        to path: String,
        _ terminal: Terminal
    ) throws {
        do {
            try Data(bytes).write(to: URL(fileURLWithPath: path), options: .atomic)
            terminal.say("saved: \(path)")
        } catch {
            throw Trouble(
                "cannot save \(what) to \(path): \(error.localizedDescription)",
                .failure
            )
        }
    }
}
