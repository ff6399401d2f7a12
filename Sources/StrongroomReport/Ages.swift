public import CloudHSM

/// Durations and ages in words, the same everywhere: `41 days`, `26 h`, `3 min`, `40 s`.
public enum Ages {
    /// A span in its largest fitting unit, rounded down.
    ///
    /// Minutes are kept up to two hours and hours up to three days, so that `26 h` and `30 h` stay
    /// apart.
    ///
    /// - Parameter span: The span; a negative one is given as its size.
    /// - Returns: The span in words.
    public static func words(_ span: Duration) -> String {
        let seconds = abs(span.wholeMilliseconds) / 1000
        return switch seconds {
        case ..<60: "\(seconds) s"
        case ..<7_200: "\(seconds / 60) min"
        case ..<259_200: "\(seconds / 3_600) h"
        default: "\(seconds / 86_400) days"
        }
    }

    /// How old something is.
    ///
    /// - Parameters:
    ///   - moment: When it began.
    ///   - now: The moment asked about.
    /// - Returns: Such as `41 days old`; a moment to come is called that.
    public static func age(of moment: Timestamp, at now: Timestamp) -> String {
        moment > now ? "dated \(words(moment - now)) ahead" : "\(words(now - moment)) old"
    }

    /// How far off a deadline is.
    ///
    /// - Parameters:
    ///   - deadline: The deadline.
    ///   - now: The moment asked about.
    /// - Returns: Such as `in 3 days` or `2 h ago`.
    public static func distance(to deadline: Timestamp, from now: Timestamp) -> String {
        deadline < now ? "\(words(now - deadline)) ago" : "in \(words(deadline - now))"
    }

    /// The day a moment lies in, in UTC.
    ///
    /// - Parameter moment: The moment.
    /// - Returns: Such as `2026-10-13`.
    public static func day(of moment: Timestamp) -> String {
        String(moment.description.prefix { $0 != "T" })
    }
}

/// A count and its noun, in the singular or the plural.
///
/// - Parameters:
///   - count: How many.
///   - noun: The noun in the singular; the plural takes an s.
/// - Returns: Such as `1 backup` or `3 backups`.
package func counted(_ count: Int, _ noun: String) -> String {
    "\(count) \(noun)\(count == 1 ? "" : "s")"
}
