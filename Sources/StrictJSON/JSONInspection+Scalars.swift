// MARK: Words and numbers

extension JSONInspection {
    /// Reads `true`, `false`, `null` or a number: everything up to white space or a sign.
    mutating func word() throws(Fault) {
        let start = index
        var end = index
        while end < bytes.count, Self.isOfWord(bytes[end]) { end += 1 }
        let word = String(decoding: bytes[start..<end], as: UTF8.self)
        if let reason = Self.reason(against: word) { throw fault(reason, at: start) }
        index = end
    }

    private static func isOfWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "+"), UInt8(ascii: "-"),
            UInt8(ascii: "."), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    private static func reason(against word: String) -> JSONRefusal.Reason? {
        if ["true", "false", "null"].contains(word) { return nil }
        let unsigned = word.drop { $0 == "-" || $0 == "+" }
        if ["nan", "inf", "infinity"].contains(unsigned.lowercased()) { return .notANumber(word) }
        guard let first = unsigned.first, first.isNumber || first == "." else {
            return .valueExpected
        }
        return NumberGrammar.reason(against: word)
    }
}

/// How JSON writes numbers (RFC 8259, section 6).
private enum NumberGrammar {
    static func reason(against text: String) -> JSONRefusal.Reason? {
        var rest = Substring(text)
        if rest.first == "-" { rest.removeFirst() }
        let whole = takeDigits(&rest)
        if whole.count > 1, whole.first == "0" { return .leadingZero(text) }
        var isWellFormed = !whole.isEmpty
        var isWhole = true
        if rest.first == "." {
            rest.removeFirst()
            isWhole = false
            isWellFormed = !takeDigits(&rest).isEmpty && isWellFormed
        }
        if rest.first == "e" || rest.first == "E" {
            rest.removeFirst()
            isWhole = false
            if rest.first == "+" || rest.first == "-" { rest.removeFirst() }
            isWellFormed = !takeDigits(&rest).isEmpty && isWellFormed
        }
        guard isWellFormed, rest.isEmpty else { return .malformedNumber(text) }
        let isWithin =
            isWhole
            ? Int64(text) != nil || UInt64(text) != nil : Double(text)?.isFinite ?? false
        return isWithin ? nil : .numberOutOfRange(text)
    }

    private static func takeDigits(_ rest: inout Substring) -> Substring {
        let digits = rest.prefix { ("0"..."9").contains($0) }
        rest = rest[digits.endIndex...]
        return digits
    }
}

// MARK: Texts

extension JSONInspection {
    /// Reads a text in quotes, its escapes resolved.
    mutating func text() throws(Fault) -> String {
        let start = index
        index += 1
        var utf8: [UInt8] = []
        while let byte = peek {
            switch byte {
            case UInt8(ascii: "\""):
                index += 1
                return String(decoding: utf8, as: UTF8.self)
            case 0..<0x20: throw fault(.controlCharacter(byte))
            case UInt8(ascii: "\\"): utf8 += Array(String(try escaped()).utf8)
            default:
                utf8.append(byte)
                index += 1
            }
        }
        throw fault(.textNotClosed, at: start)
    }

    private mutating func escaped() throws(Fault) -> Unicode.Scalar {
        let start = index
        index += 1
        guard let sign = peek else { throw fault(.endsEarly) }
        index += 1
        if let scalar = Self.short[sign] { return scalar }
        guard sign == UInt8(ascii: "u"), let unit = takeUnit() else {
            throw fault(.invalidEscape, at: start)
        }
        if let scalar = Unicode.Scalar(UInt32(unit)) { return scalar }
        guard
            UTF16.isLeadSurrogate(unit), bytes[index...].starts(with: #"\u"#.utf8)
        else { throw fault(.loneSurrogate, at: start) }
        index += 2
        guard let other = takeUnit() else { throw fault(.invalidEscape, at: index - 2) }
        guard UTF16.isTrailSurrogate(other) else { throw fault(.loneSurrogate, at: start) }
        return UTF16.decode(UTF16.EncodedScalar([unit, other]))
    }

    /// The four digits of an escape.
    private mutating func takeUnit() -> UInt16? {
        let digits = bytes[index...].prefix(4)
        let text = String(decoding: digits, as: UTF8.self)
        guard digits.count == 4, text.first != "+", text.first != "-" else { return nil }
        guard let unit = UInt16(text, radix: 16) else { return nil }
        index += 4
        return unit
    }

    private static let short: [UInt8: Unicode.Scalar] = [
        UInt8(ascii: "\""): "\"", UInt8(ascii: "\\"): "\\", UInt8(ascii: "/"): "/",
        UInt8(ascii: "b"): "\u{8}", UInt8(ascii: "f"): "\u{C}", UInt8(ascii: "n"): "\n",
        UInt8(ascii: "r"): "\r", UInt8(ascii: "t"): "\t",
    ]
}
