import CloudHSM
import StrongroomModel
import Testing

/// What holds of every plan that is carried out.
@Suite("Carrying a plan out")
struct ApplyPropertyTests {
    @Test("leaves nothing to plan and breaks no promise", arguments: seeds(600))
    func leavesNothing(seed: UInt64) async throws {
        let play = try Scenario.of(seed).play(groupsAtOnce: 4)
        let first = try play.plan()
        let most = first.mayNeedMore ? 12 : 1
        var count = 0
        while count < most, try play.hasSteps() {
            try await play.apply()
            count += 1
        }
        let story = try play.story()
        #expect(try !play.hasSteps(), story)
        #expect(play.service.broken == [], story)
        #expect(play.service.refusals == [], story)
    }
}

extension Plan {
    /// Whether a single run cannot do everything: something moves, a budget lasts for a run, or a
    /// copy is made that only the next plan takes the place of the newest for.
    var mayNeedMore: Bool {
        groups.contains { group in
            group.steps.contains { $0.action.kind == .copy }
                || group.notes.contains { note in
                    note.kind == .waiting
                        || ["deletion-budget", "hsm-count"].contains(note.reason.rule)
                }
        }
    }
}
