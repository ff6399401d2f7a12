import StrongroomAWS
import Testing

@Suite("Request rate")
struct RequestRateTests {
    private func rate(
        perSecond: Double = 2,
        burst: Double = 4,
        least: Double = 0.25
    ) -> RequestRate {
        RequestRate(
            RequestRate.Limits(perSecond: perSecond, burst: burst, least: least),
            at: .zero
        )
    }

    @Test func aSmallFleetIsReadAtOnce() {
        var rate = RequestRate(at: .zero)
        for _ in 0..<100 { #expect(rate.take(at: .zero) == .zero) }
        #expect(rate.take(at: .zero) == .milliseconds(500))
    }

    @Test func whatIsTakenAheadIsWaitedFor() {
        var rate = rate()
        for _ in 0..<4 { #expect(rate.take(at: .zero) == .zero) }
        #expect(rate.take(at: .zero) == .milliseconds(500))
        #expect(rate.take(at: .zero) == .seconds(1))
        #expect(rate.take(at: .seconds(1)) == .milliseconds(500))
        #expect(rate.take(at: .seconds(3)) == .zero)
    }

    @Test func restFillsTheBucketAndNoMore() {
        var rate = rate()
        for _ in 0..<4 { _ = rate.take(at: .zero) }
        for _ in 0..<4 { #expect(rate.take(at: .seconds(86_400)) == .zero) }
        #expect(rate.take(at: .seconds(86_400)) > .zero)
    }

    @Test func throttlingHalvesTheRateAndTakesTheBurst() {
        var rate = rate()
        rate.throttled(sentAt: .zero, at: .seconds(1))
        #expect(rate.perSecond == 1)
        #expect(rate.take(at: .seconds(1)) == .seconds(1))
    }

    @Test func requestsThrottledTogetherHalveItOnce() {
        var rate = rate()
        for _ in 0..<10 { rate.throttled(sentAt: .zero, at: .seconds(1)) }
        #expect(rate.perSecond == 1)
        rate.throttled(sentAt: .seconds(2), at: .seconds(3))
        #expect(rate.perSecond == 0.5)
    }

    @Test func itNeverStandsStill() {
        var rate = rate()
        for second in 1...20 {
            rate.throttled(sentAt: .seconds(second), at: .seconds(second))
        }
        #expect(rate.perSecond == 0.25)
        #expect(rate.take(at: .seconds(20)) <= .seconds(4))
    }

    @Test func aCleanMinuteAddsFivePercent() {
        var rate = rate()
        rate.throttled(sentAt: .zero, at: .zero)
        _ = rate.take(at: .seconds(59))
        #expect(rate.perSecond == 1)
        _ = rate.take(at: .seconds(60))
        #expect(rate.perSecond == 1.05)
        _ = rate.take(at: .seconds(120))
        #expect(abs(rate.perSecond - 1.1025) < 1e-9)
    }

    @Test func aThrottledMinuteIsNotClean() {
        var rate = rate()
        rate.throttled(sentAt: .zero, at: .zero)
        rate.throttled(sentAt: .zero - .seconds(1), at: .seconds(59))
        _ = rate.take(at: .seconds(118))
        #expect(rate.perSecond == 1)
        _ = rate.take(at: .seconds(119))
        #expect(rate.perSecond == 1.05)
    }

    @Test func itGrowsBackToWhereItBeganAndNoFurther() {
        var rate = rate()
        rate.throttled(sentAt: .zero, at: .zero)
        _ = rate.take(at: .seconds(60 * 1_000_000))
        #expect(rate.perSecond == 2)
    }

    /// Over any stretch no more is let through than the burst and what the rate allows.
    @Test func itNeverLetsMoreThroughThanItSays() {
        var rate = rate()
        var sent: [Duration] = []
        var now = Duration.zero
        for step in 0..<2_000 {
            now += .milliseconds(step * 7919 % 400)
            sent.append(now + rate.take(at: now))
        }
        for first in stride(from: 0, to: sent.count, by: 37) {
            for last in stride(from: first, to: sent.count, by: 53) {
                let allowed = 4 + (sent[last] - sent[first]) / .seconds(1) * 2 + 1
                #expect(Double(last - first + 1) <= allowed + 1e-6)
            }
        }
    }

    @Test func aClockThatStandsStillOrGoesBackDoesNoHarm() {
        var rate = rate()
        _ = rate.take(at: .seconds(10))
        let before = rate
        _ = rate.take(at: .seconds(5))
        #expect(rate.perSecond == before.perSecond)
        for _ in 0..<2 { #expect(rate.take(at: .seconds(5)) == .zero) }
        #expect(rate.take(at: .seconds(5)) > .zero)
    }
}
