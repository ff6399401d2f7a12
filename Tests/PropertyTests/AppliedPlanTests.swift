import CloudHSM
import Foundation
import StrongroomExecutor
import StrongroomModel
import StrongroomReport
import StrongroomSimulator
import Synchronization
import Testing

/// What holds of a plan that is carried out on a service that does everything at once.
@Suite("A plan that is carried out", .serialized)
struct AppliedPlanTests {
    private static let fleets = Size.figure(full: 2_000, normal: 200)
    private static let clustersPerFleet = 3

    private struct Tally: Sendable {
        var applied = 0
        var refused = 0
        var leftOver: [String] = []
    }

    @Test("leaves nothing to plan")
    func leavesNothing() async throws {
        let tallies = try await Size.inShares(Self.fleets) { number in
            var tally = Tally()
            try await Self.apply(Size.seed &* 2_000_000 &+ UInt64(number), &tally)
            return tally
        }
        let leftOver = tallies.flatMap(\.leftOver)
        let applied = tallies.reduce(0) { $0 + $1.applied }
        print(
            "torture F16 | applied fleets \(applied) "
                + "| refused by the proof \(tallies.reduce(0) { $0 + $1.refused }) "
                + "| plan not empty afterwards \(leftOver.count) | seed \(Size.seed)"
        )
        #expect(leftOver.prefix(3) == [])
        #expect(applied > Self.fleets / 2)
    }

    private static func apply(_ seed: UInt64, _ tally: inout Tally) async throws {
        var dice = Dice(seed: seed)
        let first = dice.fleet(of: clustersPerFleet, isStrange: false)
        let service = try SimulatedService.begin(
            store: MemoryStore(first.groups),
            now: Parts.now,
            settings: .immediate(seed: seed, quotas: first.fleet.quotas)
        )
        let journal = RecordingJournal()
        var world = first
        // A budget lasts for a run, and a copy may be made only once the next plan sees why.
        for _ in 0..<12 {
            world = try seen(through: service, of: world, journal)
            let plan = world.plan
            guard plan.groups.contains(where: { !$0.steps.isEmpty }) else { break }
            let approved: ApprovedPlan
            do {
                approved = try ApprovedPlan(
                    plan,
                    provedBy: world.proof(of: plan),
                    approving: .everything
                )
            } catch {
                tally.refused += 1
                return
            }
            let executor = Executor(
                service: service,
                journal: journal,
                lease: HeldLock(),
                uptime: { .zero },
                jitter: { 1 },
                newIntentID: { journal.nextID() }
            )
            _ = try await executor.run(approved)
        }
        let end = try seen(through: service, of: world, journal).plan
        tally.applied += 1
        // Backups and copies grow old meanwhile: what time alone brings may be left.
        let left = end.groups.flatMap(\.steps).filter {
            !["copy", "copy-cleanup", "freshness"].contains($0.reason.rule)
        }
        if !left.isEmpty {
            let text = PlanText(width: 100, colour: .never).text(of: end)
            tally.leftOver.append("seed \(seed):\n\(text)")
        }
    }

    private static func seen(
        through service: SimulatedService,
        of world: SmallFleet,
        _ journal: RecordingJournal
    ) throws -> SmallFleet {
        SmallFleet(
            fleet: world.fleet,
            context: PlanContext(now: service.now(), recentEntries: journal.entries),
            groups: try service.inventory().groups.map(service.observe)
        )
    }
}

/// A journal that remembers, and does nothing else.
final class RecordingJournal: Journal {
    private let contents = Mutex<(entries: [JournalEntry], ids: UInt64)>(([], 0))

    /// Every entry, in the order begun.
    var entries: [JournalEntry] { contents.withLock { $0.entries } }

    /// An id that no intent had before.
    func nextID() -> String {
        contents.withLock { contents in
            contents.ids += 1
            let digits = String(contents.ids, radix: 16)
            return String(repeating: "0", count: 32 - digits.count) + digits
        }
    }

    func begin(_ intent: Intent) async throws {
        contents.withLock { $0.entries.append(JournalEntry(intent: intent, outcome: nil)) }
    }

    func end(_ intent: Intent, _ outcome: Outcome) async throws {
        contents.withLock { contents in
            guard let index = contents.entries.firstIndex(where: { $0.intent.id == intent.id })
            else { return }
            contents.entries[index] = JournalEntry(intent: intent, outcome: outcome)
        }
    }

    func record(_ use: ApprovalUse) async throws {}
}

/// A lock that nobody takes away.
private struct HeldLock: Lease {
    let epoch = 1

    func check() {}
}
