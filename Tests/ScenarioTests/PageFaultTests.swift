import CloudHSM
import Foundation
import StrongroomModel
import Synchronization
import Testing

/// What holds when the world can be seen through faulty pages only, and others act meanwhile.
@Suite("Faulty pages", .serialized)
struct FaultyPagesTests {
    /// `STRONGROOM_SEED=n` tries only that one.
    private static let all: [UInt64] = {
        let environment = ProcessInfo.processInfo.environment
        if let text = environment["STRONGROOM_SEED"], let seed = UInt64(text) { return [seed] }
        let count = Size.figure(full: 1_000, normal: 100)
        return (1...UInt64(count)).map { 3_000_000 + $0 }
    }()

    private struct Tally: Sendable {
        var faults = 0
        var overCreations = 0
        var deletions = 0
        var unsettled = 0
        var refused = 0

        static func + (left: Tally, right: Tally) -> Tally {
            Tally(
                faults: left.faults + right.faults,
                overCreations: left.overCreations + right.overCreations,
                deletions: left.deletions + right.deletions,
                unsettled: left.unsettled + right.unsettled,
                refused: left.refused + right.refused
            )
        }
    }

    @Test("nothing is made twice or deleted unseen, and all is well once they end")
    func faultyPages() async throws {
        let counts = try await withThrowingTaskGroup(of: Tally.self) { group in
            var counts = Tally()
            var waiting = Self.all.makeIterator()
            for seed in [waiting.next(), waiting.next()].compactMap(\.self) {
                group.addTask { try await Self.play(seed) }
            }
            while let tally = try await group.next() {
                counts = counts + tally
                if let seed = waiting.next() { group.addTask { try await Self.play(seed) } }
            }
            return counts
        }
        print(
            "torture F13 | seeds \(Self.all.count) | page faults \(counts.faults) "
                + "| over-creations \(counts.overCreations) "
                + "| deletes from incomplete inventory \(counts.deletions) "
                + "| not converged \(counts.unsettled) | plans refused by the proof \(counts.refused) | seed \(Self.all.first ?? 0)"
        )
        #expect(counts.faults > Self.all.count)
    }

    private static func play(_ seed: UInt64) async throws -> Tally {
        let scene = try PageFaultPlay(seed: seed)
        var chance = Chance(seed: ~seed)
        for _ in 0..<8 {
            try await scene.run(isTick: chance.happens(70))
            try await scene.play.service.wait(.minutes(chance.number(1...6)))
        }
        scene.pages.heal()
        var quiet = 0
        for _ in 0..<16 where quiet < 2 {
            quiet = try await scene.run(isTick: false) ? quiet + 1 : 0
            try await scene.play.service.wait(.minutes(20))
        }
        let isSettled = try scene.play.isDone()
        let story: Comment = """
            \(try scene.play.story())
            \(scene.story.joined(separator: "\n"))
            refused: \(scene.play.service.refusals)
            """
        let made = try scene.doubleCopies() + scene.doubleClusters()
        let broken = scene.play.service.broken
        let deletions = scene.deletionsUnseen.withLock { $0 }
        #expect(broken == [], story)
        #expect(made == 0, story)
        #expect(deletions == 0, story)
        #expect(isSettled, story)
        return Tally(
            faults: scene.pages.faults.values.reduce(0, +),
            overCreations: made + broken.count { $0.contains(" made ") },
            deletions: deletions,
            unsettled: isSettled ? 0 : 1,
            refused: scene.refusals.withLock { $0 }
        )
    }
}
