/// A span of time as people write it: a whole number and a unit, such as `26h`.
public enum SpanText {
    /// What the text looks like, for the schema and for messages.
    public static let pattern = "[1-9][0-9]{0,4}[mhd]"

    /// Reads a span.
    ///
    /// - Parameter text: 1 to 99999 and `m`, `h` or `d`.
    /// - Returns: The span; nil if the text is anything else.
    public static func duration(_ text: String) -> Duration? {
        var digits = text.utf8[...]
        guard let unit = digits.popLast(), (1...5).contains(digits.count),
            digits.first != UInt8(ascii: "0"),
            digits.allSatisfy({ (0x30...0x39).contains($0) }),
            let count = Int(String(digits) ?? "")
        else { return nil }
        switch unit {
        case UInt8(ascii: "m"): return .seconds(count * 60)
        case UInt8(ascii: "h"): return .seconds(count * 3_600)
        case UInt8(ascii: "d"): return .seconds(count * 86_400)
        default: return nil
        }
    }
}
