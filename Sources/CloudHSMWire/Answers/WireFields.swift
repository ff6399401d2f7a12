internal import CloudHSM

/// The name of a member, known or not.
struct WireKey: CodingKey, Hashable, ExpressibleByStringLiteral {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringLiteral name: String) {
        stringValue = name
    }

    init(stringValue: String) {
        self.stringValue = stringValue
    }

    init?(intValue: Int) { nil }
}

/// The members of one object of an answer.
struct WireFields {
    private let members: KeyedDecodingContainer<WireKey>

    init(_ decoder: any Decoder) throws {
        members = try decoder.container(keyedBy: WireKey.self)
    }

    /// A member that may be absent or `null`.
    func value<Value: Decodable>(
        _ key: WireKey,
        as type: Value.Type = Value.self
    ) throws -> Value? {
        try members.decodeIfPresent(type, forKey: key)
    }

    /// A member that must be there.
    func required<Value: Decodable>(
        _ key: WireKey,
        as type: Value.Type = Value.self
    ) throws -> Value {
        try members.decode(type, forKey: key)
    }

    /// A moment, as epoch seconds or as ISO 8601 text.
    func moment(_ key: WireKey) throws -> Timestamp? {
        try members.decodeIfPresent(WireMoment.self, forKey: key)?.moment
    }

    /// One of an enum's names; `nil` for a name this version does not know.
    func word<Word: RawRepresentable>(_ key: WireKey) throws -> Word?
    where Word.RawValue == String {
        try members.decodeIfPresent(String.self, forKey: key).flatMap(Word.init(rawValue:))
    }

    /// The members apart from those that are known, kept as they came.
    ///
    /// What a later version of the service calls a password or secret is never kept.
    func unknown(apartFrom known: Set<WireKey>) throws -> [String: JSONValue] {
        var unknown: [String: JSONValue] = [:]
        for key in members.allKeys where !known.contains(key) {
            let name = key.stringValue.lowercased()
            if name.contains("password") || name.contains("secret") { continue }
            unknown[key.stringValue] = try members.decode(JSONValue.self, forKey: key)
        }
        return unknown
    }

    /// The refusal of a member.
    func fault(_ key: WireKey, _ problem: String) -> DecodingError {
        let path = members.codingPath + [key]
        return .dataCorrupted(.init(codingPath: path, debugDescription: problem))
    }
}

/// A moment, as epoch seconds or as ISO 8601 text.
///
/// The protocol has numbers; stand-ins for the service write text (moto 5.2.1), also without a zone,
/// which then is UTC, as botocore takes it.
private struct WireMoment: Decodable {
    let moment: Timestamp

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let seconds = try? container.decode(Double.self) {
            moment = try Self.read(Timestamp(epochSeconds: seconds), "\(seconds)", container)
        } else {
            let text = try container.decode(String.self)
            moment = try Self.read(Timestamp(text) ?? Timestamp("\(text)Z"), text, container)
        }
    }

    private static func read(
        _ moment: Timestamp?,
        _ text: String,
        _ container: any SingleValueDecodingContainer
    ) throws -> Timestamp {
        guard let moment else {
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription: "\"\(text)\" is no moment"
            )
        }
        return moment
    }
}

/// A list of tags in the API's form; of two with the same key the first stands.
struct WireTags: Decodable {
    let tags: [String: String]

    private struct Tag: Decodable {
        let key: String
        let value: String

        private enum CodingKeys: String, CodingKey {
            case key = "Key"
            case value = "Value"
        }
    }

    init(from decoder: any Decoder) throws {
        var list = try decoder.unkeyedContainer()
        var tags: [String: String] = [:]
        while !list.isAtEnd {
            let tag = try list.decode(Tag.self)
            if tags[tag.key] == nil { tags[tag.key] = tag.value }
        }
        self.tags = tags
    }
}
