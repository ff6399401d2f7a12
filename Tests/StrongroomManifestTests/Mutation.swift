import StrongroomManifest

/// A YAML value that tests change and write out again.
indirect enum Value {
    case scalar(Scalar)
    case mapping([(key: Scalar, value: Value)])
    case list([Value])

    /// The value of a located node.
    init(_ node: LocatedNode) {
        switch node.content {
        case .scalar(let scalar): self = .scalar(scalar)
        case .mapping(let pairs):
            self = .mapping(pairs.map { ($0.key.scalar, Value($0.value)) })
        case .sequence(let items): self = .list(items.map { Value($0) })
        case .refused: self = .list([])
        }
    }

    /// The value in YAML's flow style.
    var text: String {
        switch self {
        case .scalar(let scalar): Value.text(of: scalar)
        case .list(let items): "[" + items.map(\.text).joined(separator: ", ") + "]"
        case .mapping(let pairs):
            "{"
                + pairs.map { "\(Value.text(of: $0.key)): \($0.value.text)" }
                .joined(separator: ", ") + "}"
        }
    }

    /// How many values there are in this one, itself included.
    var count: Int {
        switch self {
        case .scalar: 1
        case .list(let items): items.reduce(1) { $0 + $1.count }
        case .mapping(let pairs): pairs.reduce(1) { $0 + $1.value.count }
        }
    }

    /// How often a key has a single value, or a list of them, behind it.
    func occurrences(of key: String) -> Int {
        switch self {
        case .scalar: 0
        case .list(let items): items.reduce(0) { $0 + $1.occurrences(of: key) }
        case .mapping(let pairs):
            pairs.reduce(0) {
                $0 + $1.value.occurrences(of: key)
                    + ($1.key.text == key && $1.value.isSimple ? 1 : 0)
            }
        }
    }

    /// Replaces the value behind one occurrence of a key; in a list of values, the first.
    mutating func replace(_ key: String, occurrence: Int, by value: Value) {
        var left = occurrence
        replace(key, counting: &left, by: value)
    }

    private mutating func replace(_ key: String, counting left: inout Int, by value: Value) {
        switch self {
        case .scalar: return
        case .list(var items):
            for index in items.indices { items[index].replace(key, counting: &left, by: value) }
            self = .list(items)
        case .mapping(var pairs):
            for index in pairs.indices {
                if pairs[index].key.text == key, pairs[index].value.isSimple {
                    if left == 0 {
                        if case .list(let items) = pairs[index].value {
                            pairs[index].value = .list([value] + items.dropFirst())
                        } else {
                            pairs[index].value = value
                        }
                    }
                    left -= 1
                }
                pairs[index].value.replace(key, counting: &left, by: value)
            }
            self = .mapping(pairs)
        }
    }

    private var isSimple: Bool {
        switch self {
        case .scalar: true
        case .list(let items): items.allSatisfy(\.isSimple)
        case .mapping: false
        }
    }

    private static func text(of scalar: Scalar) -> String {
        if scalar.isPlain, scalar.text.isEmpty { return "null" }
        return scalar.isPlain && isSafePlain(scalar.text) ? scalar.text : quoted(scalar.text)
    }

    /// Whether a plain scalar reads as itself inside brackets.
    private static func isSafePlain(_ text: String) -> Bool {
        let isWord = text.unicodeScalars.allSatisfy {
            $0.isASCII && ($0.properties.isAlphabetic || $0.properties.numericType != nil)
                || "_./+:@~-".unicodeScalars.contains($0)
        }
        return isWord && text != "-" && text != "..." && text != "---" && !text.hasSuffix(":")
            && !text.hasPrefix(":") && !text.hasPrefix("@") && !text.hasPrefix("--")
    }

    private static func quoted(_ text: String) -> String {
        let escaped = text.unicodeScalars.map { scalar in
            switch scalar {
            case "\"": "\\\""
            case "\\": "\\\\"
            case _ where scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value):
                "\\u" + String(repeating: "0", count: scalar.value < 16 ? 3 : 2)
                    + String(scalar.value, radix: 16)
            default: String(scalar)
            }
        }
        return "\"\(escaped.joined())\""
    }
}

/// Changes a value at random places, the same way for the same seed.
struct Mutation {
    private var random: SeededGenerator
    private let parts: [String: [Value]]
    private let keys: [String]

