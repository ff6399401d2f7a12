/// What a manifest may not contain although YAML, or a file, could.
enum YAMLMistake: Mistake, Equatable {
    case anchor
    case alias
    case tag
    case directive
    case mergeKey
    case keyIsNoWord
    case duplicateKey(String, firstLine: Int, firstColumn: Int)
    case tab
    case byteOrderMark
    case utf16
    case invalidUTF8
    case nul
    case controlCharacter(Int32)
    case readingOrder(Unicode.Scalar)
    case syntax(String)

    var rule: String {
        switch self {
        case .anchor: "yaml-anchor"
        case .alias: "yaml-alias"
        case .tag: "yaml-tag"
        case .directive: "yaml-directive"
        case .mergeKey: "yaml-merge-key"
        case .keyIsNoWord: "yaml-key"
        case .duplicateKey: "duplicate-key"
        case .tab: "yaml-tab"
        case .byteOrderMark: "byte-order-mark"
        case .utf16: "utf-16"
        case .invalidUTF8: "invalid-utf-8"
        case .nul: "nul-byte"
        case .controlCharacter: "control-character"
        case .readingOrder: "reading-order"
        case .syntax: "yaml-syntax"
        }
    }

    var message: String {
        switch self {
        case .anchor: "an anchor (&name) is not allowed in a manifest"
        case .alias: "an alias (*name) is not allowed in a manifest"
        case .tag: "a tag (!name) is not allowed in a manifest"
        case .directive: "a directive (%YAML or %TAG) is not allowed in a manifest"
        case .mergeKey: "a merge key (<<) is not allowed in a manifest"
        case .keyIsNoWord: "a key must be a single word or text, not a list or a mapping"
        case .duplicateKey(let key, let line, let column):
            "the key \(quoted(key)) is written twice; the first is at \(line):\(column)"
        case .tab: "a tab is used where YAML allows only spaces"
        case .byteOrderMark: "the file begins with a byte order mark"
        case .utf16: "the file is not UTF-8; it looks like UTF-16 or UTF-32"
        case .invalidUTF8: "the file is not valid UTF-8 from here on"
        case .nul: "the file contains a NUL byte"
        case .controlCharacter(let value):
            "the file contains a control character (U+\(hexadecimal(value)))"
        case .readingOrder(let scalar):
            "the file contains a character that nobody sees and that turns the reading order "
                + "(U+\(hexadecimal(scalar.value)))"
        case .syntax(let problem): "this is not YAML: \(problem)"
        }
    }

    var help: String {
        switch self {
        case .anchor, .alias: "write the value out at every place where it is meant"
        case .tag: "remove the tag; to force a text, write it in double quotes"
        case .directive: "remove the line that begins with %"
        case .mergeKey: "write the keys out, or move what clusters share to the fleet's defaults"
        case .keyIsNoWord: "write the key as one word, followed by a colon and a space"
        case .duplicateKey: "keep one of the two and remove the other"
        case .tab: "replace the tab by spaces"
        case .byteOrderMark: "save the file as UTF-8 without a byte order mark"
        case .utf16, .invalidUTF8: "save the file as UTF-8"
        case .nul, .controlCharacter: "remove the character; manifests are plain text"
        case .readingOrder:
            "remove the character; with it a manifest says something else than what people read"
        case .syntax:
            "check indentation, colons and quotes here and on the line before"
        }
    }
}

/// What is larger than an input may be.
enum LimitExceeded: Mistake, Equatable {
    case bytes
    case levels
    case nodes
    case scalarBytes(Int)
    case documents

    var rule: String {
        switch self {
        case .bytes: "file-too-large"
        case .levels: "too-deep"
        case .nodes: "too-many-nodes"
        case .scalarBytes: "text-too-long"
        case .documents: "too-many-documents"
        }
    }

    var message: String {
        switch self {
        case .bytes: "the file is larger than \(YAMLLimits.bytes >> 10) KiB"
        case .levels: "values are nested deeper than \(YAMLLimits.levels) levels"
        case .nodes: "the file holds more than \(YAMLLimits.nodes) keys and values"
        case .scalarBytes(let count):
            "a text of \(count) bytes is longer than \(YAMLLimits.scalarBytes >> 10) KiB"
        case .documents: "the file holds more than \(YAMLLimits.documents) documents"
        }
    }

    var help: String {
        switch self {
        case .bytes, .nodes, .documents: "split it into several files in one directory"
        case .levels: "a manifest needs no more than 6 levels; check the brackets and indentation"
        case .scalarBytes: "shorten the text; certificates are named by path, not written inline"
        }
    }
}

/// A text in quotes, shortened so that a message stays readable, and with nothing in it that a
/// terminal would obey.
package func quoted(_ text: String) -> String {
    let shown = text.unicodeScalars.prefix(60).map { scalar -> String in
        let isPlainText =
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: false
            case .privateUse, .unassigned: false
            default: true
            }
        return isPlainText ? String(scalar) : "\\u{\(hexadecimal(scalar.value))}"
    }
    return "\"\(shown.joined())\(text.unicodeScalars.count > 60 ? "…" : "")\""
}

private func hexadecimal(_ value: some BinaryInteger) -> String {
    let digits = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
}
