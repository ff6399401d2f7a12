import CloudHSM

/// A moment as manifests write it: RFC 3339 with a zone, such as `2026-07-01T00:00:00Z`.
///
/// Source: RFC 3339, section 5.6. Upper-case `T` and `Z` only, no leap second. Local time is not a
/// moment and is refused.
enum TimestampText {
    /// Why a text is not a moment.
    enum Refusal: Error {
        /// A date, or a date and time, without `Z` or an offset.
        case withoutZone

        /// A day or time that no calendar has, such as 30 February.
        case noSuchMoment

        /// Anything else.
        case malformed
    }

    /// Reads a moment.
    ///
    /// - Parameter text: Date, time and zone.
    /// - Returns: The moment, to the millisecond; finer fractions are cut off.
    /// - Throws: Why the text is not a moment.
    static func timestamp(_ text: String) throws(Refusal) -> Timestamp {
        var parts = Digits(text)
        guard let year = parts.take(4), parts.skip("-"), let month = parts.take(2),
            parts.skip("-"), let day = parts.take(2)
        else { throw .malformed }
        if parts.isAtEnd { throw .withoutZone }
        guard parts.skip("T"), let hour = parts.take(2), parts.skip(":"),
            let minute = parts.take(2), parts.skip(":"), let second = parts.take(2)
        else { throw .malformed }
        var milliseconds = 0
        if parts.skip(".") {
            guard let fraction = parts.takeFraction() else { throw .malformed }
            milliseconds = fraction
        }
        if parts.isAtEnd { throw .withoutZone }
        guard let offset = parts.takeZone(), parts.isAtEnd else { throw .malformed }
        guard hour < 24, minute < 60, second < 60, abs(offset) < 24 * 60, parts.zoneIsSane,
            (1...12).contains(month), (1...daysOf(month: month, year: year)).contains(day)
        else { throw .noSuchMoment }
        let days = daysSinceEpoch(year: year, month: month, day: day)
        let seconds = ((days * 24 + hour) * 60 + minute - offset) * 60 + second
        return Timestamp(milliseconds: Int64(seconds * 1_000 + milliseconds))
    }

    private static func daysOf(month: Int, year: Int) -> Int {
        switch month {
        case 4, 6, 9, 11: 30
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        default: 31
        }
    }

    /// Days from 1970-01-01 in the Gregorian calendar, years counted from March so that a leap day
    /// comes last.
    private static func daysSinceEpoch(year: Int, month: Int, day: Int) -> Int {
        let year = month > 2 ? year : year - 1
        let era = (year >= 0 ? year : year - 399) / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }
}

/// The parts of a timestamp, taken from the left.
private struct Digits {
    private var rest: Substring.UTF8View

    /// Whether the offset's minutes stay below 60.
    private(set) var zoneIsSane = true

    init(_ text: String) {
        rest = text[...].utf8
    }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func take(_ count: Int) -> Int? {
        let digits = rest.prefix(count)
        guard digits.count == count, digits.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        rest = rest.dropFirst(count)
        return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }

    mutating func skip(_ letter: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: letter) else { return false }
        rest = rest.dropFirst()
        return true
    }

    /// One to nine digits, as whole milliseconds.
    mutating func takeFraction() -> Int? {
        let digits = rest.prefix { (0x30...0x39).contains($0) }
        guard (1...9).contains(digits.count) else { return nil }
        rest = rest.dropFirst(digits.count)
        let three = (digits.map { Int($0 - 0x30) } + [0, 0]).prefix(3)
        return three.reduce(0) { $0 * 10 + $1 }
    }

    /// `Z` or an offset, as minutes east of UTC.
    mutating func takeZone() -> Int? {
        if skip("Z") { return 0 }
        let isWest = rest.first == UInt8(ascii: "-")
        guard skip("+") || skip("-"), let hours = take(2), skip(":"), let minutes = take(2) else {
            return nil
        }
        zoneIsSane = minutes < 60
        return (isWest ? -1 : 1) * (hours * 60 + minutes)
    }
}
