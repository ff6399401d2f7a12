import ArgumentParser
import Glibc
import Logging
import StrongroomModel
import StrongroomPlanner
import StrongroomReport
import StrongroomState

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
                + ExitStatus.help(
                    .done,
                    .failure,
                    .unread,
                    .refusedBySafety,
                    .differences,
                    .interrupted,
                    .terminated
                )
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
        help: ArgumentHelp("Also save the plan, for apply plan.json.", valueName: "file"),
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

    @Option(
        help: ArgumentHelp("Sign the saved plan with this private key.", valueName: "file"),
        completion: .file(extensions: ["pem"])
    )
    var sign: String?

    @Flag(
        help: """
            Exit with 2 if anything that is wanted is not there: to be done, held, or waiting for the \
            service or a person.
            """
    )
    var detailedExitcode = false

    @Flag(help: "List what is as it should be, too.")
    var unchanged = false

    func validate() throws {
        if maxBytes != nil, format != .markdown {
            throw ValidationError("--max-bytes goes with --format markdown")
        }
        if sign != nil, output == nil {
            throw ValidationError("--sign goes with -o: the saved plan is what is signed")
        }
        if let maxBytes, maxBytes < 256 {
            throw ValidationError("--max-bytes takes 256 or more")
        }
    }

    @Flag(
        help: ArgumentHelp(
            "Take what strongroom observe saw last for what there is; nothing is asked.",
            discussion: "Needs no credentials. With the simulated service it changes nothing."
        )
    )
    var offline = false

    func run() async throws {
        let terminal = options.run.terminal
        try await terminal.run {
            let key = try sign.map(SigningKey.init(file:))
            let house = try await House.open(options, for: offline ? .recollecting : .reading)
            let result = try await house.plan(detail: unchanged ? .everything : .differences)
            if let output {
                try save(try house.document(result), signedBy: key, to: output, terminal)
            }
            if let proof {
                let bytes = ProofDocument(result.proof, of: try house.document(result)).json()
                try save(bytes, "the proof", to: proof, terminal)
            }
            try show(result, from: house, on: terminal)
            for line in RetriesText.lines(of: result.plan) { house.log.debug("\(line)") }
            terminal.sayGaps(of: result, in: house.fleet)
            house.sayNothingObserved(on: terminal)
            house.lastRun.say(on: terminal)
            house.sayIfLate(on: terminal)
            return status(of: result)
        }
    }

    /// The code of a plan.
    ///
    /// That something is held is shown, and no failure of the command. That something could not be
    /// read is one, and so is a plan that may not be carried out.
    private func status(of result: PlanPipeline.Result) -> ExitStatus {
        if let gap = result.gap { return gap }
        if !result.proof.holds { return .refusedBySafety }
        return detailedExitcode && !result.plan.isSettled ? .differences : .done
    }

    private func show(
        _ planned: PlanPipeline.Result,
        from house: House,
        on terminal: Terminal
    ) throws {
        let plan = planned.plan
        switch format {
        case .text:
            let text = PlanText(
                width: terminal.resultWidth,
                colour: terminal.resultColour,
                unchanged: unchanged ? .listed : .counted
            )
            terminal.show(text.text(of: plan, provedBy: planned.proof))
            if let endpoint = house.service.endpoint { terminal.show("endpoint \(endpoint)\n") }
            if let digest = try house.digest(of: plan) { terminal.show("digest \(digest)\n") }
        case .json: terminal.show(try house.document(planned).json())
        case .markdown:
            let text = PlanMarkdown(maxBytes: maxBytes)
            terminal.show(text.text(of: plan, try house.digest(of: plan)))
        }
    }

    private func save(
        _ document: PlanDocument,
        signedBy key: SigningKey?,
        to path: String,
        _ terminal: Terminal
    ) throws {
        var document = document
        do throws(KeyError) {
            if let key { document = try document.signed(by: key) }
        } catch {
            throw Trouble("cannot sign the plan: \(error)", .failure)
        }
        try save(document.json(), "the plan", to: path, terminal)
    }

    private func save(
        _ bytes: [UInt8],
        _ what: String,
        to path: String,
        _ terminal: Terminal
    ) throws {
        do {
            try PrivateFile.write(bytes, to: path)
            terminal.say("saved: \(path)")
        } catch {
            throw Trouble(
                "\(what) was not written to \(path), so that file cannot be used: "
                    + Self.words(for: error),
                .failure
            )
        }
    }

    /// Why a new file could not be written: other advice than where a file of the state is damaged.
    private static func words(for error: StateError) -> String {
        switch error {
        case .unsafe(_, .notAFile): "it is no regular file; name a new one, or one to be replaced"
        case .unsafe, .noFolder: "\(error)"
        case .system(_, _, let code):
            "\(String(cString: strerror(code))); mend that, or name a file elsewhere, and plan again"
        case .noDirectory, .notAStateDirectory, .alreadyCreated, .remains, .otherService,
            .newerFormat, .locked, .noLongerAwaited, .lockLost, .severalHosts, .volatile,
            .otherAnchor, .openedForReading, .missing, .tooLarge, .notJSON, .content,
            .unwritable, .damagedJournal, .journalRefusal:
            "\(error)"
        }
    }
}
