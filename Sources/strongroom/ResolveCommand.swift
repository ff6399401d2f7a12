import ArgumentParser
import CloudHSM
import Foundation
import StrongroomModel
import StrongroomReport
import StrongroomState

/// Takes a person's word for what the world does not show: how a call ended, or that a backup is gone.
struct Resolve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say what nobody else can tell: how a call ended, or that a backup is gone.",
        discussion: """
            status lists the calls without an answer. Such a call is looked up in the world first, \
            here as in every run; what can be seen there is recorded, whatever is said. While the \
            call may still take effect it cannot be declared not done.

            A Region counts as not read whole while a backup that was READY less than 7 days before \
            is missing from its listing, because the service lists a deleted one for 7 days. Where \
            the console does not show it either, say --gone.

            """
                + ExitStatus.help(
                    .done,
                    .failure,
                    .refusedBySafety,
                    .tryLater,
                    .interrupted,
                    .terminated
                )
    )

    /// What the person says.
    enum Decision: EnumerableFlag {
        case done, notDone, gone

        static func help(for value: Decision) -> ArgumentHelp? {
            switch value {
            case .done: "It was carried out."
            case .notDone: "It was not, and never will be."
            case .gone: "The backup is gone, though it was READY less than 7 days before."
            }
        }
    }

    @Argument(
        help: ArgumentHelp(
            "The intent's id, or as much of its beginning as tells it from others.",
            discussion: "With --gone: the backup's id, or several with commas between."
        )
    )
    var intent: String

    @Flag var decision: Decision

    @Option(
        help: ArgumentHelp(
            "The cluster or HSM that it made, where it made one.",
            valueName: "id"
        )
    )
    var made: String?

    @Option(help: ArgumentHelp("How you know; it is kept in the journal.", valueName: "words"))
    var reason: String

    @OptionGroup var options: CommonOptions

    @OptionGroup var lock: LockOptions

    private var goneBackups: GoneBackups? { GoneBackups(text: intent, reason: reason) }

    func validate() throws {
        guard reason.contains(where: { !$0.isWhitespace }) else {
            throw ValidationError("--reason needs words")
        }
        if made != nil, decision != .done {
            throw ValidationError("--made goes with --done")
        }
        guard decision != .gone else {
            guard goneBackups != nil else {
                throw ValidationError("--gone goes with a backup's id, such as backup-abcdefghijk")
            }
            return
        }
        guard intent.count >= 6, intent.allSatisfy(\.isHexDigit) else {
            throw ValidationError("an intent's id has 32 hexadecimal digits; give at least 6")
        }
    }

    func run() async throws {
        let terminal = options.run.terminal
        let stops = StopSignals()
        try await terminal.run(endingAt: stops) {
            do {
                let house = try await House.open(options, for: lock.writing(for: "resolve"))
                return try await StateDamage(in: house).weighing(on: terminal) {
                    if decision == .gone, let goneBackups {
                        return try await goneBackups.record(in: house, terminal)
                    }
                    return try await resolve(in: house, terminal, stops)
                }
            } catch let cancellation as CancellationError {
                // Once it is being recorded, that is seen through.
                terminal.say(
                    "what you said is not recorded; strongroom status tells how it stands"
                )
                throw cancellation
            }
        }
    }

    private func resolve(
        in house: House,
        _ terminal: Terminal,
        _ stops: StopSignals
    ) async throws -> ExitStatus {
        let entry = try await Trouble.explaining { try house.openEntry(beginning: intent) }
        try await Run(house: house, terminal: terminal, stops: stops).resolveOpenIntents()
        let outcome = try await Trouble.explaining { try house.outcome(of: entry.intent) }
        if let outcome {
            terminal.say("the world shows it: \(outcome.result.rawValue)")
            return .done
        }
        try requireTime(for: entry.intent, at: house.service.present)
        try requireMade(by: entry.intent)
        let result: Outcome.Result = decision == .done ? .decidedDone : .decidedNotDone
        let words = "\(NSUserName()): \(reason)"
        try await Trouble.explaining {
            try await house.state.journal.end(
                entry.intent,
                Outcome(result, made: made, message: words, at: house.service.present)
            )
        }
        terminal.say("recorded: \(entry.intent.words) was \(decision.words)")
        return .done
    }

    /// Before that moment a request that was sent may still take effect.
    private func requireTime(for intent: Intent, at now: Timestamp) throws {
        let moment = intent.writtenAt + ReadDelay.untilDecided
        guard decision == .notDone, now < moment else { return }
        throw Trouble(
            "\(intent.words) may still take effect until \(moment): look again then",
            .refusedBySafety
        )
    }

    private func requireMade(by intent: Intent) throws {
        guard decision == .done, intent.operation == "CreateCluster", made == nil else { return }
        throw Trouble("say with --made which cluster it made", .failure)
    }
}

extension Resolve.Decision {
    fileprivate var words: String {
        switch self {
        case .done: "done"
        case .notDone: "not done"
        case .gone: "gone"
        }
    }
}

extension House {
    /// The entry without an outcome that an id's beginning means.
    fileprivate func openEntry(beginning text: String) throws -> JournalEntry {
        let open = try recentEntries(at: service.present).filter { $0.outcome == nil }
        let matches = open.filter { $0.intent.id.hasPrefix(text.lowercased()) }
        guard let entry = matches.first, matches.count == 1 else {
            if matches.isEmpty, let reason = try journalGaps().first {
                throw Trouble(
                    "no open intent that can be read begins with \(text), and it may be in what "
                        + "cannot: \(reason)",
                    .stateUnreadable
                )
            }
            let what = matches.isEmpty ? "no open intent begins" : "several open intents begin"
            throw Trouble("\(what) with \(text): strongroom status lists them", .failure)
        }
        return entry
    }

    /// How an intent ended, if that is known by now.
    fileprivate func outcome(of intent: Intent) throws -> Outcome? {
        try recentEntries(at: service.present).first { $0.intent.id == intent.id }?.outcome
    }
}
