package import CloudHSM

/// A moment as manifests write it: RFC 3339 with a zone, such as `2026-07-01T00:00:00Z`.
///
/// Source: RFC 3339, section 5.6. Upper-case `T` and `Z` only, no leap second. Local time is not a
/// moment and is refused.
package enum TimestampText {
    /// Why a text is not a moment.
    package enum Refusal: Error {
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
    package static func timestamp(_ text: String) throws(Refusal) -> Timestamp {
        let date = #"[0-9]{4}-[0-9]{2}-[0-9]{2}"#
        let time = #"T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?"#
        guard matches(text, date + time + "(Z|[+-][0-9]{2}:[0-9]{2})") else {
            throw matches(text, "\(date)(\(time))?") ? .withoutZone : .malformed
        }
        guard let moment = Timestamp(text) else { throw .noSuchMoment }
        return moment
    }

    private static func matches(_ text: String, _ pattern: String) -> Bool {
        guard let expression = try? Regex(pattern) else {
            preconditionFailure("the pattern \(pattern) is not one")
        }
        return text.wholeMatch(of: expression) != nil
    }
}
