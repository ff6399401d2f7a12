import CloudHSM
import Foundation
import StrongroomModel
import StrongroomPlanner
import StrongroomProof
import StrongroomReport
import Testing

/// What holds of every manifest and every world.
@Suite("Any manifest and any world", .serialized)
struct PlannerPairTests {
    /// Manifests and groups of one fleet: a plan is made for so many pairs at once.
    private static let pairsPerFleet = 8
    private static let pairs = Size.figure(full: 1_000_000, normal: 100_000)
    private static let shares = 64

    /// Of so many fleets one is planned again, read in another order.
    private static let fleetsPerShuffle: UInt64 = 4

    /// Of so many fleets one is also written down, to compare the bytes.
    private static let fleetsPerWriting: UInt64 = 100

    private struct Tally: Sendable {
        var pairs = 0
        var steps = 0
        var refused: [String] = []
        var broken: [String] = []
        var unordered: [String] = []
    }

    @Test("give a plan that is proved, safe, and the same in whatever order things are read")
    func plansAreSafe() async throws {
        let fleets = Self.pairs / Self.pairsPerFleet
        let tallies = try await Size.inShares(Self.shares) { share in
            var tally = Tally()
            for number in stride(from: share, to: fleets, by: Self.shares) {
                Self.check(Size.seed &* 1_000_000 &+ UInt64(number), &tally)
            }
            return tally
        }
        let refused = tallies.flatMap(\.refused)
        let broken = tallies.flatMap(\.broken)
        let unordered = tallies.flatMap(\.unordered)
        let steps = tallies.reduce(0) { $0 + $1.steps }
        let pairs = tallies.reduce(0) { $0 + $1.pairs }
        print(
            "torture F16 | pairs \(pairs) | steps \(steps) | unsafe \(broken.count) "
                + "| refused by the proof \(refused.count) "
                + "| order-dependent \(unordered.count) | seed \(Size.seed)"
        )
        #expect(broken.prefix(5) == [])
        #expect(unordered.prefix(5) == [])
        // The proof may be the stricter reading; a plan that it refuses is not carried out.
        let words = refused.prefix(5).joined(separator: "\n")
        #expect(refused.count < pairs / 300, "\(words)")
        // A property that nothing is planned under holds of nothing.
        #expect(steps > pairs)
    }

    private static func check(_ seed: UInt64, _ tally: inout Tally) {
        var dice = Dice(seed: seed)
        let world = dice.fleet(of: pairsPerFleet)
        let plan = world.plan
        tally.pairs += world.pairs
        tally.steps += plan.groups.reduce(0) { $0 + $1.steps.count }
        tally.refused += world.proof(of: plan).findings.map { "seed \(seed): \($0.text)" }
        tally.broken += SafetyPredicate(world: world, plan: plan).breaches()
            .map { "seed \(seed): \($0)" }
        guard seed % fleetsPerShuffle == 0 else { return }
        let again = world.shuffled(by: &dice).plan
        var isSame = again == plan
        if isSame, seed % fleetsPerWriting == 0 {
            isSame = PlanDocument(again).json() == PlanDocument(plan).json()
        }
        if !isSame { tally.unordered.append("seed \(seed)") }
    }

    /// `STRONGROOM_FLEET=n` tells the whole story of the fleet that a message names.
    private static let named = ProcessInfo.processInfo.environment["STRONGROOM_FLEET"]
        .flatMap(UInt64.init)

    @Test("can be told again", .enabled(if: named != nil))
    func toldAgain() throws {
        let seed = try #require(Self.named)
        var tally = Tally()
        Self.check(seed, &tally)
        var dice = Dice(seed: seed)
        let world = dice.fleet(of: Self.pairsPerFleet)
        let other = world.shuffled(by: &dice)
        let text = PlanText(width: 100, colour: .never)
        print(text.text(of: world.plan))
        if other.plan != world.plan { print("in another order:\n\(text.text(of: other.plan))") }
        for group in world.groups { print(group, "\n") }
        for entry in world.context.recentEntries { print(entry, "\n") }
        #expect(tally.refused + tally.broken + tally.unordered == [])
    }
}

extension SmallFleet {
    var plan: Plan { Planner(fleet: fleet, context: context).plan(for: groups) }

    func proof(of plan: Plan) -> Proof {
        let prover = Prover(fleet: fleet, context: context)
        let known = Dictionary(groups.map { ($0.id, $0) }) { first, _ in first }
        return prover.conclude(
            plan.groups.map { prover.check($0, of: $0.subject.group.flatMap { known[$0] }) }
        )
    }
}
