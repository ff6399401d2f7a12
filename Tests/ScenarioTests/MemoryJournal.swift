import CloudHSM
import StrongroomModel
import Synchronization

/// A journal in memory that can fail at a chosen call.
final class MemoryJournal: Journal {
    /// When the journal fails.
    enum Failure: Hashable {
        /// Never.
        case never
        /// Before so many intents are recorded, counted from 1: the call is not sent.
        case beginning(Int)
        /// Before so many outcomes are recorded, counted from 1: the call has been made.
        case ending(Int)
    }

    /// The journal could not be written.
    struct Broken: Error, Hashable {}

    private struct Contents {
        var entries: [JournalEntry] = []
        var uses: [ApprovalUse] = []
        var begun = 0
        var ended = 0
        var failure = Failure.never
    }

    private let contents = Mutex(Contents())

    /// Every entry, in the order begun.
    var entries: [JournalEntry] { contents.withLock { $0.entries } }

    /// How many calls were begun.
    var callCount: Int { contents.withLock { $0.begun } }

    /// Lets it fail at a call; `never` heals it.
    func fail(_ failure: Failure) { contents.withLock { $0.failure = failure } }

    /// The entries that matter still, as the state directory gives them.
    func recent(since moment: Timestamp) -> [JournalEntry] {
        Self.recent(of: entries, since: moment)
    }

    /// The entries of a journal that matter still.
    static func recent(of entries: [JournalEntry], since moment: Timestamp) -> [JournalEntry] {
        let points = RecoveryPointRecords(entries)
        return entries.filter { entry in
            guard let outcome = entry.outcome else { return true }
            return max(entry.intent.writtenAt, outcome.at) >= moment || points.isStanding(entry)
        }
    }

    func begin(_ intent: Intent) async throws {
        try contents.withLock { contents in
            contents.begun += 1
            guard contents.failure != .beginning(contents.begun) else { throw Broken() }
            guard !contents.entries.contains(where: { $0.intent.id == intent.id }) else {
                throw Misuse(description: "intent \(intent.id) was begun twice")
            }
            contents.entries.append(JournalEntry(intent: intent, outcome: nil))
        }
    }

    func end(_ intent: Intent, _ outcome: Outcome) async throws {
        try contents.withLock { contents in
            contents.ended += 1
            guard contents.failure != .ending(contents.ended) else { throw Broken() }
            guard
                let index = contents.entries.firstIndex(where: { $0.intent.id == intent.id })
            else { throw Misuse(description: "intent \(intent.id) ended and was never begun") }
            let old = contents.entries[index].outcome
            guard old == nil || old == outcome else {
                throw Misuse(description: "intent \(intent.id) ended twice")
            }
            contents.entries[index] = JournalEntry(intent: intent, outcome: outcome)
        }
    }

    func record(_ use: ApprovalUse) async throws { contents.withLock { $0.uses.append(use) } }

    /// The journal was used as no journal may be.
    struct Misuse: Error, CustomStringConvertible {
        let description: String
    }
}
