/// Decodes a tree, and notes which keys are asked for.
///
/// Foundation's decoder would read the bytes again, in its own way: the last of two equal keys, `1.0`
/// for 1. This one sees what was checked, and nothing else.
struct TreeDecoder: Decoder {
    let tree: JSONTree
    let path: JSONPath
    let asked: AskedKeys

    init(_ tree: JSONTree, at path: JSONPath, _ asked: AskedKeys) {
        self.tree = tree
        self.path = path
        self.asked = asked
    }

    var codingPath: [any CodingKey] { path.steps.map(TreeKey.init) }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func decode<Value: Decodable>(_: Value.Type = Value.self) throws -> Value {
        guard let scalar = Value.self as? any TreeScalar.Type else {
            return try Value(from: self)
        }
        do throws(TreeMismatch) {
            let value = try scalar.init(reading: tree)
            if let value = value as? Value { return value }
        } catch {
            throw mismatch(error.words)
        }
        throw mismatch("this is not what belongs here")
    }

    func container<Key: CodingKey>(keyedBy _: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard case .object(let object) = tree else { throw expected("an object") }
        return KeyedDecodingContainer(KeyedTree(object: object, decoder: self))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        guard case .array(let elements) = tree else { throw expected("a list") }
        return TreeList(elements: elements, decoder: self)
    }

    func singleValueContainer() -> any SingleValueDecodingContainer { TreeValue(decoder: self) }

    fileprivate func expected(_ what: String) -> DecodingError {
        mismatch("\(what) is expected, and not \(tree.inWords)")
    }

    private func mismatch(_ words: String) -> DecodingError {
        .typeMismatch(
            JSONTree.self,
            DecodingError.Context(codingPath: codingPath, debugDescription: words)
        )
    }

    fileprivate func inner(_ tree: JSONTree, _ path: JSONPath) -> TreeDecoder {
        TreeDecoder(tree, at: path, asked)
    }
}

/// A step of a path as a key.
private struct TreeKey: CodingKey {
    let stringValue: String
    let intValue: Int?

    init(_ step: JSONPath.Step) {
        switch step {
        case .key(let key):
            stringValue = key
            intValue = nil
        case .index(let index):
            stringValue = "\(index)"
            intValue = index
        }
    }

    init(stringValue: String) { self.init(.key(stringValue)) }
    init(intValue: Int) { self.init(.index(intValue)) }
}

/// An object that is being decoded.
private struct KeyedTree<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let object: JSONObject
    let decoder: TreeDecoder

    var codingPath: [any CodingKey] { decoder.codingPath }

    /// Whoever wants all keys knows them all.
    var allKeys: [Key] {
        object.keys.compactMap { name in
            Key(stringValue: name).map { key in
                decoder.asked.ask(name, of: decoder.path)
                return key
            }
        }
    }

    func contains(_ key: Key) -> Bool {
        decoder.asked.ask(key.stringValue, of: decoder.path)
        return object[key.stringValue] != nil
    }

    func decodeNil(forKey key: Key) throws -> Bool { try member(key).tree == .null }

    func decode<Value: Decodable>(_: Value.Type, forKey key: Key) throws -> Value {
        try member(key).decode()
    }

    func nestedContainer<Inner: CodingKey>(
        keyedBy type: Inner.Type,
        forKey key: Key
    ) throws -> KeyedDecodingContainer<Inner> {
        try member(key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try member(key).unkeyedContainer()
    }

    func superDecoder() throws -> any Decoder { try member(named: "super") }

    func superDecoder(forKey key: Key) throws -> any Decoder { try member(key) }

    private func member(_ key: Key) throws -> TreeDecoder { try member(named: key.stringValue) }

    private func member(named name: String) throws -> TreeDecoder {
        decoder.asked.ask(name, of: decoder.path)
        guard let value = object[name] else {
            throw DecodingError.keyNotFound(
                TreeKey(stringValue: name),
                DecodingError.Context(
                    codingPath: codingPath,
                    debugDescription: "the key \(name) is missing"
                )
            )
        }
        return decoder.inner(value, decoder.path.key(name))
    }
}

/// An array that is being decoded.
private struct TreeList: UnkeyedDecodingContainer {
    let elements: [JSONTree]
    let decoder: TreeDecoder
    private(set) var currentIndex = 0

    init(elements: [JSONTree], decoder: TreeDecoder) {
        self.elements = elements
        self.decoder = decoder
    }

    var codingPath: [any CodingKey] { decoder.codingPath }
    var count: Int? { elements.count }
    var isAtEnd: Bool { currentIndex == elements.count }

    mutating func decodeNil() throws -> Bool {
        guard try element().tree == .null else { return false }
        currentIndex += 1
        return true
    }

    mutating func decode<Value: Decodable>(_: Value.Type) throws -> Value {
        let value: Value = try element().decode()
        currentIndex += 1
        return value
    }

    mutating func nestedContainer<Inner: CodingKey>(
        keyedBy type: Inner.Type
    ) throws -> KeyedDecodingContainer<Inner> {
        let container = try element().container(keyedBy: type)
        currentIndex += 1
        return container
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
        let container = try element().unkeyedContainer()
        currentIndex += 1
        return container
    }

    mutating func superDecoder() throws -> any Decoder {
        let decoder = try element()
        currentIndex += 1
        return decoder
    }

    private func element() throws -> TreeDecoder {
        guard !isAtEnd else { throw decoder.expected("a longer list") }
        return decoder.inner(elements[currentIndex], decoder.path.index(currentIndex))
    }
}

/// A single value that is being decoded.
private struct TreeValue: SingleValueDecodingContainer {
    let decoder: TreeDecoder

    var codingPath: [any CodingKey] { decoder.codingPath }

    func decodeNil() -> Bool { decoder.tree == .null }

    func decode<Value: Decodable>(_: Value.Type) throws -> Value { try decoder.decode() }
}
