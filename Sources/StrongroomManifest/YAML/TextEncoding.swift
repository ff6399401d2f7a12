/// Tells which encoding mistake a text has.
enum TextEncoding {
    /// The mistake that the first bytes give away.
    ///
    /// - Parameter bytes: A whole input.
    /// - Returns: A byte order mark, UTF-16 or UTF-32; nil if the text may be UTF-8.
    static func mistake(atStartOf bytes: [UInt8]) -> YAMLMistake? {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return .byteOrderMark }
        let marks: [[UInt8]] = [[0xFE, 0xFF], [0xFF, 0xFE], [0x00, 0x00, 0xFE, 0xFF]]
        if marks.contains(where: bytes.starts) { return .utf16 }
        // Without a mark: one of the first two bytes of ASCII text in UTF-16 is zero.
        let zeros = bytes.prefix(2).count { $0 == 0 }
        return bytes.count >= 2 && zeros == 1 ? .utf16 : nil
    }
}

extension SourceText {
    /// The first character that turns the reading order, wherever it stands: also in a comment it
    /// can make a reviewer read what is not there (Unicode Technical Standard 55).
    var firstTurn: (mistake: YAMLMistake, mark: Mark)? {
        var start = bytes.startIndex
        while let index = bytes[start...].firstIndex(where: { $0 == 0xE2 || $0 == 0xD8 }) {
            if let scalar = Self.turn(bytes[index...].prefix(3)) {
                return (.readingOrder(scalar), mark(ofByte: index))
            }
            start = index + 1
        }
        return nil
    }

    /// The bidirectional control character that bytes begin with (Unicode Standard Annex 9, 2).
    private static func turn(_ bytes: ArraySlice<UInt8>) -> Unicode.Scalar? {
        guard let scalar = String(decoding: bytes, as: UTF8.self).unicodeScalars.first else {
            return nil
        }
        return switch scalar.value {
        case 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: scalar
        default: nil
        }
    }

    /// The mistake a person made when libyaml could not go on, and its place.
    ///
    /// - Parameter failure: What libyaml says.
    /// - Returns: The mistake in our words. For bytes that are not text libyaml knows only the byte
    ///   offset; the place is counted here.
    func mistake(behind failure: YAMLFailure) -> (mistake: YAMLMistake, mark: Mark) {
        switch failure {
        case .unreadable(let problem, let offset, let value):
            (unreadable(problem, value: value), mark(ofByte: offset))
        case .syntax(let problem, let mark):
            (scalar(at: mark) == "\t" ? .tab : .syntax(problem), placed(mark))
        }
    }

    /// libyaml counts one more line where the last one has no line break; there is nothing to show.
    private func placed(_ mark: Mark) -> Mark {
        start(ofLine: mark.line) == nil ? self.mark(ofByte: bytes.count) : mark
    }

    private func unreadable(_ problem: String, value: Int32) -> YAMLMistake {
        guard problem.hasPrefix("control characters") else { return .invalidUTF8 }
        return value == 0 ? .nul : .controlCharacter(value)
    }
}
