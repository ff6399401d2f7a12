import Foundation
import Synchronization
import Testing

/// Many storms, and the line that says what they came to.
final class Storms: Sendable {
    let id: String
    let weather: Weather
    let seeds: [UInt64]

    private struct State {
        var next = 0
        var tally = Tally()
        var notable: [Storm.Outcome] = []
    }

    private let state = Mutex(State())

    /// After how many broken seeds no more are tried.
    private static let enough =
        ProcessInfo.processInfo.environment["STRONGROOM_ENOUGH"].flatMap(Int.init) ?? 20

    init(_ id: String, in weather: Weather, seeds: [UInt64]) {
        self.id = id
        self.weather = weather
        self.seeds = seeds
    }

    /// The seeds to try: `STRONGROOM_SEED=n` tries only that one and tells its story,
    /// `STRONGROOM_SEEDS=n` so many, else as many as the size asks for.
    static func seeds(_ usual: Int, full: Int) -> [UInt64] {
        let environment = ProcessInfo.processInfo.environment
        if let seed = environment["STRONGROOM_SEED"].flatMap(UInt64.init) { return [seed] }
        let count =
            environment["STRONGROOM_SEEDS"].flatMap(Int.init)
            ?? Size.figure(full: full, normal: usual)
        let first = environment["STRONGROOM_FIRST_SEED"].flatMap(UInt64.init) ?? 1
        return (0..<UInt64(count)).map { first + $0 }
    }

    /// Lives through them all; the first breach of each broken seed becomes an issue.
    func pass() async throws {
        try await withThrowingTaskGroup(of: Void.self) { lanes in
            for _ in 0..<2 {
                lanes.addTask {
                    while let seed = self.next() { try await self.live(through: seed) }
                }
            }
            try await lanes.waitForAll()
        }
        let (tally, notable) = state.withLock { ($0.tally, $0.notable) }
        for outcome in notable.sorted(by: { $0.seed < $1.seed }) { report(outcome) }
        let broken = notable.count { !$0.breaches.isEmpty }
        print(
            "torture \(id) | seeds \(seeds.count) | events \(tally.events) | runs \(tally.runs)"
                + " | rounds \(tally.rounds) | calls \(tally.calls) | faults \(tally.faults) | kills \(tally.kills)"
                + " | healing \(tally.healingRuns) | invariants \(Invariant.allCases.count)"
                + " | broken \(broken) | seed \(seeds.first ?? 0)"
        )
    }

    private func live(through seed: UInt64) async throws {
        let isAlone = seeds.count == 1
        let outcome = try await Storm(seed: seed, weather, isTelling: isAlone).run()
        state.withLock { state in
            state.tally += outcome.tally
            if isAlone || !outcome.breaches.isEmpty { state.notable.append(outcome) }
        }
    }

    private func report(_ outcome: Storm.Outcome) {
        if !outcome.story.isEmpty { print(outcome.story.joined(separator: "\n")) }
        guard let first = outcome.breaches.first else { return }
        Issue.record(
            """
            seed \(outcome.seed): \(first)
            STRONGROOM_SEED=\(outcome.seed) tells its story
            """
        )
    }

    private func next() -> UInt64? {
        state.withLock { state in
            guard state.next < seeds.count, state.notable.count < Self.enough else { return nil }
            defer { state.next += 1 }
            return seeds[state.next]
        }
    }
}
