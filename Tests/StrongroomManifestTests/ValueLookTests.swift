import CloudHSM
import StrongroomManifest
import StrongroomModel
import Testing

/// How single texts are read: types, moments, spans and near words.
@Suite struct ValueLookTests {
    @Test(
        arguments: [
            "0", "1", "-1", "+1", "007", "1_000", "0x1F", "0o17", "0b101", "1.5", ".5", "1.",
            "-.5e+3",
            "1e3", "12:30", "1:30:00.5", ".inf", "-.Inf", ".NaN", "0x", "111122223333",
        ].filter { $0 != "0x" }
    )
    func looksLikeANumber(text: String) {
        #expect(PlainLook(of: text) == .number)
    }

    @Test(arguments: ["true", "False", "YES", "no", "On", "off"])
    func looksLikeABoolean(text: String) {
        #expect(PlainLook(of: text) == .boolean)
    }

    @Test(arguments: ["", "~", "null", "Null", "NULL"])
    func looksEmpty(text: String) {
        #expect(PlainLook(of: text) == .empty)
    }

    @Test(arguments: [
        "a", "nO", "tRUE", "y", "N", "1.2.3", "1a", "-", "+", ".", "..", "_1", "0x", "0xg", "1e",
        "e1",
        "2026-07-01", "2026-07-01T00:00:00Z", "1:99", "12:", ":30", "26h", "none", "offline",
        "nulls",
        "us-east-1", "~a", "0b", "0b2", "1__a",
    ])
    func looksLikeText(text: String) {
        #expect(PlainLook(of: text) == .text)
    }

    @Test(arguments: [
        ("26h", Duration.hours(26)), ("90m", .minutes(90)), ("7d", .days(7)), ("1m", .minutes(1)),
        ("99999d", .days(99_999)),
    ])
    func readsSpans(text: String, span: Duration) {
        #expect(SpanText.duration(text) == span)
    }

    @Test(arguments: [
        "", "h", "0h", "01h", "1", "1s", "1w", "1H", "100000d", "-1h", "1.5h", "1 h", "１h",
    ])
    func refusesOtherSpans(text: String) {
        #expect(SpanText.duration(text) == nil)
    }

    @Test(
        arguments: [
            ("1970-01-01T00:00:00Z", 0),
            ("1970-01-01T00:00:00.001Z", 1),
            ("1969-12-31T23:59:59Z", -1_000),
            ("2026-11-20T09:00:00Z", 1_795_165_200_000),
            ("2026-11-20T10:00:00+01:00", 1_795_165_200_000),
            ("2026-11-20T03:30:00.5-05:30", 1_795_165_200_500),
            ("2024-02-29T00:00:00Z", 1_709_164_800_000),
            ("2000-02-29T12:00:00.123456789Z", 951_825_600_123),
            ("0001-01-01T00:00:00Z", -62_135_596_800_000),
            ("9999-12-31T23:59:59.999Z", 253_402_300_799_999),
        ] as [(String, Int64)]
    )
    func readsMoments(text: String, milliseconds: Int64) throws {
        #expect(try TimestampText.timestamp(text).milliseconds == milliseconds)
    }

    @Test(
        arguments: [
            ("2026-11-20", .withoutZone), ("2026-11-20T09:00:00", .withoutZone),
            ("2026-11-20T09:00:00.5", .withoutZone), ("2026-02-29T00:00:00Z", .noSuchMoment),
            ("1900-02-29T00:00:00Z", .noSuchMoment), ("2026-13-01T00:00:00Z", .noSuchMoment),
            ("2026-00-01T00:00:00Z", .noSuchMoment), ("2026-04-31T00:00:00Z", .noSuchMoment),
            ("2026-04-30T24:00:00Z", .noSuchMoment), ("2026-04-30T00:60:00Z", .noSuchMoment),
            ("2026-04-30T00:00:60Z", .noSuchMoment), ("2026-04-30T00:00:00+24:00", .noSuchMoment),
            ("2026-04-30T00:00:00+01:60", .noSuchMoment), ("2026-04-30t00:00:00Z", .malformed),
            ("2026-04-30T00:00:00z", .malformed), ("2026-04-30 00:00:00Z", .malformed),
            ("2026-04-30T00:00Z", .malformed), ("2026-04-30T00:00:00.Z", .malformed),
            ("2026-04-30T00:00:00+0100", .malformed), ("2026-04-30T00:00:00ZZ", .malformed),
            ("26-04-30T00:00:00Z", .malformed), ("now", .malformed), ("", .malformed),
        ] as [(String, TimestampText.Refusal)]
    )
    func refusesOtherMoments(text: String, refusal: TimestampText.Refusal) {
        #expect(throws: refusal) { try TimestampText.timestamp(text) }
    }

    @Test(
        arguments: [
            ("retentiondays", "retentionDays"), ("retention-days", "retentionDays"),
            ("max_age", "maxAge"), ("keepatleats", "keepAtLeast"), ("hsm", "hsms"),
            ("hmss", "hsms"),
            ("colour", nil), ("", nil), (String(repeating: "x", count: 10_000), nil),
        ] as [(String, String?)]
    )
    func findsTheNearestWord(written: String, meant: String?) {
        let words = ["retentionDays", "maxAge", "keepAtLeast", "hsms", "copies"]
        #expect(nearestWord(to: written, among: words) == meant)
    }
}
