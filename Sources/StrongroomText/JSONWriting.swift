internal import FoundationEssentials

/// The one way in which values become JSON that is shown or kept: sorted keys, so that equal values
/// give equal bytes.
package enum JSONWriting {
    /// How a text is laid out.
    package enum Layout {
        /// In one line, without spaces.
        case line
        /// Over several lines, each set in by two spaces a level.
        case lines
    }

    /// A value as it is shown and kept: what a terminal or a pipeline would obey is escaped.
    ///
    /// Every reader gets the same value back from it as from ``canonical(_:_:)``.
    ///
    /// - Parameters:
    ///   - value: Any value that has a JSON form.
    ///   - layout: How it is laid out.
    /// - Returns: The bytes, without a line break behind them.
    /// - Throws: What the encoder throws, for a number that is not finite.
    package static func bytes(_ value: some Encodable, _ layout: Layout) throws -> [UInt8] {
        escaped(try canonical(value, layout))
    }

    /// A value as it is digested: no character escaped that need not be.
    ///
    /// - Parameters:
    ///   - value: Any value that has a JSON form.
    ///   - layout: How it is laid out.
    /// - Returns: The bytes, without a line break behind them.
    /// - Throws: What the encoder throws, for a number that is not finite.
    package static func canonical(_ value: some Encodable, _ layout: Layout) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting =
            switch layout {
            case .line: [.sortedKeys, .withoutEscapingSlashes]
            case .lines: [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
            }
        return Array(try encoder.encode(value))
    }

    /// A JSON text without what a terminal or a pipeline would obey.
    ///
    /// Every unseen character, and the first of every command, is written as `\uXXXX`; outside its
    /// strings JSON holds neither.
    ///
    /// - Parameter json: The text.
    /// - Returns: A text that holds the same value.
    static func escaped(_ json: [UInt8]) -> [UInt8] {
        guard json.contains(where: isSuspect) else { return json }
        var safe: [UInt8] = []
        safe.reserveCapacity(json.count + 64)
        var rest = json[...]
        while let next = rest.firstIndex(where: isSuspect) {
            safe += rest[..<next]
            rest = rest[next...]
            let character = rest.prefix(length(of: rest[next]))
            let scalar = String(decoding: character, as: UTF8.self).unicodeScalars.first ?? " "
            let isObeyed = scalar.isUnseen || PipelineCommand.isBracketed(rest)
            safe += isObeyed ? escape(scalar) : Array(character)
            rest = rest.dropFirst(character.count)
        }
        return safe + rest
    }

    /// How many bytes a character of UTF-8 has that begins with a byte.
    private static func length(of first: UInt8) -> Int {
        switch first {
        case ..<0x80: 1
        case ..<0xE0: 2
        case ..<0xF0: 3
        default: 4
        }
    }

    /// A number sign, the delete character, or a part of anything beyond ASCII.
    private static func isSuspect(_ byte: UInt8) -> Bool { byte == 0x23 || byte >= 0x7F }

    private static func escape(_ scalar: Unicode.Scalar) -> [UInt8] {
        Character(scalar).utf16.flatMap { unit in
            let digits = String(unit, radix: 16)
            return Array(("\\u" + String(repeating: "0", count: 4 - digits.count) + digits).utf8)
        }
    }
}
