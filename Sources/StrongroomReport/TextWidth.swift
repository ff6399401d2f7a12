/// How many columns a terminal gives to text, and text made to fit.
enum TextWidth {
    /// The columns a text takes up.
    ///
    /// - Parameter text: Text that is safe to show.
    /// - Returns: Columns, 0 or more.
    static func of(_ text: String) -> Int {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.utf8.count }
        return text.unicodeScalars.reduce(0) { $0 + of($1) }
    }

    /// The columns a scalar takes up: 0 for marks that combine, 2 for wide East Asian ones.
    ///
    /// - Parameter scalar: A scalar that is safe to show.
    /// - Returns: 0, 1 or 2.
    static func of(_ scalar: Unicode.Scalar) -> Int {
        if scalar.isASCII { return 1 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark: return 0
        default: return wide.contains { $0.contains(scalar.value) } ? 2 : 1
        }
    }

    /// The blocks of Unicode whose letters are wide (East Asian Width W and F), coarsely.
    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF,
        0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF,
        0x1F900...0x1F9FF, 0x20000...0x3FFFD,
    ]
}

extension String {
    /// The text with spaces behind it up to a width; a longer text stays as it is.
    ///
    /// - Parameter width: Columns.
    /// - Returns: The padded text.
    func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(width - TextWidth.of(self), 0))
    }

    /// The text with its end cut off if it is wider than a width.
    ///
    /// - Parameter width: Columns, at least 1.
    /// - Returns: The text, ended by `…` where something is missing.
    func cut(to width: Int) -> String {
        guard TextWidth.of(self) > width else { return self }
        var cut = ""
        var taken = 1
        for scalar in unicodeScalars {
            taken += TextWidth.of(scalar)
            guard taken <= width else { break }
            cut.unicodeScalars.append(scalar)
        }
        return cut + "…"
    }

    /// The text in lines no wider than a width; only a word that is wider alone stands out.
    ///
    /// - Parameter width: Columns.
    /// - Returns: The lines, at least one.
    func wrapped(to width: Int) -> [String] {
        var lines = [""]
        for word in split(separator: " ", omittingEmptySubsequences: true) {
            let line = lines[lines.count - 1]
            if line.isEmpty {
                lines[lines.count - 1] = String(word)
            } else if TextWidth.of(line) + 1 + TextWidth.of(String(word)) <= width {
                lines[lines.count - 1] = "\(line) \(word)"
            } else {
                lines.append(String(word))
            }
        }
        return lines
    }
}
