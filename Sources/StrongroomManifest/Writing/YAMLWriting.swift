internal import StrongroomText

/// A value as it is written in YAML's block style.
indirect enum YAMLWriting {
    /// A word, number or text that stands as it is.
    case plain(String)

    /// A text that others wrote.
    case text(String)

    /// Keys that others may have written, and values.
    case mapping([(key: String, value: YAMLWriting)])

    /// Entries.
    case list([YAMLWriting])

    /// The value in lines, each set in by two spaces more than what holds it.
    var lines: [String] {
        switch self {
        case .plain(let text): [text]
        case .text(let text): [YAMLText.scalar(text)]
        case .mapping(let pairs):
            pairs.flatMap { key, value in value.lines(behind: YAMLText.scalar(key) + ":") }
        case .list(let items):
            items.flatMap { item in
                item.lines.enumerated().map { ($0.offset == 0 ? "- " : "  ") + $0.element }
            }
        }
    }

    private func lines(behind key: String) -> [String] {
        switch self {
        case .plain, .text: ["\(key) \(lines.joined())"]
        case .mapping, .list: [key] + lines.map { "  " + $0 }
        }
    }
}

/// Text as YAML holds it, so that every reader gets back what was given.
package enum YAMLText {
    /// A text as one scalar: as it is where no tool can take it for anything else, else in quotes.
    package static func scalar(_ text: String) -> String {
        guard !isSafe(text) else { return text }
        var escaped = ""
        var rest = text.unicodeScalars[...]
        while let scalar = rest.popFirst() {
            switch scalar {
            case "\"": escaped += "\\\""
            case "\\": escaped += "\\\\"
            // Two of them may begin a command to the pipeline that shows the manifest.
            case "#" where rest.first == "#": escaped += escape(scalar)
            default: escaped += visible(scalar)
            }
        }
        return "\"\(escaped)\""
    }

    /// A text as one comment line.
    static func comment(_ text: String) -> String {
        "# " + ShownText.line(text)
    }

    /// Two or more letters, digits, hyphens, dots and underscores, begun by a letter, that are no
    /// boolean and no null; dates and numbers begin with a digit.
    private static func isSafe(_ text: String) -> Bool {
        guard text.utf8.count > 1, let first = text.unicodeScalars.first, isLetter(first),
            case .text = PlainLook(of: text)
        else { return false }
        return text.unicodeScalars.allSatisfy {
            isLetter($0) || ("0"..."9").contains($0) || "-._".unicodeScalars.contains($0)
        }
    }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
    }

    /// A scalar, or its escape if it breaks the line, cannot be seen or turns the reading order.
    private static func visible(_ scalar: Unicode.Scalar) -> String {
        scalar.isUnseen ? escape(scalar) : String(Character(scalar))
    }

    /// The escapes of YAML 1.2, section 5.7.
    private static func escape(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16)
        let (letter, width) = scalar.value > 0xFFFF ? ("U", 8) : ("u", 4)
        return "\\\(letter)" + String(repeating: "0", count: width - digits.count) + digits
    }
}
