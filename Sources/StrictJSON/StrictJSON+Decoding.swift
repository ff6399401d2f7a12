extension StrictJSON {
    /// What becomes of keys that nobody asked for.
    package enum UnknownKeys: Hashable, Sendable {
        case refused, taken
    }

    /// Reads a document into a type that can be decoded.
    ///
    /// - Parameters:
    ///   - type: The type.
    ///   - bytes: The whole document.
    ///   - limits: What it may be.
    ///   - unknownKeys: What becomes of keys that the type does not ask for.
    /// - Returns: The value.
    /// - Throws: ``JSONRefusal``, never `DecodingError`.
    package static func decode<Value: Decodable>(
        _ type: Value.Type = Value.self,
        from bytes: [UInt8],
        _ limits: Limits = Limits(),
        unknownKeys: UnknownKeys
    ) throws(JSONRefusal) -> Value {
        try decode(type, from: try read(bytes, limits), of: bytes, unknownKeys: unknownKeys)
    }

    /// Decodes a tree that was read.
    ///
    /// - Parameters:
    ///   - type: The type.
    ///   - tree: The tree.
    ///   - bytes: The document it was read from, for lines and columns.
    ///   - unknownKeys: What becomes of keys that the type does not ask for.
    /// - Returns: The value.
    /// - Throws: ``JSONRefusal``, never `DecodingError`.
    package static func decode<Value: Decodable>(
        _ type: Value.Type = Value.self,
        from tree: JSONTree,
        of bytes: [UInt8],
        unknownKeys: UnknownKeys
    ) throws(JSONRefusal) -> Value {
        let asked = AskedKeys()
        let decoder = TreeDecoder(tree, at: JSONPath(), asked)
        let value: Value
        do {
            value = try decoder.decode()
        } catch {
            throw refusal(of: error, tree, asked, bytes)
        }
        if unknownKeys == .refused, let unknown = asked.firstUnknown(in: tree) {
            throw refusal(unknown.reason, at: unknown.path, of: .key, in: bytes)
        }
        return value
    }

    private static func refusal(
        of error: any Error,
        _ tree: JSONTree,
        _ asked: AskedKeys,
        _ bytes: [UInt8]
    ) -> JSONRefusal {
        guard let error = error as? DecodingError else {
            return refusal(.wrongValue("\(error)"), at: JSONPath(), in: bytes)
        }
        switch error {
        case .keyNotFound(let key, let context):
            let path = JSONPath(context.codingPath)
            if let slip = asked.slip(for: key.stringValue, in: tree, at: path) {
                return refusal(slip.reason, at: slip.path, of: .key, in: bytes)
            }
            return refusal(.missingKey(key.stringValue), at: path, in: bytes)
        case .typeMismatch(_, let context), .valueNotFound(_, let context),
            .dataCorrupted(let context):
            let path = JSONPath(context.codingPath)
            let words = plainWords(context.debugDescription, tree[path])
            return refusal(.wrongValue(words), at: path, in: bytes)
        @unknown default:
            return refusal(.wrongValue("this is not what belongs here"), at: JSONPath(), in: bytes)
        }
    }

    /// The standard library says of a word that is none of an enum's: "Cannot initialize …".
    private static func plainWords(_ words: String, _ value: JSONTree?) -> String {
        guard words.hasPrefix("Cannot initialize") else { return words }
        return "\(value?.inWords ?? "this value") is not among the values that are possible here"
    }
}

/// The keys of each object that were asked for while it was decoded: those its format knows.
final class AskedKeys {
    /// A key that was not asked for.
    struct Unknown {
        let path: JSONPath
        let reason: JSONRefusal.Reason
    }

    private var keys: [JSONPath: Set<String>] = [:]

    func ask(_ key: String, of path: JSONPath) { keys[path, default: []].insert(key) }

    /// The first key of a document that was not asked for, though others of its object were.
    func firstUnknown(in tree: JSONTree, at path: JSONPath = JSONPath()) -> Unknown? {
        switch tree {
        case .array(let elements):
            for (index, element) in elements.enumerated() {
                if let found = firstUnknown(in: element, at: path.index(index)) { return found }
            }
        case .object(let object):
            let known = keys[path]
            for member in object.members {
                let inner = path.key(member.key)
                if let known, !known.contains(member.key) {
                    let near = KeySpelling.near(member.key, among: known)
                    return Unknown(path: inner, reason: .unknownKey(member.key, near: near))
                }
                if let found = firstUnknown(in: member.value, at: inner) { return found }
            }
        case .null, .bool, .number, .string: break
        }
        return nil
    }

    /// The key that a missing one was most likely written as.
    func slip(for missing: String, in tree: JSONTree, at path: JSONPath) -> Unknown? {
        guard case .object(let object)? = tree[path] else { return nil }
        let unasked = object.keys.filter { keys[path]?.contains($0) != true }
        return KeySpelling.near(missing, among: unasked).map {
            Unknown(path: path.key($0), reason: .unknownKey($0, near: missing))
        }
    }
}

extension JSONPath {
    init(_ keys: [any CodingKey]) {
        self.init(keys.map { key in key.intValue.map { .index($0) } ?? .key(key.stringValue) })
    }
}

extension JSONTree {
    /// What a message calls the value.
    var inWords: String {
        switch self {
        case .null: "null"
        case .bool(let value): "\(value)"
        case .number(let number): number.text
        case .string(let text): "\"\(text.count <= 60 ? text : text.prefix(59) + "…")\""
        case .array: "a list"
        case .object: "an object"
        }
    }
}
