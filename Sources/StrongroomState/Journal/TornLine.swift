extension JournalLine {
    /// Whether bytes are the beginning of a record, and not all of it: what a write leaves that
    /// was cut short.
    ///
    /// - Parameters:
    ///   - bytes: What is there.
    ///   - previous: The record before; `nil` at the head of a file.
    /// - Returns: Whether a record that follows can begin like this.
    static func isBeginning(_ bytes: [UInt8], after previous: JournalRecord.Link?) -> Bool {
        var rest = bytes[...]
        guard take(Array(#"{"digest":""#.utf8), from: &rest) else { return false }
        guard takeDigits(64, from: &rest, isLowerHexDigit) else { return false }
        guard take(Array(#"","previous":""#.utf8), from: &rest) else { return false }
        let isDigest =
            previous.map { take(Array($0.digest.text.utf8), from: &rest) }
            ?? takeDigits(64, from: &rest, isLowerHexDigit)
        guard isDigest, take(Array(#"","sequence":"#.utf8), from: &rest) else { return false }
        guard takeSequence(from: &rest, after: previous) else { return false }
        return isUnfinishedContent(rest)
    }

    /// Takes a text off the front; nothing but less of it may stand there instead.
    private static func take(_ text: [UInt8], from rest: inout ArraySlice<UInt8>) -> Bool {
        guard rest.starts(with: text.prefix(rest.count)) else { return false }
        rest = rest.dropFirst(text.count)
        return true
    }

    private static func takeDigits(
        _ count: Int,
        from rest: inout ArraySlice<UInt8>,
        _ isDigit: (UInt8) -> Bool
    ) -> Bool {
        let digits = rest.prefix(count)
        rest = rest.dropFirst(count)
        return digits.allSatisfy(isDigit)
    }

    private static func takeSequence(
        from rest: inout ArraySlice<UInt8>,
        after previous: JournalRecord.Link?
    ) -> Bool {
        if let previous {
            return take(Array("\(previous.sequence + 1),".utf8), from: &rest)
        }
        let digits = rest.prefix { (0x30...0x39).contains($0) }
        rest = rest.dropFirst(digits.count)
        guard digits.count <= 19, digits.first != UInt8(ascii: "0") else { return false }
        return rest.isEmpty || (!digits.isEmpty && take([UInt8(ascii: ",")], from: &rest))
    }

    private static let kinds = ["begin", "intent", "outcome", "use"]

    /// Whether this begins the field of a kind of record, without closing the record.
    private static func isUnfinishedContent(_ bytes: ArraySlice<UInt8>) -> Bool {
        kinds.contains { kind in
            var rest = bytes
            guard take(Array("\"\(kind)\":{".utf8), from: &rest) else { return false }
            return isUnfinishedObject(rest)
        }
    }

    /// Whether the record, and the object in it that these bytes are in, could still go on.
    private static func isUnfinishedObject(_ bytes: ArraySlice<UInt8>) -> Bool {
        var depth = 2
        var isInText = false
        var isEscaped = false
        for byte in bytes {
            guard byte >= 0x20, depth > 0 else { return false }
            if isEscaped {
                isEscaped = false
            } else if isInText {
                isEscaped = byte == UInt8(ascii: "\\")
                isInText = byte != UInt8(ascii: "\"")
            } else {
                switch byte {
                case UInt8(ascii: "\""): isInText = true
                case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
                case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
                default: break
                }
            }
        }
        return depth > 0
    }
}
