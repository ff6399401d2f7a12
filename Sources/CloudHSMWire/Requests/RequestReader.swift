internal import CloudHSM

/// Reads the members of a request and collects what violates the API's model.
///
/// The texts are those of AWS's JSON services: every violation is named, with the member written
/// in lower camel case.
struct RequestReader {
    private let fields: [String: JSONValue]
    private var violations: [String] = []

    /// Reads a body.
    ///
    /// - Throws: An invalid-request exception for anything but a JSON object.
    init(_ body: [UInt8]) throws(ServiceException) {
        do {
            fields = try JSONText.fields(body)
        } catch {
            throw .invalid("SerializationException: the body is not a JSON object")
        }
    }

    /// A member; an explicit `null` counts as absent.
    subscript(_ name: String) -> JSONValue? {
        guard let value = fields[name], value != .null else { return nil }
        return value
    }

    /// Says that a value does not satisfy the model.
    mutating func violate(_ name: String, _ value: String, _ rule: String) {
        violations.append(
            "Value \(value) at '\(Self.lowerCamel(name))' failed to satisfy constraint: \(rule)"
        )
    }

    /// Says that a required member is missing.
    mutating func missing(_ name: String) { violate(name, "null", "Member must not be null") }

    /// Refuses the request if anything was wrong with it.
    func end() throws(ServiceException) {
        guard !violations.isEmpty else { return }
        let count = violations.count
        throw .invalid(
            "\(count) validation error\(count == 1 ? "" : "s") detected: "
                + violations.joined(separator: "; ")
        )
    }

    /// Ends the reading, with a value that is only missing where something was wrong.
    func end<Value>(with value: Value?) throws(ServiceException) -> Value {
        try end()
        guard let value else { throw .invalid("a required member is missing") }
        return value
    }

    private static func lowerCamel(_ name: String) -> String {
        name.prefix(1).lowercased() + name.dropFirst()
    }
}

extension RequestReader {
    /// A text member; a value of another type is refused at once.
    func string(_ name: String) throws(ServiceException) -> String? {
        switch self[name] {
        case nil: return nil
        case .string(let text): return text
        case .bool, .integer, .number, .array, .object, .null:
            throw .unfit(name, "a String")
        }
    }

    /// A member with a pattern, as the type that checks it.
    mutating func value<Value>(
        _ name: String,
        _ rule: MemberRule,
        _ read: (String) -> Value?
    ) throws(ServiceException) -> Value? {
        guard let text = try string(name) else { return nil }
        guard let value = read(text) else {
            violate(name, "'\(text)'", rule.text)
            return nil
        }
        return value
    }

    /// A required member with a pattern.
    mutating func required<Value>(
        _ name: String,
        _ rule: MemberRule,
        _ read: (String) -> Value?
    ) throws(ServiceException) -> Value? {
        guard self[name] != nil else {
            missing(name)
            return nil
        }
        return try value(name, rule, read)
    }

    /// A truth value.
    func flag(_ name: String) throws(ServiceException) -> Bool? {
        switch self[name] {
        case nil: return nil
        case .bool(let value): return value
        case .string, .integer, .number, .array, .object, .null: throw .unfit(name, "a Boolean")
        }
    }

    /// A whole number within bounds.
    mutating func count(
        _ name: String,
        _ bounds: ClosedRange<Int>
    ) throws(ServiceException) -> Int? {
        guard let value = self[name] else { return nil }
        guard case .integer(let number) = value else { throw .unfit(name, "an Integer") }
        if number < bounds.lowerBound {
            let rule = "Member must have value greater than or equal to \(bounds.lowerBound)"
            violate(name, "'\(number)'", rule)
        } else if number > bounds.upperBound {
            let rule = "Member must have value less than or equal to \(bounds.upperBound)"
            violate(name, "'\(number)'", rule)
        }
        return Int(number)
    }

