import CloudHSM
import StrongroomModel
import StrongroomReport
import StrongroomSimulator

/// What of the state directory cannot be read, for a command that makes no plan: it says so and
/// ends with 10, whatever else it could do.
struct StateDamage {
    /// What is wrong, where, and what to do next; the groups, then the journal.
    private let lines: [String]

    /// Reads what a plan would read of the state.
    ///
    /// - Parameter house: Where the state is.
    /// - Throws: ``Trouble`` if nothing can be read at all.
    init(in house: House) async throws {
        let unread = try await Trouble.explaining {
            try (house.service as? SimulatedService)?.unreadGroups() ?? [:]
        }
        let groups = unread.sorted { $0.key < $1.key }.map { id, reason in
            "\(id.cluster) in \(id.home): \(reason)"
        }
        lines = groups + (try house.journalGaps())
    }

    /// Runs a command's work; damage comes before whatever it ends with, but not before its result.
    ///
    /// - Parameters:
    ///   - terminal: Where the damage is said.
    ///   - work: The work.
    /// - Returns: The command's code.
    /// - Throws: ``Trouble`` of the work, with the code that comes first.
    func weighing(
        on terminal: Terminal,
        _ work: () async throws -> ExitStatus
    ) async throws -> ExitStatus {
        do {
            let status = try await work()
            say(on: terminal)
            return lines.isEmpty ? status : status.or(.stateUnreadable)
        } catch let trouble as Trouble {
            say(on: terminal, besides: trouble.text)
            guard !lines.isEmpty else { throw trouble }
            throw Trouble(trouble.text, trouble.status.or(.stateUnreadable))
        }
    }

    private func say(on terminal: Terminal, besides said: String = "") {
        for line in lines where !said.contains(line) {
            terminal.say("error: \(SafeText.terminal(line))")
        }
    }
}

extension House {
    /// Why parts of the journal cannot be read now.
    ///
    /// - Returns: What is wrong, where, and what to do next; empty if all of it can be read.
    /// - Throws: ``Trouble`` if nothing can be read at all.
    func journalGaps() throws -> [String] {
        do {
            return try journal(at: service.present).gaps.filter { !$0.isPast }.map(\.reason)
        } catch {
            throw Trouble(error)
        }
    }
}

extension SimulatedService {
    /// The groups of which our own state directory cannot be read, and why.
    ///
    /// - Throws: What the store throws when it cannot say which groups there are.
    func unreadGroups() throws -> [GroupID: UnreadReason] {
        var unread: [GroupID: UnreadReason] = [:]
        for id in try groupIDs() {
            do {
                _ = try standing(id)
            } catch let failure as any ReadingFailure where failure.unreadReason.origin == .ownState
            {
                unread[id] = failure.unreadReason
            }
        }
        return unread
    }
}
