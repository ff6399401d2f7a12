/// Whether a text is a label's key: an optional lower-case prefix and a slash, and a label name.
func isLabelKey(_ text: String) -> Bool {
    let parts = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    switch parts.count {
    case 1: return isLabelName(parts[0])
    case 2:
        let isPrefix = (1...253).contains(parts[0].count) && parts[0].allSatisfy(isPrefixLetter)
        return isPrefix && isLabelName(parts[1])
    default: return false
    }
}

/// Whether a text is a label's name: 1 to 63 letters, digits, `-`, `_` and `.`, the first and last
/// a letter or digit.
func isLabelName(_ text: Substring.UTF8View) -> Bool {
    guard let first = text.first, let last = text.last, text.count <= 63 else { return false }
    return isLetterOrDigit(first) && isLetterOrDigit(last)
        && text.allSatisfy { isLetterOrDigit($0) || [0x2D, 0x2E, 0x5F].contains($0) }
}

/// Whether a text can be a path: 1 to 1024 characters without control characters.
func isPath(_ text: String) -> Bool {
    (1...1_024).contains(text.unicodeScalars.count)
        && !text.unicodeScalars.contains { $0.properties.generalCategory == .control }
}

/// Whether a text has control characters other than tab and line feed.
func hasControls(_ text: String) -> Bool {
    text.unicodeScalars.contains {
        $0.properties.generalCategory == .control && $0 != "\t" && $0 != "\n"
    }
}

private func isLetterOrDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    default: false
    }
}

private func isPrefixLetter(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x61...0x7A, 0x2D, 0x2E: true
    default: false
    }
}
