import CloudHSM
import Testing

/// The whole of it in storms that seeds decide (`execution.md`, section 5, F14).
@Suite("In a storm")
struct SimulationTests {
    @Test("nothing is done twice, nothing is lost, and all comes to what is asked")
    func survivesStorms() async throws {
        try await Storms("F14", in: Weather(), seeds: Storms.seeds(1_000, full: 10_000)).pass()
    }

    @Test("the floor and the budgets hold against four runners with three manifests")
    func holdsTheFloorUnderAttack() async throws {
        try await Storms("F24", in: .attack, seeds: Storms.seeds(40, full: 400)).pass()
    }
}

extension Weather {
    /// Four runners with manifests that contradict each other, while people delete and retention
    /// takes what it can; nothing is made worse by lost calls than it is anyway.
    static var attack: Weather {
        var weather = Weather()
        weather.runners = 4...4
        weather.editions = 3
        weather.events = 600
        weather.outsiders = 60
        weather.mishaps = 6
        weather.calls = Calls(
            lostRequests: 2,
            lostAnswers: 2,
            late: 3,
            killedAfter: 1,
            killedBefore: 1,
            throttled: 2,
            failedUndone: 1,
            failedDone: 1
        )
        weather.failedLooks = 10
        weather.failedWrites = 10
        weather.longestPause = 72
        weather.asksForNew = false
        weather.heals = false
        return weather
    }
}
