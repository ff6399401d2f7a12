extension Timestamp: LosslessStringConvertible, TextCodable {
    /// Reads an RFC 3339 moment such as `2026-11-20T09:00:00Z` or `2026-11-20T10:00:00.5+01:00`.
    ///
    /// It is `nil` for anything else: a day that no calendar has, a missing zone, trailing text.
    /// Digits beyond milliseconds are cut off.
    ///
    /// - Parameter text: Date, time and zone; a zone is required, so no local time slips in.
    public init?(_ text: String) {
        var copy = text
        guard
            let moment = copy.withUTF8({ utf8 in
                var reader = MomentReader(rest: utf8[...])
                return reader.moment()
            })
        else { return nil }
        self = moment
    }

    /// The moment in UTC, such as `2026-11-20T09:00:00Z`; milliseconds only where there are some.
    public var description: String {
        let fraction = Int(milliseconds.modulo(1000))
        let seconds = milliseconds.floorDivided(by: 1000)
        let time = Int(seconds.modulo(86_400))
        let date = CivilDate(day: Int(seconds.floorDivided(by: 86_400)))
        var text = "\(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2))T"
        text += "\(padded(time / 3600, 2)):\(padded(time / 60 % 60, 2)):\(padded(time % 60, 2))"
        if fraction > 0 { text += ".\(padded(fraction, 3))" }
        return text + "Z"
    }
}

/// A day of the Gregorian calendar, and its number counted from 1970-01-01.
private struct CivilDate {
    let year: Int
    let month: Int
    let day: Int

    /// The number of days since 1970-01-01.
    ///
    /// The year is taken to begin in March, so that the leap day comes last.
    /// Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `days_from_civil`.
    var dayNumber: Int {
        let shifted = month > 2 ? year : year - 1
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    init(year: Int, month: Int, day: Int) {
        self.year = year
        self.month = month
        self.day = day
    }

    /// Source: the same, `civil_from_days`.
    init(day number: Int) {
        let shifted = number + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }
}

/// Reads a moment from left to right.
private struct MomentReader {
    var rest: Slice<UnsafeBufferPointer<UInt8>>

    mutating func moment() -> Timestamp? {
        guard
            let year = number(4), take("-"), let month = number(2), take("-"),
            let day = number(2), take("T"), let time = timeOfDay(), let offset = offset(),
            rest.isEmpty, (1...12).contains(month)
        else { return nil }
        let date = CivilDate(year: year, month: month, day: day)
        let again = CivilDate(day: date.dayNumber)
        guard again.month == month, again.day == day else { return nil }
        return Timestamp(milliseconds: Int64(date.dayNumber) * 86_400_000 + time - offset)
    }

    private mutating func timeOfDay() -> Int64? {
        guard
            let hour = number(2), take(":"), let minute = number(2), take(":"),
            let second = number(2), hour < 24, minute < 60, second < 60
        else { return nil }
        let whole = Int64(hour * 3600 + minute * 60 + second) * 1000
        guard take(".") else { return whole }
        var fraction: Int64 = 0
        var weight: Int64 = 100
        guard var digit = number(1) else { return nil }
        while true {
            fraction += Int64(digit) * weight
            weight /= 10
            guard let next = number(1) else { return whole + fraction }
            digit = next
        }
    }

    private mutating func offset() -> Int64? {
        if take("Z") { return 0 }
        let isWest = take("-")
        guard
            isWest || take("+"), let hours = number(2), take(":"), let minutes = number(2),
            hours < 24, minutes < 60
        else { return nil }
        let span = Int64(hours * 60 + minutes) * 60_000
        return isWest ? -span : span
    }

    private mutating func take(_ sign: Unicode.Scalar) -> Bool {
        guard let byte = rest.first, byte == UInt8(ascii: sign) else { return false }
        rest = rest.dropFirst()
        return true
    }

    private mutating func number(_ digits: Int) -> Int? {
        guard rest.count >= digits else { return nil }
        var value = 0
        for byte in rest.prefix(digits) {
            guard (0x30...0x39).contains(byte) else { return nil }
            value = value * 10 + Int(byte - 0x30)
        }
        rest = rest.dropFirst(digits)
        return value
    }
}

private func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
}

extension Int64 {
    fileprivate func floorDivided(by divisor: Int64) -> Int64 {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }

    fileprivate func modulo(_ divisor: Int64) -> Int64 {
        let remainder = self % divisor
        return remainder < 0 ? remainder + divisor : remainder
    }
}