    /// Prepares changes.
    ///
    /// - Parameters:
    ///   - seed: Decides every change.
    ///   - parts: What stands behind each key somewhere in the corpus.
    init(seed: UInt64, parts: [String: [Value]]) {
        random = SeededGenerator(seed: seed)
        self.parts = parts
        keys = parts.keys.sorted()
    }

    /// Changes one to three places of a list of documents.
    mutating func changed(_ documents: [Value]) -> [Value] {
        var documents = documents
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            let index = Int.random(in: documents.indices, using: &random)
            // The first value is the document itself, which stays a mapping.
            var place = Int.random(in: 1..<max(documents[index].count, 2), using: &random)
            documents[index] = change(documents[index], at: &place, key: "")
        }
        return documents
    }

    private mutating func change(_ value: Value, at place: inout Int, key: String) -> Value {
        defer { place -= 1 }
        guard place != 0 else { return replacement(of: value, key: key) }
        switch value {
        case .scalar: return value
        case .list(var items):
            for index in items.indices {
                place -= 1
                if place < 0 { break }
                let before = place
                items[index] = change(items[index], at: &place, key: key)
                place = before - (items[index].count - 1)
                if before == 0 { break }
            }
            return .list(items)
        case .mapping(var pairs):
            for index in pairs.indices {
                place -= 1
                if place < 0 { break }
                let before = place
                if before == 0, Bool.random(using: &random) {
                    pairs = changed(pairs, at: index)
                    break
                }
                pairs[index].value = change(
                    pairs[index].value,
                    at: &place,
                    key: pairs[index].key.text
                )
                place = before - (pairs[index].value.count - 1)
                if before == 0 { break }
            }
            return .mapping(pairs)
        }
    }

    /// Removes, renames, repeats or adds a key.
    private mutating func changed(
        _ pairs: [(key: Scalar, value: Value)],
        at index: Int
    ) -> [(key: Scalar, value: Value)] {
        var pairs = pairs
        switch Int.random(in: 0..<6, using: &random) {
        case 0, 1: pairs.remove(at: index)
        case 2: pairs[index].key = Scalar(text: anyKey(), isPlain: true)
        case 3: pairs.append(pairs[index])
        default:
            let key = keys[Int.random(in: keys.indices, using: &random)]
            pairs.append((Scalar(text: key, isPlain: true), part(key)))
        }
        return pairs
    }

    private mutating func replacement(of value: Value, key: String) -> Value {
        switch Int.random(in: 0..<12, using: &random) {
        case 0: return .list([value])
        case 1: return .mapping([(Scalar(text: anyKey(), isPlain: true), value)])
        case 2: return [.list([]), .mapping([])][Int.random(in: 0...1, using: &random)]
        case 3: return part(keys[Int.random(in: keys.indices, using: &random)])
        case 4, 5: return part(key)
        case 6:
            guard case .list(let items) = value, let first = items.first else { return scalar(key) }
            return .list(items + [first])
        case 7:
            guard case .scalar(let scalar) = value else { return self.scalar(key) }
            return .scalar(Scalar(text: scalar.text, isPlain: !scalar.isPlain))
        default: return scalar(key)
        }
    }

    /// Something that stands behind a key somewhere in the corpus.
    private mutating func part(_ key: String) -> Value {
        guard let values = parts[key] else { return scalar(key) }
        return values[Int.random(in: values.indices, using: &random)]
    }

    /// A value for a key that is right, nearly right, or anything at all.
    private mutating func scalar(_ key: String) -> Value {
        let fitting = Samples.byKey[key] ?? Samples.any
        let samples = Int.random(in: 0..<4, using: &random) == 0 ? Samples.any : fitting
        let text = samples[Int.random(in: samples.indices, using: &random)]
        let isPlain = Int.random(in: 0..<4, using: &random) > 0
        return .scalar(Scalar(text: text, isPlain: isPlain))
    }

    private mutating func anyKey() -> String {
        let others = [
            "", "x", "Spec", "retention_days", "no", "1", "a b", "us-east-1a", "eu-west-1",
        ]
        let index = Int.random(in: 0..<keys.count + others.count, using: &random)
        return index < keys.count ? keys[index] : others[index - keys.count]
    }
}

/// A generator of the same numbers for the same seed (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
