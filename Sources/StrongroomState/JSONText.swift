internal import CloudHSM
internal import StrongroomText

/// Writes values the same way every time: sorted keys, and line by line, so that Git shows changes.
enum JSONText {
    /// A value over several lines.
    static func pretty(_ value: some Encodable) throws -> String {
        String(decoding: try JSONWriting.bytes(value, .lines), as: UTF8.self)
    }

    /// A value in one line.
    static func line(_ value: some Encodable) throws -> String {
        String(decoding: try JSONWriting.bytes(value, .line), as: UTF8.self)
    }

    /// An object over several lines from the texts of its fields, which stand in their order.
    static func object(_ fields: [(key: String, text: String)]) -> String {
        let lines = fields.map { "  \"\($0.key)\" : " + indented($0.text) }
        return "{\n" + lines.joined(separator: ",\n") + "\n}\n"
    }

    /// An array with one element a line.
    static func array(_ lines: [String]) -> String {
        lines.isEmpty ? "[]" : "[\n  " + lines.joined(separator: ",\n  ") + "\n]"
    }

    /// No string in JSON holds a line break, so every one found is layout.
    private static func indented(_ text: String) -> String {
        let lineBreak = UInt8(ascii: "\n")
        guard text.utf8.contains(lineBreak) else { return text }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count * 21 / 20)
        for byte in text.utf8 {
            bytes.append(byte)
            if byte == lineBreak { bytes += "  ".utf8 }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension Timestamp {
    /// The moment as the API writes it: epoch seconds, with a fraction only where there is one.
    var json: JSONValue {
        milliseconds % 1000 == 0 ? .integer(milliseconds / 1000) : .number(epochSeconds)
    }
}

extension [String: JSONValue] {
    /// Sets a field that may be absent.
    mutating func set(_ key: String, _ value: (some LosslessStringConvertible)?) {
        self[key] = value.map { .string($0.description) }
    }

    /// Sets a moment that may be absent.
    mutating func set(_ key: String, _ moment: Timestamp?) {
        self[key] = moment?.json
    }

    /// Sets tags as the API lists them, in the order of their keys; no field if there are none.
    mutating func set(_ key: String, tags: [String: String]) {
        let list = tags.sorted { $0.key < $1.key }.map {
            JSONValue.object(["Key": .string($0.key), "Value": .string($0.value)])
        }
        self[key] = list.isEmpty ? nil : .array(list)
    }
}
