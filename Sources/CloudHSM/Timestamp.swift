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
