internal import CloudHSM

/// Why what the simulated service kept cannot be read.
public struct SimulatorFormatError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The key it stands at, from the outermost inwards, such as `pending[2].due`.
    public let key: String

    /// What is wrong there.
    public let problem: String

    /// Names a mistake.
    package init(key: String, problem: String) {
        self.key = key
        self.problem = problem
    }

    /// What is wrong, where, and what to do next.
    public var description: String {
        "the simulated service's \"\(key)\" \(problem); restore the file from version control"
    }
}

/// Reads one JSON object strictly: every key once, none missing, none unknown.
struct ObjectReader {
    private var rest: [String: JSONValue]
    private let path: String

    init(_ value: JSONValue, at path: String) throws(SimulatorFormatError) {
        guard case .object(let object) = value else {
            throw SimulatorFormatError(key: path, problem: "is not an object")
        }
        rest = object
        self.path = path
    }

    /// The key of a member, as errors name it.
    func path(to key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    func problem(_ problem: String, at key: String) -> SimulatorFormatError {
        SimulatorFormatError(key: path(to: key), problem: problem)
    }

    func has(_ key: String) -> Bool { rest[key] != nil }

    mutating func value(_ key: String) -> JSONValue? { rest.removeValue(forKey: key) }

    mutating func required(_ key: String) throws(SimulatorFormatError) -> JSONValue {
        guard let value = value(key) else { throw problem("is missing", at: key) }
        return value
    }

    mutating func integer(_ key: String) throws(SimulatorFormatError) -> Int64? {
        guard let value = value(key) else { return nil }
        guard case .integer(let number) = value else {
            throw problem("is not a whole number", at: key)
        }
        return number
    }

    mutating func count(_ key: String) throws(SimulatorFormatError) -> UInt64 {
        let number = try integer(key) ?? 0
        guard let count = UInt64(exactly: number) else { throw problem("is negative", at: key) }
        return count
    }

    mutating func requiredInteger(_ key: String) throws(SimulatorFormatError) -> Int64 {
        guard let number = try integer(key) else { throw problem("is missing", at: key) }
        return number
    }

    mutating func moment(_ key: String) throws(SimulatorFormatError) -> Timestamp? {
        try text(key)
    }

    mutating func requiredMoment(_ key: String) throws(SimulatorFormatError) -> Timestamp {
        try requiredText(key)
    }

    mutating func bool(_ key: String) throws(SimulatorFormatError) -> Bool {
        guard case .bool(let value) = try required(key) else {
            throw problem("is neither true nor false", at: key)
        }
        return value
    }

    mutating func string(_ key: String) throws(SimulatorFormatError) -> String? {
        guard let value = value(key) else { return nil }
        guard case .string(let text) = value else { throw problem("is not a string", at: key) }
        return text
    }

    /// A member that is written as text, such as an id.
    mutating func text<Value: LosslessStringConvertible>(
        _ key: String,
        as: Value.Type = Value.self
    ) throws(SimulatorFormatError) -> Value? {
        guard let text = try string(key) else { return nil }
        guard let value = Value(text) else {
            throw problem("is \"\(text)\", which is none", at: key)
        }
        return value
    }

    mutating func requiredText<Value: LosslessStringConvertible>(
        _ key: String,
        as type: Value.Type = Value.self
    ) throws(SimulatorFormatError) -> Value {
        guard let value = try text(key, as: type) else { throw problem("is missing", at: key) }
        return value
    }

    /// A member that is an array of objects; an absent one is empty.
    mutating func objects<Element>(
        _ key: String,
        read: (inout ObjectReader) throws(SimulatorFormatError) -> Element
    ) throws(SimulatorFormatError) -> [Element] {
        var elements: [Element] = []
        for (index, value) in try array(key).enumerated() {
            var reader = try ObjectReader(value, at: "\(path(to: key))[\(index)]")
            elements.append(try read(&reader))
            try reader.end()
        }
        return elements
    }

    mutating func array(_ key: String) throws(SimulatorFormatError) -> [JSONValue] {
        guard let value = value(key) else { return [] }
        guard case .array(let values) = value else { throw problem("is not an array", at: key) }
        return values
    }

    /// A member that maps strings to strings.
    mutating func strings(_ key: String) throws(SimulatorFormatError) -> [String: String] {
        guard case .object(let object) = try required(key) else {
            throw problem("is not an object", at: key)
        }
        var strings: [String: String] = [:]
        for (name, value) in object {
            guard case .string(let text) = value else {
                throw problem("is not a string", at: "\(key).\(name)")
            }
            strings[name] = text
        }
        return strings
    }

    /// Refuses what was not asked for.
    func end() throws(SimulatorFormatError) {
        guard let unknown = rest.keys.min() else { return }
        throw problem("is not known to this version", at: unknown)
    }
}
