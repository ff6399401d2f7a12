internal import CloudHSM

/// What the members of one kind of object are read into.
protocol WireObject {
    /// Begins with nothing read.
    init()

    /// Reads the value of a member, which is not `null`, or passes over it.
    mutating func take(_ name: JSONName, _ reader: inout JSONReader) throws(WireError)
}

extension JSONReader {
    /// Reads an object; a member that is `null` counts as absent.
    mutating func object<Object: WireObject>(
        _: Object.Type = Object.self
    ) throws(WireError) -> Object {
        var object = Object()
        try openObject()
        var names = TakenNames()
        while let name = try nextName(&names) {
            do throws(WireError) {
                if !takeNull() { try object.take(name, &self) }
            } catch {
                throw error.under(name.text)
            }
        }
        return object
    }

    /// Reads an array of objects.
    mutating func objects<Object: WireObject>(
        _: Object.Type = Object.self
    ) throws(WireError) -> [Object] {
        var objects: [Object] = []
        try openArray()
        var isFirst = true
        while try hasNext(&isFirst) {
            do throws(WireError) {
                objects.append(try object())
            } catch {
                throw error.under("[\(objects.count)]")
            }
        }
        return objects
    }

    /// Reads an object that maps texts to texts.
    mutating func strings() throws(WireError) -> [String: String] {
        var strings: [String: String] = [:]
        try openObject()
        var names = TakenNames()
        while let name = try nextName(&names) {
            if !takeNull() { strings[name.text] = try text() }
        }
        return strings
    }

    /// An enum's name; `nil` for one this version does not know.
    mutating func word<Word: RawRepresentable>() throws(WireError) -> Word?
    where Word.RawValue == String {
        Word(rawValue: try text())
    }

    /// A text that a type reads itself.
    mutating func parsed<Value: LosslessStringConvertible>(
        _ expected: String
    ) throws(WireError) -> Value {
        try text(expected) { Value(String(decoding: $0, as: UTF8.self)) }
    }

    /// Keeps a member that is not known.
    ///
    /// What a later version of the service calls a password or secret is never kept.
    mutating func keep(
        _ name: JSONName,
        in unknown: inout [String: JSONValue]
    ) throws(WireError) {
        let text = name.text
        let lowercased = text.lowercased()
        if lowercased.contains("password") || lowercased.contains("secret") {
            try skip()
        } else {
            unknown[text] = try value()
        }
    }
}

extension Optional {
    /// A member that must be there.
    func required(_ name: String) throws(WireError) -> Wrapped {
        guard let self else { throw WireError(name, "is missing") }
        return self
    }
}

/// One tag.
private struct WireTag: WireObject {
    private(set) var key: String?
    private(set) var value: String?

    mutating func take(_ name: JSONName, _ reader: inout JSONReader) throws(WireError) {
        switch name {
        case "Key": key = try reader.text()
        case "Value": value = try reader.text()
        default: try reader.skip()
        }
    }
}

extension JSONReader {
    /// A list of tags in the API's form; of two with the same key the first stands.
    mutating func tags() throws(WireError) -> [String: String] {
        var tags: [String: String] = [:]
        for (index, tag) in try objects(WireTag.self).enumerated() {
            let key = try tag.key.required("[\(index)].Key")
            let value = try tag.value.required("[\(index)].Value")
            if tags[key] == nil { tags[key] = value }
        }
        return tags
    }
}
