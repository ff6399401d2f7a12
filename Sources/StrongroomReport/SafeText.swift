/// Makes text that others wrote safe to show: tags, state messages, names, reasons, file names.
///
/// A tag can hold an escape sequence, a line break that forges a line of a plan, characters that
/// turn the reading order around, or a command to the machine that runs a pipeline.
public enum SafeText {
    /// Text for a terminal or a log: one line, with nothing in it that is not seen.
    ///
    /// Control, format and invisible characters are written as `\n`, `\t` or `\u{202e}`. What a
    /// pipeline's log would take for a command (`::` before a word, `##`) is broken up likewise.
    ///
    /// - Parameter text: Any text.
    /// - Returns: The text on one line.
    public static func terminal(_ text: String) -> String {
        if text.utf8.allSatisfy(isPlain) { return text }
        var safe = ""
        var previous: Unicode.Scalar = " "
        var rest = text.unicodeScalars[...]
        while let scalar = rest.popFirst() {
            let startsCommand =
                scalar == ":" && rest.first == ":" && isSpace(previous)
                || scalar == "#" && rest.first == "#"
            safe += startsCommand ? escape(scalar) : shown(scalar)
            previous = scalar
        }
        return safe
    }

    /// Text for Markdown: shown as it is written, on one line, also in a table's cell.
    ///
    /// Nothing in it becomes markup, HTML, a link, a mention or a reference to an issue.
    ///
    /// - Parameter text: Any text.
    /// - Returns: The text as Markdown.
    public static func markdown(_ text: String) -> String {
        var safe = ""
        var rest = terminal(text).unicodeScalars[...]
        while let scalar = rest.popFirst() {
            switch scalar {
            case "&": safe += "&amp;"
            case "<": safe += "&lt;"
            case ">": safe += "&gt;"
            case "|": safe += "&#124;"
            case "`": safe += "&#96;"
            // An empty comment keeps a mention or an issue number from being recognised.
            case "@": safe += "@<!-- -->"
            case "#": safe += "&#35;<!-- -->"
            // What would become a link by itself.
            case ":" where rest.first == "/": safe += "&#58;"
            case "." where safe.suffix(3).lowercased() == "www": safe += "&#46;"
            case "\\", "*", "_", "[", "]", "~", "$": safe += "\\\(Character(scalar))"
            default: safe.unicodeScalars.append(scalar)
            }
        }
        return safe
    }

    /// One scalar as it is shown: itself, or its escape if it cannot be seen.
    ///
    /// - Parameter scalar: The scalar.
    /// - Returns: What to print for it.
    static func shown(_ scalar: Unicode.Scalar) -> String {
        if scalar.properties.isDefaultIgnorableCodePoint { return escape(scalar) }
        return switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse,
            .unassigned:
            escape(scalar)
        default: String(Character(scalar))
        }
    }

    private static func escape(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\n": "\\n"
        case "\r": "\\r"
        case "\t": "\\t"
        default: "\\u{\(String(scalar.value, radix: 16))}"
        }
    }

    private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isWhitespace
    }

    /// Printable ASCII other than the two signs that commands to a pipeline begin with.
    private static func isPlain(_ byte: UInt8) -> Bool {
        (0x20...0x7E).contains(byte) && byte != 0x23 && byte != 0x3A
    }
}
