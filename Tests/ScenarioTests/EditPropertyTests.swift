import CloudHSM
import StrongroomModel
import Testing

/// What holds when manifests are edited again and again.
@Suite("Edited manifests")
struct EditPropertyTests {
    @Test("come to an end of their own, and no promise is broken on the way", arguments: seeds(400))
    func convergeAfterEdits(seed: UInt64) async throws {
        // Seeds of their own, so that these are other worlds than elsewhere.
        let scenario = try Scenario.of(1_000_000 + seed)
        let play = try scenario.play(groupsAtOnce: 4)
        try await play.apply()
        for edit in 1...2 as ClosedRange<UInt64> {
            try play.edit(try scenario.edited(by: seed &* 7_919 &+ edit))
            try await play.settle()
        }
        let story = try play.story()
        #expect(play.service.broken == [], story)
        #expect(try play.isDone(), story)
    }
}

/// What holds of every plan in very many worlds.
@Suite("Many worlds")
struct ManyWorldsTests {
    @Test("every plan is proved, and planned again it is the same", arguments: batches(of: 9_000))
    func everyPlanIsProved(batch: ClosedRange<UInt64>) throws {
        for seed in batch {
            let play = try Scenario.of(2_000_000 + seed).play()
            let proved = try play.proved()
            #expect(proved.proof.findings == [], "seed \(2_000_000 + seed)")
            #expect(try play.plan(shuffledBy: seed) == proved.plan, "seed \(2_000_000 + seed)")
        }
    }

    /// The seeds of a property in batches of a hundred.
    private static func batches(of count: Int) -> [ClosedRange<UInt64>] {
        let all = seeds(count)
        return stride(from: 0, to: all.count, by: 100).map {
            all[$0]...all[Swift.min($0 + 99, all.count - 1)]
        }
    }
}
