import StrongroomModel

/// One input as it was read: its name and its bytes.
///
/// The bytes are kept as they are. A line is cut out of them only when a diagnostic shows it, so a
/// text without mistakes costs nothing beyond being read.
package struct SourceText: Sendable {
    /// Longer lines are not shown under a diagnostic: they would bury the message.
    static let longestShownLine = 1_000

    /// The file as the user named it, or `-` for standard input.
    let file: String

    /// The bytes, unchecked.
    let bytes: [UInt8]

    /// Names an input.
    package init(file: String, bytes: [UInt8]) {
        self.file = file
        self.bytes = bytes
    }

    /// The place of a mark, as people count.
    ///
    /// - Parameter mark: A mark inside this text.
    /// - Returns: File, line and column, the latter two from 1.
    func location(of mark: Mark) -> SourceLocation {
        SourceLocation(file: file, line: Int(mark.line) + 1, column: Int(mark.column) + 1)
    }

    /// One line as written, without its line break.
    ///
    /// - Parameter number: The line, from 0.
    /// - Returns: The line, or nil if there is none or it is too long to be shown.
    func line(_ number: UInt32) -> String? {
        guard let start = start(ofLine: number) else { return nil }
        let shown = start..<min(start + Self.longestShownLine + 1, bytes.count)
        let end = lineBreak(in: shown)?.lowerBound ?? shown.upperBound
        guard end - start <= Self.longestShownLine else { return nil }
        return String(decoding: bytes[start..<end], as: UTF8.self)
    }

    /// The mark of a byte, for what libyaml reports by byte offset alone.
    ///
    /// - Parameter offset: A byte offset; one behind the end means the end.
    /// - Returns: The line and column that the byte stands in.
    package func mark(ofByte offset: Int) -> Mark {
        let offset = min(max(offset, 0), bytes.count)
        var mark = Mark.start
        var start = bytes.startIndex
        while let end = lineBreak(in: start..<bytes.count)?.upperBound, end <= offset {
            mark.line += 1
            start = end
        }
        // Continuation bytes (10xxxxxx) belong to the scalar before them.
        let scalars = bytes[start..<offset].reduce(0) { $1 & 0xC0 == 0x80 ? $0 : $0 + 1 }
        mark.column = UInt32(scalars)
        return mark
    }

    /// The scalar that stands at a mark.
    ///
    /// - Parameter mark: A mark inside this text.
    /// - Returns: The scalar, or nil at the end of a line.
    func scalar(at mark: Mark) -> Unicode.Scalar? {
        guard let start = start(ofLine: mark.line) else { return nil }
        let end = lineBreak(in: start..<bytes.count)?.lowerBound ?? bytes.count
        let line = String(decoding: bytes[start..<end], as: UTF8.self)
        return line.unicodeScalars.dropFirst(Int(mark.column)).first
    }

    /// Where a line begins, as a byte offset; nil if there are not so many lines.
    func start(ofLine number: UInt32) -> Int? {
        var start = bytes.startIndex
        for _ in 0..<number {
            guard let next = lineBreak(in: start..<bytes.count)?.upperBound else { return nil }
            start = next
        }
        return start
    }

    /// The first line break that begins in a range, as YAML 1.1 defines it and libyaml counts it: LF,
    /// CR, CR LF, NEL, LS and PS.
    private func lineBreak(in range: Range<Int>) -> Range<Int>? {
        for index in range {
            switch bytes[index] {
            case 0x0A: return index..<index + 1
            case 0x0D: return index..<index + (follows(index, [0x0A]) ? 2 : 1)
            case 0xC2 where follows(index, [0x85]): return index..<index + 2
            case 0xE2 where follows(index, [0x80, 0xA8]) || follows(index, [0x80, 0xA9]):
                return index..<index + 3
            default: continue
            }
        }
        return nil
    }

    private func follows(_ index: Int, _ expected: [UInt8]) -> Bool {
        bytes[(index + 1)...].starts(with: expected)
    }
}
