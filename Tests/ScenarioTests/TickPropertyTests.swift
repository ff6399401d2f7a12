import CloudHSM
import StrongroomModel
import Testing

/// What holds of `reconcile`, run by cron.
@Suite("Ticks")
struct TickPropertyTests {
    @Test("come to the same end as one long run, and break no promise", arguments: seeds(200))
    func convergeLikeApply(seed: UInt64) async throws {
        let scenario = try Scenario.of(seed)
        guard let calm = try await scenario.calmEnd() else { return }
        let play = try scenario.play(groupsAtOnce: 4)
        var chance = Chance(seed: seed)
        var quiet = 0
        for _ in 0..<80 where quiet < 3 {
            let report = try await play.tick()
            // A backup takes its time, so quiet ticks close together say nothing.
            let span = chance.number(1...15)
            try await play.service.wait(.minutes(report.steps.isEmpty ? max(span, 5) : span))
            quiet = report.steps.isEmpty ? quiet + 1 : 0
        }
        let story = try play.story()
        #expect(quiet == 3, story)
        #expect(play.service.broken == [], story)
        #expect(try play.end().mapValues(\.lasting) == calm.mapValues(\.lasting), story)
    }
}
