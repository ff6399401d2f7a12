internal import CSimdJSON
internal import StrongroomText

/// The quick pass: simdjson's verdict and values, and the numbers' own texts beside them.
struct QuickReading {
    private let limits: StrictJSON.Limits
    private var numbers: NumberTexts

    /// A document's tree; `nil` if anything in it is to be refused.
    static func tree(_ bytes: [UInt8], _ limits: StrictJSON.Limits) -> JSONTree? {
        // One level more than allowed, so that this reader counts and not the library.
        guard let parser = csj_parser_create(limits.depth + 1) else {
            preconditionFailure("no memory for a JSON parser")
        }
        defer { csj_parser_destroy(parser) }
        // simdjson reads past the end, though it does not let it decide anything.
        let padded = bytes + repeatElement(0, count: csj_padding())
        return padded.withUnsafeBufferPointer { padded in
            var root = csj_slot()
            guard csj_parse(parser, padded.baseAddress, bytes.count, &root) == 0 else { return nil }
            let document = UnsafeBufferPointer(rebasing: padded[..<bytes.count])
            var reading = QuickReading(limits: limits, numbers: NumberTexts(document))
            return reading.value(root, depth: 0)
        }
    }

    private mutating func value(_ slot: csj_slot, depth: Int) -> JSONTree? {
        switch slot.type {
        case .absent: nil
        case .null: .null
        case .bool: .bool(slot.integer != 0)
        case .integer, .large, .double: numbers.next().map { .number(JSONNumber($0)) }
        case .string: text(slot).map { .string($0) }
        case .array: array(slot, depth: depth + 1)
        case .object: object(slot, depth: depth + 1)
        }
    }

    private mutating func array(_ slot: csj_slot, depth: Int) -> JSONTree? {
        var cursor = csj_cursor()
        guard depth <= limits.depth, csj_begin(slot.value, &cursor) else { return nil }
        var elements: [JSONTree] = []
        var element = csj_slot()
        while csj_next_element(&cursor, &element) {
            guard let value = value(element, depth: depth) else { return nil }
            elements.append(value)
        }
        return .array(elements)
    }

    private mutating func object(_ slot: csj_slot, depth: Int) -> JSONTree? {
        var cursor = csj_cursor()
        guard depth <= limits.depth, csj_begin(slot.value, &cursor) else { return nil }
        var object = JSONObject()
        var key = csj_key()
        var member = csj_slot()
        while csj_next_field(&cursor, &key, &member) {
            guard
                let name = Self.text(key.text, key.length), limits.firstUnseen(inKey: name) == nil,
                let value = value(member, depth: depth), object.add(name, value)
            else { return nil }
        }
        return .object(object)
    }

    private func text(_ slot: csj_slot) -> String? {
        guard let text = Self.text(slot.text, slot.length), limits.firstUnseen(inText: text) == nil
        else { return nil }
        return text
    }

    private static func text(_ start: UnsafePointer<CChar>?, _ count: Int) -> String? {
        String(validating: UnsafeRawBufferPointer(start: start, count: count), as: UTF8.self)
    }
}

/// The numbers of a valid document as they are written, in its order.
struct NumberTexts {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var index = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    /// The next number's text; `nil` at the end.
    mutating func next() -> String? {
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\""): passString()
            case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return number()
            default: index += 1
            }
        }
        return nil
    }

    private mutating func passString() {
        index += 1
        while index < bytes.count, bytes[index] != UInt8(ascii: "\"") {
            index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        index += 1
    }

    private mutating func number() -> String {
        let start = index
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"),
                UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"):
                index += 1
            default: return String(decoding: bytes[start..<index], as: UTF8.self)
            }
        }
        return String(decoding: bytes[start..<index], as: UTF8.self)
    }
}

extension StrictJSON.Limits {
    /// The first character of a key that is refused because nobody sees it.
    func firstUnseen(inKey key: String) -> Unicode.Scalar? {
        guard unseen != .taken, !Self.isPlain(key) else { return nil }
        return key.unicodeScalars.first(where: \.isUnseen)
    }

    /// The first character of a text that is refused because nobody sees it.
    func firstUnseen(inText text: String) -> Unicode.Scalar? {
        guard unseen == .refused, !Self.isPlain(text) else { return nil }
        return text.unicodeScalars.first { $0.isUnseen && !["\n", "\r", "\t"].contains($0) }
    }

    private static func isPlain(_ text: String) -> Bool {
        text.utf8.allSatisfy { (0x20...0x7E).contains($0) }
    }
}
