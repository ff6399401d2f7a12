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
