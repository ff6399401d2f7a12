import StrongroomModel
import StrongroomReport
import Testing

/// What holds of every plan, whatever the world.
@Suite("Every plan")
struct PlanPropertyTests {
    @Test("is the same to the byte, in whatever order things are read", arguments: seeds(1000))
    func isRepeatable(seed: UInt64) throws {
        let play = try Scenario.of(seed).play()
        let plan = try play.plan()
        let bytes = PlanDocument(plan).json()
        #expect(try play.plan() == plan, "seed \(seed)")
        for shuffle in 1...2 as ClosedRange<UInt64> {
            let other = try play.plan(shuffledBy: seed &* 31 &+ shuffle)
            #expect(other == plan, "seed \(seed)")
            #expect(PlanDocument(other).json() == bytes, "seed \(seed)")
        }
    }

    @Test("can be written down and read again", arguments: seeds(200))
    func canBeSaved(seed: UInt64) throws {
        let document = PlanDocument(try Scenario.of(seed).play().plan())
        let again = try PlanDocument(json: document.json())
        #expect(again == document, "seed \(seed)")
        #expect(again.json() == document.json(), "seed \(seed)")
    }
}
