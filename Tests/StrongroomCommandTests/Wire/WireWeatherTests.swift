import Foundation
import Testing

/// The built program against the built emulator, on a day when much goes wrong.
///
/// Of all calls 30 % are to be throttled, 5 % to fail and 1 % to be cut. Since the client asks more
/// slowly from then on, in real time, only so many calls of a Region are throttled in one errand.
@Suite("Bad weather on the wire", .serialized)
struct WireWeatherTests {
    /// Stories with few calls: what was throttled once is asked for slowly, in real time.
    private static let quick: [WireStory] = [.creation, .recoveryPoint, .retention]

    /// How an errand ended.
    private struct Ended: Sendable {
        let end: WireErrand.End
        let duplicates: Int
    }

    @Test("with calls throttled, failed and cut, ends where a calm run ends")
    func badWeather() async throws {
        let rounds = Torture.isFull ? 20 : 1
        let stories = Torture.isFull ? WireStory.told : Self.quick
        let errands = (0..<rounds).flatMap { round in
            stories.map { (story: $0, seed: Torture.seed &+ UInt64(round)) }
        }
        let ends = try await inLanes(6, errands) { story, seed in
            let calm = try await CalmErrands.shared.end(of: story)
            let weather = Self.weather(seed: seed)
            let end = try await WireErrand(story: story, healsAfterFirstRun: true).run(
                { weather.fault(of: $0) },
                until: calm
            )
            let what = "\(story.rawValue), seed \(seed)"
            WireFaultTests.hold(end, against: calm, what)
            Self.holdCalls(end, calm, what)
            return Ended(end: end, duplicates: WireFaultTests.duplicates(end, calm))
        }
        #expect(ends.contains { $0.end.faults > 0 })
        Torture.close(
            "F12",
            [
                ("errands", ends.count),
                ("calls", ends.reduce(0) { $0 + $1.end.passages.count }),
                ("throttled", ends.reduce(0) { $0 + $1.end.throttled }),
                ("faults", ends.reduce(0) { $0 + $1.end.faults }),
                ("duplicates", ends.reduce(0) { $0 + $1.duplicates }),
            ],
            "over sockets"
        )
    }

    private static func weather(seed: UInt64) -> WireWeather {
        WireWeather(
            seed: seed,
            [
                .init(part: 0.30, faults: [.throttled]),
                .init(
                    part: 0.05,
                    faults: [.failedBefore, .failedAfter, .unavailableBefore, .unavailableAfter]
                ),
                .init(part: 0.01, faults: [.resetBefore, .resetAfter]),
            ],
            throttles: Torture.isFull ? 3 : 1
        )
    }

    /// Each call beyond those of a calm run follows one that met a fault.
    private static func holdCalls(_ end: WireErrand.End, _ calm: WireErrand.End, _ what: String) {
        let changing = end.passages.filter(\.request.isChanging)
        let expected = calm.passages.count(where: \.request.isChanging)
        let failed = changing.count { $0.fault != nil }
        #expect(changing.count <= expected + failed, "\(what)")
    }
}
