internal import StrongroomText

/// Why a document is refused, and where.
package struct JSONRefusal: Error, Hashable, Sendable {
    /// What is wrong.
    package let reason: Reason

    /// The value that is wrong, or in which the text stops being JSON.
    package let path: JSONPath

    /// The line, from 1.
    package let line: Int

    /// The column in characters (Unicode scalars), from 1.
    package let column: Int

    package init(_ reason: Reason, at path: JSONPath = JSONPath(), line: Int, column: Int) {
        self.reason = reason
        self.path = path
        self.line = line
        self.column = column
    }

    /// What may be wrong with a document.
    package enum Reason: Hashable, Sendable {
        // As a text.
        case tooLarge(limit: Int)
        case notUTF8
        case byteOrderMark
        case utf16
        case utf32

        // As JSON.
        case empty
        case endsEarly
        case goesOn
        case comment
        case trailingComma
        case commaExpected
        case colonExpected
        case valueExpected
        case keyNotQuoted
        case singleQuotes
        case notANumber(String)
        case leadingZero(String)
        case malformedNumber(String)
        case numberOutOfRange(String)
        case controlCharacter(UInt8)
        case invalidEscape
        case loneSurrogate
        case textNotClosed
        case tooDeep(limit: Int)
        case unreadable

        // As JSON that everybody understands alike.
        case repeatedKey(String, firstLine: Int)
        case unseenInKey(Unicode.Scalar)
        case unseenInText(Unicode.Scalar)

        // As what is wanted.
        case missingKey(String)
        case unknownKey(String, near: String?)
        case wrongValue(String)
    }
}

extension JSONRefusal: CustomStringConvertible {
    /// Where it is and what is wrong, on one line.
    package var description: String {
        let path = path.description
        let place = path.isEmpty ? "" : " (\(path))"
        return "line \(line), column \(column)\(place): \(what)"
    }

    /// What is wrong, in plain words, on one line; what the document holds is made safe to show.
    package var what: String { reason.isBroken ? "broken JSON: \(reason.words)" : reason.words }
}

extension JSONRefusal.Reason {
    /// Whether the text is no JSON, whoever reads it.
    fileprivate var isBroken: Bool {
        switch self {
        case .empty, .endsEarly, .goesOn, .comment, .trailingComma, .commaExpected, .colonExpected,
            .valueExpected, .keyNotQuoted, .singleQuotes, .notANumber, .leadingZero,
            .malformedNumber, .controlCharacter, .invalidEscape, .textNotClosed, .unreadable:
            true
        case .tooLarge, .notUTF8, .byteOrderMark, .utf16, .utf32, .numberOutOfRange,
            .loneSurrogate, .tooDeep, .repeatedKey, .unseenInKey, .unseenInText, .missingKey,
            .unknownKey, .wrongValue:
            false
        }
    }

    fileprivate var words: String {
        switch self {
        case .tooLarge(let limit): "the document has more than \(limit) bytes"
        case .notUTF8: "the text is not valid UTF-8"
        case .byteOrderMark:
            "the document begins with a byte order mark; save it as UTF-8 without one"
        case .utf16: "the document is written in UTF-16; save it as UTF-8"
        case .utf32: "the document is written in UTF-32; save it as UTF-8"
        case .empty: "the document is empty"
        case .endsEarly: "the document ends before it is complete"
        case .goesOn: "something follows the end of the document"
        case .comment: "JSON has no comments"
        case .trailingComma: "nothing follows this comma"
        case .commaExpected: "a comma or a closing bracket is expected here"
        case .colonExpected: "a colon is expected after a key"
        case .valueExpected: "a value is expected here"
        case .keyNotQuoted: "a key must stand in double quotes"
        case .singleQuotes: "JSON writes text in double quotes, not in single ones"
        case .notANumber(let text): "\(Self.cut(text)) is no number in JSON"
        case .leadingZero(let text): "the number \(Self.cut(text)) begins with a needless zero"
        case .malformedNumber(let text):
            "\(Self.cut(text)) is not written as JSON writes numbers"
        case .numberOutOfRange(let text): "the number \(Self.cut(text)) is too large"
        case .controlCharacter(let byte):
            "a control character stands in a text; write it as \(Self.escape(byte))"
        case .invalidEscape: "no such escape exists in JSON"
        case .loneSurrogate: "half of a surrogate pair is escaped here, without the other half"
        case .textNotClosed: "this text has no closing quote"
        case .tooDeep(let limit): "the document is nested deeper than \(limit) levels"
        case .unreadable: "the document is no JSON"
        case .repeatedKey(let key, let first):
            "the key \(Self.quoted(key)) stands twice in one object, first on line \(first)"
        case .unseenInKey(let scalar):
            "the key contains a character that cannot be seen (\(Self.name(scalar)))"
        case .unseenInText(let scalar):
            "the text contains a character that cannot be seen (\(Self.name(scalar)))"
        case .missingKey(let key): "the key \(Self.quoted(key)) is missing"
        case .unknownKey(let key, nil): "unknown key \(Self.quoted(key))"
        case .unknownKey(let key, let near?):
            "unknown key \(Self.quoted(key)); did you mean \(Self.quoted(near))?"
        case .wrongValue(let words): ShownText.line(words)
        }
    }

    private static func quoted(_ text: String) -> String { "\"\(cut(text))\"" }

    private static func cut(_ text: String) -> String {
        let limit = 60
        let shown = ShownText.line(text)
        return shown.count <= limit ? shown : shown.prefix(limit - 1) + "…"
    }

    private static func name(_ scalar: Unicode.Scalar) -> String {
        "U+" + hexadecimal(scalar.value)
    }

    private static func escape(_ byte: UInt8) -> String {
        "\\u" + hexadecimal(UInt32(byte)).lowercased()
    }

    private static func hexadecimal(_ value: UInt32) -> String {
        let digits = String(value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(4 - digits.count, 0)) + digits
    }
}
