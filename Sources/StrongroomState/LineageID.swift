/// Tells one state directory from every other: 128 random bits, written once when it is created.
public struct LineageID: Hashable, Sendable, LosslessStringConvertible {
    /// The id in the shape of a UUID, lower-case.
    public let description: String

    /// Makes a new id.
    ///
    /// - Parameter generator: Where the random bits come from.
    public init(using generator: inout some RandomNumberGenerator) {
        let digits = (0..<2).map { _ in
            let half = String(generator.next() as UInt64, radix: 16)
            return String(repeating: "0", count: 16 - half.count) + half
        }.joined()
        var rest = digits[...]
        let groups = Self.groupLengths.map { length in
            defer { rest = rest.dropFirst(length) }
            return rest.prefix(length)
        }
        description = groups.joined(separator: "-")
    }

    /// Reads an id.
    ///
    /// It is `nil` if the text has not the shape of one.
    ///
    /// - Parameter text: Hexadecimal digits, lower-case, in groups of 8, 4, 4, 4 and 12.
    public init?(_ text: String) {
        let groups = text.split(separator: "-", omittingEmptySubsequences: false)
        guard
            groups.map(\.utf8.count) == Self.groupLengths,
            groups.allSatisfy({ $0.utf8.allSatisfy(isLowerHexDigit) })
        else { return nil }
        description = text
    }

    private static let groupLengths = [8, 4, 4, 4, 12]
}

/// Whether a byte is one of `0-9a-f`.
func isLowerHexDigit(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte)
}
