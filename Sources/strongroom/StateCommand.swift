import ArgumentParser
import CloudHSM
import Foundation
import StrongroomManifest
import StrongroomModel
import StrongroomReport
import StrongroomSimulator
import StrongroomState

/// Looks after the state directory itself.
struct StateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "state",
        abstract: "Check the state directory, and mend it with your consent.",
        subcommands: [StateVerify.self, StateRepairCommand.self]
    )
}

/// Which state directory a command is about.
struct StateOptions: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            "Manifest files or directories that name the state.",
            discussion: "Without any, the present directory.",
            valueName: "path"
        ),
        completion: .file(extensions: ["yaml", "yml"])
    )
    var paths: [String] = []

    @Option(
        help: ArgumentHelp("The state directory itself, without manifests.", valueName: "path"),
        completion: .directory
    )
    var state: String?

    @OptionGroup var run: RunOptions

    /// The state directory's path.
    func path() throws -> String {
        if let state { return state }
        do {
            return try ManifestSource(paths.isEmpty ? ["."] : paths).read().stateDirectory
        } catch {
            let terminal = run.terminal
            let text = DiagnosticsText(
                width: terminal.talkSize.columns,
                colour: terminal.talkColour
            )
            terminal.talk(text.text(of: error.diagnostics))
            throw ExitCode(ExitStatus.manifestsInvalid.rawValue)
        }
    }
}

/// Reads everything in the state directory.
struct StateVerify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Read everything in the state directory and say what is wrong; changes nothing.",
        discussion: ExitStatus.help(.done)
    )

    @OptionGroup var options: StateOptions

    func run() async throws {
        let terminal = options.run.terminal
        try await terminal.run {
            let path = try options.path()
            let state = await InspectedState(at: path)
            terminal.show(state.text)
            return state.status
        }
    }
}

/// Mends the state directory.
struct StateRepairCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "repair",
        abstract: "Say how the state directory can be mended and what that loses; --yes does it.",
        discussion: """
            Restoring a file from version control or a backup loses less than any mend. Whatever \
            a mend replaces is kept beside it.

            """ + ExitStatus.help(.done, .tryLater, .interrupted, .terminated)
    )

    @OptionGroup var options: StateOptions

    @OptionGroup var lock: LockOptions

    @Flag(help: "Do it.")
    var yes = false

    func run() async throws {
        let terminal = options.run.terminal
        try await terminal.run(endingAt: StopSignals()) {
            let path = try options.path()
            let found = await InspectedState(at: path)
            terminal.show(found.text)
            let mends = found.inspection.mends
            guard !mends.isEmpty else { return found.status }
            for mend in mends {
                terminal.show("would \(SafeText.terminal("\(mend)"))\n  lost by it: \(mend.loss)\n")
            }
            guard yes else {
                terminal.show("nothing was changed; add --yes to do this\n")
                return found.status
            }
            return try await mend(mends, at: path, terminal)
        }
    }

    private func mend(
        _ mends: [StateMend],
        at path: String,
        _ terminal: Terminal
    ) async throws -> ExitStatus {
        let request = LockRequest(
            for: "state repair",
            since: .present,
            waitingAtMost: .seconds(lock.lockTimeout),
            job: LockRequest.job(in: ProcessInfo.processInfo.environment)
        )
        let now = serviceNow(path)
        try await Trouble.explaining {
            for line in try StateRepair.mend(mends, at: path, for: request, now: now) {
                terminal.show(SafeText.terminal(line) + "\n")
            }
        }
        let left = await InspectedState(at: path)
        terminal.show(left.text)
        return left.status
    }

    /// The present by the service's clock, as far as the state can still be read.
    private func serviceNow(_ path: String) -> Timestamp {
        let present = options.run.now ?? .present
        guard
            let state = try? StateDirectory.open(at: path, for: .reading),
            state.service == .simulator,
            let service = try? SimulatedService.open(store: state, now: options.run.now)
        else { return present }
        return service.now()
    }
}
