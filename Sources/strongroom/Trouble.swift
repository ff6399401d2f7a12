import ArgumentParser
import StrongroomExecutor
import StrongroomModel
import StrongroomReport
import StrongroomSimulator
import StrongroomState

/// Something that ends a command: what to say, and with which code.
struct Trouble: Error {
    let text: String
    let status: ExitStatus

    init(_ text: String, _ status: ExitStatus) {
        self.text = text
        self.status = status
    }

    /// What an error of a room means for the command.
    init(_ error: any Error) {
        switch error {
        case let trouble as Trouble: self = trouble
        case let error as StateError:
            let next =
                error.isDamage
                ? ". Next: strongroom state verify, which tells what can be mended" : ""
            self.init("\(error)\(next)", error.isTransient ? .tryLater : .stateUnreadable)
        case let error as SimulatedServiceError: self.init(error)
        case let error as LeaseLost: self.init("\(error)", .tryLater)
        case let error as NotApproved: self.init("\(error)", .refusedBySafety)
        case let failure as any ReadingFailure: self.init(failure.unreadReason)
        default: self.init("\(error)", .failure)
        }
    }

    /// What it means that something could not be read at all.
    ///
    /// - Parameter reason: Why.
    init(_ reason: UnreadReason) {
        let next = reason.next.map { ". Next: \($0)" } ?? ""
        switch reason.origin {
        case .service: self.init("\(reason)\(next)", .unread)
        case .ownState: self.init("\(reason)\(next)", .stateUnreadable)
        }
    }

    private init(_ error: SimulatedServiceError) {
        switch error {
        case .clockStandsLater, .alreadyBegun: self.init("\(error)", .failure)
        case .silentHome: self.init("\(error)", .unread)
        case .notBegun, .groupIsAhead, .unreadableGroup, .unreadableWorld:
            self.init("\(error)", .stateUnreadable)
        }
    }

    /// Runs a part of a command and turns the rooms' errors into trouble.
    ///
    /// - Parameter part: The part.
    /// - Returns: What the part returns.
    /// - Throws: ``Trouble``, the exit code the part ends with, or `CancellationError`.
    static func explaining<Result>(_ part: () async throws -> Result) async throws -> Result {
        do {
            return try await part()
        } catch let code as ExitCode {
            throw code
        } catch let cancellation as CancellationError {
            // Being stopped is no trouble: how a command ends then is said in one place.
            throw cancellation
        } catch StateError.noLongerAwaited {
            throw CancellationError()
        } catch {
            throw Trouble(error)
        }
    }
}

extension Trouble: CustomStringConvertible {
    /// What to say.
    var description: String { text }
}

extension Terminal {
    /// Runs a command, says what troubles it, and ends it with the right code.
    ///
    /// - Parameter command: The command.
    /// - Throws: The exit code.
    func run(_ command: () async throws -> ExitStatus) async throws {
        do {
            try end(try await command())
        } catch let trouble as Trouble {
            say("error: \(trouble.text)")
            try end(trouble.status)
        }
    }

    /// Runs a command that signals end cleanly: a call under way is seen through, and nothing else is
    /// begun.
    ///
    /// - Parameters:
    ///   - stops: What ends it.
    ///   - command: The command; cancelled when it is to end.
    /// - Throws: The exit code.
    func run(
        endingAt stops: StopSignals,
        _ command: @escaping @Sendable () async throws -> ExitStatus
    ) async throws {
        try await run {
            do {
                return try await stops.stopping(command)
            } catch is CancellationError {
                // Nothing was under way: runs that had begun to act say themselves how they ended.
                say("stopped; this run sent nothing that is not listed above")
                return stops.exitStatus ?? .failure
            }
        }
    }

    /// Says what could not be read: the state, and each place once, with its cause and what is next.
    ///
    /// - Parameters:
    ///   - planned: The plan that rests on the rest.
    ///   - fleet: What the manifests say, for the names of accounts.
    func sayGaps(of planned: PlanPipeline.Result, in fleet: DesiredFleet) {
        say(unread: planned.unread)
        for line in UnreadLines(planned.plan.unreadPlaces, in: fleet).lines {
            say("error: \(line)")
        }
        for reason in planned.journalGaps { say("error: \(reason)") }
        guard !planned.journalGaps.isEmpty else { return }
        say(
            "       no backup or cluster is deleted, and no cluster made, until the journal is whole"
        )
    }

    /// Says which groups could not be read.
    ///
    /// - Parameter unread: The groups and why.
    func say(unread: [GroupID: UnreadReason]) {
        for (id, reason) in unread.sorted(by: { $0.key < $1.key }) {
            say("error: \(id.cluster) in \(id.home): \(reason)")
        }
        guard !unread.isEmpty else { return }
        say("       nothing is planned for what could not be read; deletions beside it are held")
        guard unread.values.contains(where: { $0.origin == .ownState }) else { return }
        say("       Next: strongroom state verify, which tells what can be mended")
    }
}

extension StateError {
    /// Whether a file of the state directory is not what Strongroom wrote.
    fileprivate var isDamage: Bool {
        switch self {
        case .notJSON, .content, .missing, .tooLarge, .damagedJournal: true
        case .noDirectory, .noFolder, .notAStateDirectory, .alreadyCreated, .remains, .otherService,
            .newerFormat, .locked, .noLongerAwaited, .lockLost, .severalHosts, .volatile,
            .otherAnchor, .openedForReading, .unsafe, .unwritable, .journalRefusal, .system:
            false
        }
    }
}
