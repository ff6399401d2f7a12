internal import FoundationEssentials

/// A moment, in whole milliseconds since 1970-01-01T00:00:00Z.
///
/// The service gives moments as epoch seconds with fractional milliseconds
/// (botocore service model, `API`). Always UTC; no calendar or time zone plays a part.
public struct Timestamp: Hashable, Sendable, Comparable {
    /// Milliseconds since the epoch.
    public let milliseconds: Int64

    /// Makes a moment from milliseconds since the epoch.
    ///
    /// - Parameter milliseconds: Any number; negative before 1970.
    public init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    /// Makes a moment from epoch seconds as the service writes them.
    ///
    /// It is `nil` if the number is not finite or beyond the year 9999.
    ///
    /// - Parameter epochSeconds: Seconds, rounded here to the nearest millisecond.
    public init?(epochSeconds: Double) {
        guard epochSeconds.isFinite, abs(epochSeconds) <= 253_402_300_799 else { return nil }
        milliseconds = Int64((epochSeconds * 1000).rounded())
    }

    /// Seconds since the epoch, as the service writes them.
    public var epochSeconds: Double { Double(milliseconds) / 1000 }

    /// Orders by time.
    public static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.milliseconds < right.milliseconds
    }

    /// The moment a span later.
    public static func + (moment: Timestamp, span: Duration) -> Timestamp {
        Timestamp(milliseconds: moment.milliseconds &+ span.wholeMilliseconds)
    }

    /// The moment a span earlier.
    public static func - (moment: Timestamp, span: Duration) -> Timestamp {
        Timestamp(milliseconds: moment.milliseconds &- span.wholeMilliseconds)
    }

    /// The span from one moment to another.
    public static func - (later: Timestamp, earlier: Timestamp) -> Duration {
        .milliseconds(later.milliseconds - earlier.milliseconds)
    }
}

extension Timestamp: LosslessStringConvertible {
    /// Reads an RFC 3339 moment such as `2026-11-20T09:00:00Z` or `2026-11-20T10:00:00.5+01:00`.
    ///
    /// - Parameter text: Date, time and zone; a zone is required, so no local time slips in.
    public init?(_ text: String) {
        let whole = Date.ISO8601FormatStyle()
        let fractional = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        guard
            text.utf8.count >= 20,
            let date = (try? whole.parse(text)) ?? (try? fractional.parse(text))
        else { return nil }
        self.init(epochSeconds: date.timeIntervalSince1970)
    }

    /// The moment in UTC, such as `2026-11-20T09:00:00Z`; milliseconds only where there are some.
    public var description: String {
        let date = Date(timeIntervalSince1970: epochSeconds)
        let hasFraction = milliseconds % 1000 != 0
        return date.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: hasFraction))
    }
}

extension Timestamp: TextCodable {}

extension Duration {
    /// A number of days of exactly 24 hours.
    ///
    /// - Parameter days: Whole days.
    /// - Returns: The span.
    public static func days(_ days: Int) -> Duration { .seconds(days * 86_400) }

    /// A number of hours.
    ///
    /// - Parameter hours: Whole hours.
    /// - Returns: The span.
    public static func hours(_ hours: Int) -> Duration { .seconds(hours * 3_600) }

    /// A number of minutes.
    ///
    /// - Parameter minutes: Whole minutes.
    /// - Returns: The span.
    public static func minutes(_ minutes: Int) -> Duration { .seconds(minutes * 60) }

    /// The span in whole milliseconds.
    public var wholeMilliseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1000 + attoseconds / 1_000_000_000_000_000
    }
}
