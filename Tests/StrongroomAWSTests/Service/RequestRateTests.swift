import StrongroomAWS
import Testing

@Suite("Request rate")
struct RequestRateTests {
    /// A rate that was throttled in its first second, after so many requests.
    private func rate(after requests: Int, least: Double = 0.05) -> RequestRate {
        var rate = RequestRate(RequestRate.Limits(least: least), at: .zero)
        for _ in 0..<requests { _ = rate.take(at: .zero) }
        rate.throttled(sentAt: .zero, at: .zero)
        return rate
    }

    @Test func nothingWaitsUntilTheServiceThrottles() {
        var rate = RequestRate(at: .zero)
        for second in 0..<100 {
            for _ in 0..<100 { #expect(rate.take(at: .seconds(second)) == .zero) }
        }
    }

    @Test func throttlingHalvesWhatWasAsked() {
        var rate = rate(after: 20)
        #expect(rate.perSecond == 10)
        #expect(rate.take(at: .zero) == .milliseconds(100))
        #expect(rate.take(at: .zero) == .milliseconds(200))
        #expect(rate.take(at: .milliseconds(250)) == .milliseconds(50))
    }

    @Test func requestsThrottledTogetherHalveItOnce() {
        var rate = rate(after: 20)
        for _ in 0..<10 {
            rate.throttled(sentAt: .milliseconds(-1), at: .milliseconds(500))
        }
        #expect(rate.perSecond == 10)
        rate.throttled(sentAt: .milliseconds(600), at: .milliseconds(700))
        #expect(rate.perSecond == 5)
    }

    @Test func itNeverStandsStill() {
        var rate = rate(after: 1, least: 0.25)
        for step in 1...20 {
            let moment = Duration.milliseconds(step)
            rate.throttled(sentAt: moment, at: moment)
        }
        #expect(rate.perSecond == 0.25)
        #expect(rate.take(at: .milliseconds(20)) <= .seconds(4))
    }

    @Test func aCleanSecondAddsFivePercentUpToWhatWasReached() {
        var rate = rate(after: 20)
        _ = rate.take(at: .milliseconds(999))
        #expect(rate.perSecond == 10)
        _ = rate.take(at: .seconds(1))
        #expect(rate.perSecond == 10.5)
        _ = rate.take(at: .seconds(15))
        #expect(rate.perSecond == 20)
    }

    @Test func beyondThatOnlyACleanMinuteAddsFivePercent() {
        var rate = rate(after: 20)
        _ = rate.take(at: .seconds(15))
        _ = rate.take(at: .seconds(74))
        #expect(rate.perSecond == 20)
        _ = rate.take(at: .seconds(75))
        #expect(rate.perSecond == 21)
    }

    @Test func aThrottledSecondIsNotClean() {
        var rate = rate(after: 20)
        rate.throttled(sentAt: .milliseconds(-1), at: .milliseconds(900))
        _ = rate.take(at: .milliseconds(1_899))
        #expect(rate.perSecond == 10)
        _ = rate.take(at: .milliseconds(1_900))
        #expect(rate.perSecond == 10.5)
    }

    @Test func itNeverGrowsBeyondItsCap() {
        var rate = RequestRate(RequestRate.Limits(most: 2), at: .zero)
        #expect(rate.take(at: .zero) == .zero)
        #expect(rate.take(at: .zero) == .milliseconds(500))
        rate.throttled(sentAt: .zero, at: .zero)
        #expect(rate.perSecond == 1)
        _ = rate.take(at: .seconds(60 * 1_000_000))
        #expect(rate.perSecond == 2)
    }

    /// Over any stretch no more is let through than the rate allows.
    @Test func itNeverLetsMoreThroughThanItSays() {
        var rate = RequestRate(RequestRate.Limits(most: 2), at: .zero)
        var sent: [Duration] = []
        var now = Duration.zero
        for step in 0..<2_000 {
            now += .milliseconds(step * 7919 % 400)
            sent.append(now + rate.take(at: now))
        }
        for first in stride(from: 0, to: sent.count, by: 37) {
            for last in stride(from: first, to: sent.count, by: 53) {
                let allowed = (sent[last] - sent[first]) / .seconds(1) * 2 + 1
                #expect(Double(last - first + 1) <= allowed + 1e-6)
            }
        }
    }

    @Test func aClockThatStandsStillOrGoesBackDoesNoHarm() {
        var rate = rate(after: 20)
        _ = rate.take(at: .seconds(10))
        let before = rate
        _ = rate.take(at: .seconds(5))
        #expect(rate.perSecond == before.perSecond)
        #expect(rate.take(at: .seconds(5)) > .zero)
    }
}
