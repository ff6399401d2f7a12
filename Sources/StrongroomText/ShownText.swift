/// Text as it may be shown on a terminal and in a log, whoever wrote it.
///
/// Three doors, by what is known of the text: ``line(_:)`` for what others wrote, ``page(_:keeping:)``
/// for a finished text whose line breaks are ours, and ``name(_:)`` for bytes that may be no text.
package enum ShownText {
    /// Foreign text on one line, with nothing in it that is not seen and no command to a pipeline.
    ///
    /// Unseen characters are written as `\n`, `\t` or `\u{202e}`; the first character of a command
    /// likewise. What is safe already stays as it is.
    ///
    /// - Parameter text: Any text.
    /// - Returns: The text on one line.
    package static func line(_ text: String) -> String {
        if text.utf8.allSatisfy(isPlain) { return text }
        return cells(text).joined()
    }

    /// Foreign text as ``line(_:)`` shows it, one cell for each of its scalars.
    ///
    /// - Parameter text: Any text.
    /// - Returns: What is shown for each scalar.
    package static func cells(_ text: String) -> [String] {
        var previous: Unicode.Scalar = " "
        return text.unicodeScalars.indices.map { index in
            let scalar = text.unicodeScalars[index]
            defer { previous = scalar }
            let rest = text.utf8[index...]
            let isCommand =
                scalar == "#" && PipelineCommand.isBracketed(rest)
                || scalar == ":" && rest.dropFirst().first == 0x3A
                    && previous.properties.isWhitespace
            return isCommand ? escape(scalar) : shown(scalar)
        }
    }

    /// A finished text, the last time before it leaves: its line breaks stay, and so do escape
    /// sequences that the program itself writes; all else that is unseen is escaped, and no line is
    /// a command to a pipeline.
    ///
    /// - Parameters:
    ///   - text: One or more lines.
    ///   - sequences: The escape sequences that may be in it.
    /// - Returns: The text; the same if it was safe.
    package static func page(_ text: String, keeping sequences: Set<String> = []) -> String {
        guard isSuspect(text.utf8) else { return text }
        var safe = ""
        safe.reserveCapacity(text.utf8.count)
        var rest = text.unicodeScalars[...]
        while !rest.isEmpty {
            let end = rest.firstIndex(of: "\n") ?? rest.endIndex
            let line = Substring(rest[..<end])
            safe += isSuspect(line.utf8) ? lastLook(at: line, keeping: sequences) : line
            rest = rest[end...]
            if rest.popFirst() != nil { safe += "\n" }
        }
        return safe
    }

    private static func lastLook(
        at line: Substring,
        keeping sequences: Set<String>
    ) -> Substring {
        var safe: Substring = ""
        var rest = line
        var hasBegun = false
        while let scalar = rest.unicodeScalars.first {
            if scalar == "\u{1B}", let sequence = sequence(at: rest, of: sequences) {
                safe += sequence
                rest.unicodeScalars.removeFirst(sequence.unicodeScalars.count)
                continue
            }
            let isCommand =
                scalar == ":" && !hasBegun && rest.utf8.dropFirst().first == 0x3A
                || scalar == "#" && PipelineCommand.isBracketed(rest.utf8)
            safe += isCommand ? escape(scalar) : shown(scalar)
            hasBegun = hasBegun || !scalar.properties.isWhitespace
            rest.unicodeScalars.removeFirst()
        }
        return safe
    }

    /// A name as a file system or a command line holds it: bytes that need be no text.
    ///
    /// - Parameter bytes: The bytes.
    /// - Returns: The name on one line; a byte that is not UTF-8 is written as `\xff`.
    package static func name(_ bytes: [UInt8]) -> String {
        var shown = ""
        var rest = bytes[...]
        while !rest.isEmpty {
            let length = (1...4).first { String(validating: rest.prefix($0), as: UTF8.self) != nil }
            if let length {
                shown += String(decoding: rest.prefix(length), as: UTF8.self)
            } else {
                shown += "\\x" + String(rest[rest.startIndex], radix: 16)
            }
            rest = rest.dropFirst(length ?? 1)
        }
        return line(shown)
    }

    private static func sequence(
        at rest: Substring,
        of sequences: Set<String>
    ) -> String? {
        let rest = rest.unicodeScalars
        guard let end = rest.prefix(12).dropFirst(2).firstIndex(where: \.properties.isAlphabetic)
        else { return nil }
        let sequence = String(rest[...end])
        return sequences.contains(sequence) ? sequence : nil
    }

    private static func shown(_ scalar: Unicode.Scalar) -> String {
        scalar.isUnseen ? escape(scalar) : String(Character(scalar))
    }

    private static func escape(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\n": "\\n"
        case "\r": "\\r"
        case "\t": "\\t"
        default: "\\u{\(String(scalar.value, radix: 16))}"
        }
    }

    /// Whether a text has anything that a closer look may escape.
    private static func isSuspect(_ text: some Sequence<UInt8>) -> Bool {
        var previous: UInt8 = 0x20
        for byte in text {
            if byte < 0x20 && byte != 0x0A || byte >= 0x7F { return true }
            if byte == previous, byte == 0x23 || byte == 0x3A { return true }
            previous = byte
        }
        return false
    }

    /// Printable ASCII other than the two signs that commands to a pipeline begin with.
    private static func isPlain(_ byte: UInt8) -> Bool {
        (0x20...0x7E).contains(byte) && byte != 0x23 && byte != 0x3A
    }
}
