internal import StrongroomText

/// Makes text that others wrote safe to show: tags, state messages, names, reasons, file names.
///
/// A tag can hold an escape sequence, a line break that forges a line of a plan, characters that
/// turn the reading order around, or a command to the machine that runs a pipeline.
public enum SafeText {
    /// Text for a terminal or a log: one line, with nothing in it that is not seen.
    ///
    /// Control, format and invisible characters are written as `\n`, `\t` or `\u{202e}`. What a
    /// pipeline's log would take for a command (`::` before a word, `##vso[`) is broken up likewise.
    ///
    /// - Parameter text: Any text.
    /// - Returns: The text on one line.
    public static func terminal(_ text: String) -> String { ShownText.line(text) }

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
}
