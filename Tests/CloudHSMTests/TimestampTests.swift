import CloudHSM
import Testing

@Suite struct TimestampTests {
    @Test(
        arguments: [
            ("1970-01-01T00:00:00Z", 0),
            ("2026-11-20T09:00:00Z", 1_795_165_200_000),
            ("2026-11-20T09:00:00.001Z", 1_795_165_200_001),
            ("2024-02-29T23:59:59.999Z", 1_709_251_199_999),
            ("1969-12-31T23:59:59.999Z", -1),
            ("0001-01-01T00:00:00Z", -62_135_596_800_000),
            ("9999-12-31T23:59:59Z", 253_402_300_799_000),
        ] as [(String, Int64)]
    )
    func aMomentIsReadAndWrittenExactly(text: String, milliseconds: Int64) {
        #expect(Timestamp(text)?.milliseconds == milliseconds)
        #expect(Timestamp(milliseconds: milliseconds).description == text)
    }

    @Test func everyMillisecondComesBack() {
        for milliseconds in Int64(1_795_165_200_000)..<1_795_165_202_000 {
            let moment = Timestamp(milliseconds: milliseconds)
            #expect(Timestamp(moment.description) == moment)
        }
    }

    @Test func everyDayOfEightCenturiesComesBackAndFollowsTheOneBefore() {
        var before = Timestamp(milliseconds: -86_400_000 * 146_097).description
        for day in -146_096...146_097 as ClosedRange<Int64> {
            let moment = Timestamp(milliseconds: day * 86_400_000)
            let text = moment.description
            #expect(Timestamp(text) == moment)
            #expect(before < text)
            before = text
        }
    }

    @Test(arguments: [
        ("2026-11-20T10:00:00+01:00", "2026-11-20T09:00:00Z"),
        ("2026-11-20T10:00:00.5+01:00", "2026-11-20T09:00:00.500Z"),
        ("2026-11-19T23:30:00-09:30", "2026-11-20T09:00:00Z"),
        ("2026-11-20T09:00:00.123456789Z", "2026-11-20T09:00:00.123Z"),
        ("2026-11-20T09:00:00.05Z", "2026-11-20T09:00:00.050Z"),
    ])
    func zonesAndFractionsAreTakenIn(text: String, written: String) {
        #expect(Timestamp(text)?.description == written)
    }

    @Test(arguments: [
        "", "2026-11-20", "2026-11-20T09:00:00", "2026-11-20 09:00:00Z", "2026-11-20T09:00Z",
        "2026-02-30T09:00:00Z", "2026-13-01T09:00:00Z", "2026-00-01T09:00:00Z",
        "2026-11-00T09:00:00Z", "2025-02-29T09:00:00Z", "1900-02-29T09:00:00Z",
        "2026-11-20T24:00:00Z", "2026-11-20T09:60:00Z", "2026-11-20T09:00:60Z",
        "2026-11-20T09:00:00Zjunk", "2026-11-20T09:00:00.Z", "2026-11-20T09:00:00+0100",
        "2026-11-20T09:00:00+25:00", "26-11-20T09:00:00Z", "yesterday", "2026-11-20T09:00:00é",
    ])
    func whatIsNoMomentIsRefused(text: String) {
        #expect(Timestamp(text) == nil)
    }

    @Test(
        arguments: [
            (1_795_165_200.25, 1_795_165_200_250), (0.0004, 0), (0.0006, 1), (-1.5, -1_500),
        ] as [(Double, Int64)]
    )
    func epochSecondsAreRoundedToTheMillisecond(seconds: Double, milliseconds: Int64) {
        #expect(Timestamp(epochSeconds: seconds)?.milliseconds == milliseconds)
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity, 1e15])
    func epochSecondsBeyondTheCalendarAreRefused(seconds: Double) {
        #expect(Timestamp(epochSeconds: seconds) == nil)
    }

    @Test func spansAreExact() {
        #expect(noon + .days(7) - noon == .hours(168))
        #expect(noon + .milliseconds(1) > noon)
        #expect((noon - .minutes(90)).description == "2026-11-20T10:30:00Z")
        #expect(Duration.days(1).wholeMilliseconds == 86_400_000)
    }
}
