/// Finds where a text stops being JSON, so that a person can be told; used only once one is broken.
struct JSONSyntax {
    /// What is wrong, and where.
    struct Fault {
        let position: StateError.TextPosition
        let message: String
    }

    /// What may come next.
    private enum Expectation {
        case value, valueOrEnd, key, keyOrEnd, colon, commaOrEnd, nothing
    }

    private let bytes: UnsafeBufferPointer<UInt8>
    private var index = 0
    private var open: [UInt8] = []

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    /// The first fault; `nil` if this reader sees none.
    func firstFault() -> Fault? {
        if let offset = firstInvalidUTF8() {
            return fault(at: offset, "the text is not valid UTF-8")
        }
        var reader = self
        return reader.scan().map { fault(at: min(reader.index, bytes.count), $0) }
    }

    private func fault(at offset: Int, _ message: String) -> Fault {
        let before = bytes[..<offset]
        let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        let position = StateError.TextPosition(
            line: before.count { $0 == UInt8(ascii: "\n") } + 1,
            column: offset - lineStart + 1,
            offset: offset
        )
        return Fault(position: position, message: message)
    }

    private func firstInvalidUTF8() -> Int? {
        var iterator = bytes.makeIterator()
        var parser = Unicode.UTF8.ForwardParser()
        var offset = 0
        while true {
            switch parser.parseScalar(from: &iterator) {
            case .valid(let scalar): offset += scalar.count
            case .error: return offset
            case .emptyInput: return nil
            }
        }
    }

    private mutating func scan() -> String? {
        var next = Expectation.value
        while true {
            skipSpace()
            guard let byte = peek else { return next == .nothing ? nil : endMessage }
            switch (next, byte) {
            case (.nothing, _): return "something follows the end of the document"
            case (.value, UInt8(ascii: "[")), (.valueOrEnd, UInt8(ascii: "[")):
                if let message = enter(byte) { return message }
                next = .valueOrEnd
            case (.value, UInt8(ascii: "{")), (.valueOrEnd, UInt8(ascii: "{")):
                if let message = enter(byte) { return message }
                next = .keyOrEnd
            case (.valueOrEnd, UInt8(ascii: "]")), (.keyOrEnd, UInt8(ascii: "}")): next = leave()
            case (.value, _), (.valueOrEnd, _):
                if let message = scalar(byte) { return message }
                next = afterValue
            case (.key, UInt8(ascii: "\"")), (.keyOrEnd, UInt8(ascii: "\"")):
                if let message = string() { return message }
                next = .colon
            case (.key, _), (.keyOrEnd, _): return "a key in quotes is expected"
            case (.colon, UInt8(ascii: ":")):
                index += 1
                next = .value
            case (.colon, _): return "a colon is expected"
            case (.commaOrEnd, UInt8(ascii: ",")):
                index += 1
                next = open.last == UInt8(ascii: "[") ? .value : .key
            case (.commaOrEnd, UInt8(ascii: "]")) where open.last == UInt8(ascii: "["):
                next = leave()
            case (.commaOrEnd, UInt8(ascii: "}")) where open.last == UInt8(ascii: "{"):
                next = leave()
            case (.commaOrEnd, _): return "a comma or the end of the list is expected"
            }
        }
    }

    private var peek: UInt8? { index < bytes.count ? bytes[index] : nil }

    private var afterValue: Expectation { open.isEmpty ? .nothing : .commaOrEnd }

    private var endMessage: String {
        bytes.allSatisfy(Self.isSpace) ? "the file is empty" : "the file ends too early"
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
    }

    private mutating func skipSpace() {
        while let byte = peek, Self.isSpace(byte) { index += 1 }
    }

    private mutating func enter(_ bracket: UInt8) -> String? {
        guard open.count < JSONParser.deepest else {
            return "nested deeper than \(JSONParser.deepest) levels"
        }
        open.append(bracket)
        index += 1
        return nil
    }

    private mutating func leave() -> Expectation {
        open.removeLast()
        index += 1
        return afterValue
    }
}

extension JSONSyntax {
    private mutating func scalar(_ byte: UInt8) -> String? {
        switch byte {
        case UInt8(ascii: "\""): string()
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): number()
        default: word()
        }
    }

    private mutating func word() -> String? {
        for word in ["true", "false", "null"] where bytes[index...].starts(with: word.utf8) {
            index += word.utf8.count
            return nil
        }
        return "a value is expected"
    }

    private mutating func string() -> String? {
        let start = index
        index += 1
        while let byte = peek {
            switch byte {
            case UInt8(ascii: "\""):
                index += 1
                return nil
            case 0..<0x20: return "a control character stands in a string"
            case UInt8(ascii: "\\"):
                guard let length = escapeLength() else {
                    return "the escape in a string is not valid"
                }
                index += length
            default: index += 1
            }
        }
        index = start
        return "a string has no closing quote"
    }

    private func escapeLength() -> Int? {
        guard index + 1 < bytes.count else { return 1 }
        guard bytes[index + 1] == UInt8(ascii: "u") else {
            return "\"\\/bfnrt".utf8.contains(bytes[index + 1]) ? 2 : nil
        }
        let digits = bytes[index...].dropFirst(2).prefix(4)
        let isHex = digits.allSatisfy { Character(UnicodeScalar($0)).isHexDigit }
        return digits.count == 4 && isHex ? 6 : nil
    }

    private mutating func number() -> String? {
        let start = index
        let part = bytes[index...].prefix { "+-.eE0123456789".utf8.contains($0) }
        let text = String(decoding: part, as: UTF8.self)
        let digits = text.drop { $0 == "-" }
        let hasLeadingZero = digits.first == "0" && digits.dropFirst().first?.isNumber == true
        guard
            let value = Double(text), !hasLeadingZero, digits.last != ".", digits.first != ".",
            !text.contains(".e"), !text.contains(".E")
        else { return "the number is not written as JSON writes numbers" }
        let isWhole = text.utf8.allSatisfy { $0 != 0x2E && $0 | 0x20 != 0x65 }
        guard value.isFinite, !isWhole || Int64(text) != nil || UInt64(text) != nil else {
            return "the number is out of range"
        }
        index = start + part.count
        return nil
    }
}
