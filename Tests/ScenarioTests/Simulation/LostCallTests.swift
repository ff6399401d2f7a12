import CloudHSM
import Foundation
import StrongroomModel
import Testing

/// One answer, request or process is lost at each call that changes anything
/// (`execution.md`, section 5, F11).
@Suite("A call that is lost")
struct LostCallTests {
    /// How often each errand meets each fate.
    private static var rounds: Int { Size.figure(full: 100, normal: 10) }

    @Test("is found out about, and never made twice")
    func isNeverMadeTwice() async throws {
        var losses = 0
        var duplicates = 0
        var broken = 0
        for errand in Errand.allCases {
            for round in 1...Self.rounds {
                let seed = UInt64(round)
                let calm = try await Storm(seed: seed, .fair(seed)).run(errand)
                #expect(calm.breaches == [], "\(errand), seed \(seed), in good weather")
                for fate in Storm.Ambush.Fate.allCases {
                    let storm = try Storm(seed: seed, .fair(seed), isTelling: true)
                    storm.ambush = Storm.Ambush(operation: errand.operation, fate: fate)
                    let lost = try await storm.run(errand)
                    let story: Comment = """
                        \(errand), \(fate), seed \(seed): \(lost.breaches)
                        \(lost.story.joined(separator: "\n"))
                        """
                    #expect(lost.wasAmbushed, story)
                    #expect(lost.breaches == [], story)
                    let done = lost.effects[errand.operation] ?? 0
                    let expected = calm.effects[errand.operation] ?? 0
                    #expect(done == expected, story)
                    losses += 1
                    duplicates += max(done - expected, 0)
                    broken += lost.breaches.isEmpty ? 0 : 1
                }
            }
        }
        print(
            "torture F11 | errands \(Errand.allCases.count) | losses \(losses)"
                + " | duplicates \(duplicates) | broken \(broken) | seed 1"
        )
    }
}

extension Weather {
    /// Good weather over one cluster of two or three HSMs.
    fileprivate static func fair(_ seed: UInt64) -> Weather {
        var weather = Weather()
        weather.shape = StormWorld.Shape(
            managed: 1,
            days: seed.isMultiple(of: 2) ? 4 : 6,
            hsms: seed.isMultiple(of: 3) ? 3 : 2
        )
        return weather
    }
}
