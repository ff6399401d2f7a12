import ArgumentParser
import CloudHSM
import Foundation
import Logging
import StrongroomManifest

/// What every command that reads manifests takes.
struct CommonOptions: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            "Manifest files, directories, or - for standard input.",
            discussion: "Without any, the present directory.",
            valueName: "path"
        ),
        completion: .file(extensions: ["yaml", "yml"])
    )
    var paths: [String] = []

    @Option(
        help: ArgumentHelp(
            "Only clusters with these labels, such as env=prod,team=core.",
            valueName: "labels"
        ),
        transform: LabelSelector.init(text:)
    )
    var selector: LabelSelector?

    @OptionGroup(title: "The state directory") var state: StorageOptions

    @OptionGroup(title: "With service: aws") var aws: AWSOptions

    @OptionGroup var run: RunOptions

    /// The paths to read.
    var manifestPaths: [String] { paths.isEmpty ? ["."] : paths }
}

/// What every command takes.
struct RunOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Takes this moment for the present, such as 2026-11-23T09:00:00Z.",
            discussion: """
                The simulated service is advanced to it first: by apply for good, by plan and \
                status only in thought. It cannot go back.
                """,
            valueName: "moment"
        ),
        transform: moment
    )
    var now: Timestamp?

    @Option(help: "When to colour: auto, always or never; NO_COLOR counts under auto.")
    var color: Terminal.ColourChoice = .auto

    @Flag(name: .shortAndLong, help: "Say on standard error what the run itself is doing.")
    var verbose = false

    @Flag(help: "Also say every call to AWS and its answer, without what is secret.")
    var trace = false

    /// Where the run says what it is doing, if it is asked to.
    var log: Logger {
        RunLog.logger(on: terminal, from: trace ? .trace : verbose ? .debug : .notice)
    }

    /// The two streams.
    var terminal: Terminal { Terminal(colour: color) }

    private static func moment(_ text: String) throws -> Timestamp {
        guard let moment = Timestamp(text) else {
            throw ValidationError(
                "'\(text)' is not a moment with a zone; write it like 2026-11-23T09:00:00Z"
            )
        }
        return moment
    }
}
