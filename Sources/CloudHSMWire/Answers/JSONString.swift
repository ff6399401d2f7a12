/// A string of a body: where it has no escapes, its bytes as they stand there.
enum JSONString {
    /// Bytes of the body.
    case plain(UnsafeBufferPointer<UInt8>)
    /// What escapes stood for.
    case resolved(String)

    /// The text.
    var text: String {
        switch self {
        case .plain(let utf8): String(decoding: utf8, as: UTF8.self)
        case .resolved(let text): text
        }
    }

    /// Calls a function with the text's bytes.
    func withUTF8<Value>(_ read: (UnsafeBufferPointer<UInt8>) -> Value?) -> Value? {
        switch self {
        case .plain(let utf8): return read(utf8)
        case .resolved(let text):
            var copy = text
            return copy.withUTF8 { read($0) }
        }
    }
}

/// The name of a member, to be compared with those that are known.
struct JSONName {
    private let string: JSONString

    init(_ string: JSONString) {
        self.string = string
    }

    /// The name.
    var text: String { string.text }

    /// Whether a known name is meant.
    static func ~= (known: StaticString, name: JSONName) -> Bool {
        switch name.string {
        case .plain(let utf8): utf8.isSame(as: known)
        case .resolved(let text): text == "\(known)"
        }
    }

    /// Whether both are the same, however they are written.
    static func == (left: JSONName, right: JSONName) -> Bool {
        switch (left.string, right.string) {
        case (.plain(let one), .plain(let other)): one.isSame(as: other)
        case (.resolved, _), (_, .resolved): left.text == right.text
        }
    }
}

/// The names of an object's members as far as it is read.
struct TakenNames {
    /// As many are compared one by one, which is more than any answer's objects have.
    private static let few = 32

    private var names: [JSONName] = []
    private var texts: Set<String> = []

    /// Whether there is none yet.
    var isEmpty: Bool { names.isEmpty }

    /// Adds a name.
    ///
    /// - Returns: Whether it was not there.
    mutating func take(_ name: JSONName) -> Bool {
        if names.count < Self.few {
            guard !names.contains(where: { $0 == name }) else { return false }
            names.append(name)
            return true
        }
        if texts.isEmpty { texts = Set(names.map(\.text)) }
        return texts.insert(name.text).inserted
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// Whether the bytes are those.
    func isSame(as other: UnsafeBufferPointer<UInt8>) -> Bool {
        guard count == other.count else { return false }
        for index in 0..<count where self[index] != other[index] { return false }
        return true
    }

    /// Whether the bytes are a known text.
    func isSame(as known: StaticString) -> Bool {
        guard count == known.utf8CodeUnitCount else { return false }
        for index in 0..<count where self[index] != known.utf8Start[index] { return false }
        return true
    }
}

/// What stands behind backslashes.
enum JSONEscapes {
    /// A string's content without escapes; `nil` if one is wrong or half a surrogate pair.
    static func resolved(_ content: UnsafeBufferPointer<UInt8>) -> String? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(content.count)
        var place = 0
        while place < content.count {
            guard content[place] == 0x5C else {
                bytes.append(content[place])
                place += 1
                continue
            }
            guard place + 1 < content.count else { return nil }
            switch content[place + 1] {
            case 0x22: bytes.append(0x22)
            case 0x5C: bytes.append(0x5C)
            case 0x2F: bytes.append(0x2F)
            case 0x62: bytes.append(0x08)
            case 0x66: bytes.append(0x0C)
            case 0x6E: bytes.append(0x0A)
            case 0x72: bytes.append(0x0D)
            case 0x74: bytes.append(0x09)
            case 0x75:
                guard let (scalar, length) = scalar(in: content, at: place) else { return nil }
                bytes += Array(String(Character(scalar)).utf8)
                place += length
                continue
            default: return nil
            }
            place += 2
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The scalar that `\u....`, or two of them, stand for, and how many bytes they take.
    private static func scalar(
        in content: UnsafeBufferPointer<UInt8>,
        at place: Int
    ) -> (Unicode.Scalar, Int)? {
        guard let first = unit(in: content, at: place) else { return nil }
        if let scalar = Unicode.Scalar(first) { return (scalar, 6) }
        guard
            (0xD800...0xDBFF).contains(first), let second = unit(in: content, at: place + 6),
            (0xDC00...0xDFFF).contains(second)
        else { return nil }
        let joined = 0x10000 + (UInt32(first - 0xD800) << 10 | UInt32(second - 0xDC00))
        return Unicode.Scalar(joined).map { ($0, 12) }
    }

    private static func unit(in content: UnsafeBufferPointer<UInt8>, at place: Int) -> UInt16? {
        guard
            place + 6 <= content.count, content[place] == 0x5C, content[place + 1] == 0x75
        else { return nil }
        var unit: UInt16 = 0
        for byte in content[place + 2..<place + 6] {
            switch byte {
            case 0x30...0x39: unit = unit << 4 | UInt16(byte - 0x30)
            case 0x41...0x46: unit = unit << 4 | UInt16(byte - 0x41 + 10)
            case 0x61...0x66: unit = unit << 4 | UInt16(byte - 0x61 + 10)
            default: return nil
            }
        }
        return unit
    }
}
