internal import CloudHSM
internal import Foundation

/// JSON as bodies hold it: sorted keys, so that equal messages are equal bytes.
enum JSONText {
    /// The bytes of an object; fields that are `nil` are left out beforehand.
    ///
    /// - Throws: What the encoder throws, for numbers that JSON has no form for.
    static func bytes(_ fields: [String: JSONValue]) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(fields))
    }

    /// The members of an object; an empty body is an empty object.
    ///
    /// - Throws: What the decoder throws, for anything but an object.
    static func fields(_ body: [UInt8]) throws -> [String: JSONValue] {
        guard !body.isEmpty else { return [:] }
        return try JSONDecoder().decode([String: JSONValue].self, from: Data(body))
    }
}

extension [String: JSONValue] {
    /// Sets a field that is written as text, or leaves it out.
    mutating func set(_ name: String, _ value: (some CustomStringConvertible)?) {
        self[name] = value.map { .string($0.description) }
    }

    /// Sets a moment as epoch seconds with fractional milliseconds, or leaves it out.
    mutating func set(_ name: String, moment: Timestamp?) {
        guard let moment else { return self[name] = nil }
        let (seconds, rest) = moment.milliseconds.quotientAndRemainder(dividingBy: 1000)
        self[name] = rest == 0 ? .integer(seconds) : .number(moment.epochSeconds)
    }
}

extension JSONValue {
    /// Tags in the API's form, in order of key.
    static func tagList(_ tags: [String: String]) -> JSONValue {
        let sorted = tags.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        return .array(
            sorted.map { .object(["Key": .string($0.key), "Value": .string($0.value)]) }
        )
    }

    /// A retention policy in the API's form: the number of days is text there.
    static func retention(days: Int) -> JSONValue {
        .object(["Type": .string("DAYS"), "Value": .string("\(days)")])
    }
}