    /// A list of texts, of a length within bounds.
    mutating func strings(
        _ name: String,
        _ bounds: ClosedRange<Int>
    ) throws(ServiceException) -> [String]? {
        guard let value = self[name] else { return nil }
        guard case .array(let values) = value else { throw .unfit(name, "a List") }
        var strings: [String] = []
        for value in values {
            guard case .string(let text) = value else { throw .unfit(name, "a String") }
            strings.append(text)
        }
        requireLength(
            of: name,
            strings.count,
            bounds,
            shown: "'[\(strings.joined(separator: ", "))]'"
        )
        return strings
    }

    /// Checks a length.
    mutating func requireLength(
        of name: String,
        _ length: Int,
        _ bounds: ClosedRange<Int>,
        shown: String
    ) {
        if length < bounds.lowerBound {
            let rule = "Member must have length greater than or equal to \(bounds.lowerBound)"
            violate(name, shown, rule)
        } else if length > bounds.upperBound {
            let rule = "Member must have length less than or equal to \(bounds.upperBound)"
            violate(name, shown, rule)
        }
    }

    /// A token of a listing.
    mutating func token() throws(ServiceException) -> String? {
        guard let text = try string("NextToken") else { return nil }
        let longest = Paging.longestToken
        requireLength(of: "NextToken", text.unicodeScalars.count, 0...longest, shown: "'\(text)'")
        return text
    }

    /// Tags in the order given.
    ///
    /// - Throws: A tag exception for a key given twice, since each would overwrite the other.
    mutating func tags(
        _ bounds: ClosedRange<Int>
    ) throws(ServiceException) -> [String: String]? {
        guard let value = self["TagList"] else { return nil }
        guard case .array(let values) = value else { throw .unfit("TagList", "a List") }
        requireLength(of: "TagList", values.count, bounds, shown: "'[\(values.count) tags]'")
        var tags: [String: String] = [:]
        for (index, value) in values.enumerated() {
            guard case .object(let tag) = value else { throw .unfit("TagList", "a Tag") }
            let key = try tagText(tag["Key"], "Key", index)
            let value = try tagText(tag["Value"], "Value", index)
            guard let key, let value else { continue }
            guard tags.updateValue(value, forKey: key) == nil else {
                throw ServiceException(.tag, "the tag key \"\(key)\" is given twice")
            }
        }
        return tags
    }

    private mutating func tagText(
        _ value: JSONValue?,
        _ part: String,
        _ index: Int
    ) throws(ServiceException) -> String? {
        switch value {
        case nil, .null?:
            missing("TagList.\(index + 1).member.\(part == "Key" ? "key" : "value")")
            return nil
        case .string(let text)?: return text
        case .bool?, .integer?, .number?, .array?, .object?: throw .unfit(part, "a String")
        }
    }

    /// The filters of a listing.
    ///
    /// - Throws: An invalid-request exception for a filter the operation does not know.
    mutating func filters<Filter: RawRepresentable & Hashable>(
        _: Filter.Type
    ) throws(ServiceException) -> [Filter: [String]] where Filter.RawValue == String {
        guard let value = self["Filters"] else { return [:] }
        guard case .object(let members) = value else { throw .unfit("Filters", "a Map") }
        requireLength(of: "Filters", members.count, 0...30, shown: "'{\(members.count) filters}'")
        var filters: [Filter: [String]] = [:]
        for (name, value) in members.sorted(by: { $0.key < $1.key }) {
            // What the service does with an unknown one is unknown (fact sheet, section 17).
            guard let filter = Filter(rawValue: name) else {
                throw .invalid("the filter \"\(name)\" is not known")
            }
            guard case .array(let values) = value else { throw .unfit("Filters", "a List") }
            for value in values {
                guard case .string(let text) = value else { throw .unfit("Filters", "a String") }
                filters[filter, default: []].append(text)
            }
            if values.isEmpty { filters[filter] = [] }
        }
        return filters
    }
}

extension ServiceException {
    /// The refusal of a value of another JSON type.
    fileprivate static func unfit(_ name: String, _ type: String) -> ServiceException {
        .invalid("SerializationException: the value of \(name) can not be converted to \(type)")
    }
}
