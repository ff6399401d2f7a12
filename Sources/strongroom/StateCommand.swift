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
            let inspection = await StateInspection(of: path)
            terminal.show(inspection.text(of: path))
            return inspection.isDamaged ? .stateUnreadable : .done
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
            let found = await StateInspection(of: path)
            terminal.show(found.text(of: path))
            guard !found.mends.isEmpty else { return found.isDamaged ? .stateUnreadable : .done }
            for mend in found.mends {
                terminal.show("would \(SafeText.terminal("\(mend)"))\n  lost by it: \(mend.loss)\n")
            }
            guard yes else {
                terminal.show("nothing was changed; add --yes to do this\n")
                return found.isDamaged ? .stateUnreadable : .done
            }
            return try await mend(found.mends, at: path, terminal)
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
        let left = await StateInspection(of: path)
        terminal.show(left.text(of: path))
        return left.isDamaged ? .stateUnreadable : .done
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

extension StateInspection {
    /// One line for each fault, and one for all.
    fileprivate func text(of path: String) -> String {
        let lines = faults.map { SafeText.terminal("\($0)") + "\n" }.joined()
        let damaged = faults.count(where: \.isDamage)
        let read = "\(count(groupCount, "group")) and \(count(recordCount, "journal record"))"
        let verdict = damaged == 0 ? "nothing damaged" : count(damaged, "damaged thing")
        return lines + "\(SafeText.terminal(path)): \(read) read; \(verdict) found\n"
    }

    private func count(_ number: Int, _ word: String) -> String {
        "\(number) \(word)\(number == 1 ? "" : "s")"
    }
}
