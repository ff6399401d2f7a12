internal import CSimdJSON
internal import Glibc

/// What is wrong with a value inside a file, before the file's name is known.
struct JSONFault: Error {
    private enum Problem {
        case content(StateError.ContentProblem)
        case newerFormat(found: Int64, known: Int64)
    }

    /// The way to the value from the file's top, such as `Backups[17].BackupState`.
    private let key: String

    private let problem: Problem

    private init(key: String, problem: Problem) {
        self.key = key
        self.problem = problem
    }

    /// A value that cannot be used.
    init(_ key: String, _ problem: StateError.ContentProblem) {
        self.init(key: key, problem: .content(problem))
    }

    /// A value that is there but is not what belongs there.
    static func unexpected(_ slot: csj_slot, at key: String, expected: String) -> JSONFault {
        JSONFault(key, .unexpected(found: slot.inWords, expected: expected))
    }

    /// A format version this Strongroom does not know.
    static func newerFormat(_ found: Int64, known: Int64) -> JSONFault {
        JSONFault(key: "Format", problem: .newerFormat(found: found, known: known))
    }

    /// The same fault seen from one level further up.
    func under(_ outer: String) -> JSONFault {
        let joins = key.isEmpty || key.utf8.first == UInt8(ascii: "[")
        return JSONFault(key: joins ? outer + key : "\(outer).\(key)", problem: problem)
    }

    /// The fault with the file it is in.
    func inFile(_ file: String) -> StateError {
        switch problem {
        case .content(let problem): .content(file: file, key: key, problem)
        case .newerFormat(let found, let known):
            .newerFormat(file: file, found: found, known: known)
        }
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// Whether the bytes are those.
    func isSame(as other: UnsafeBufferPointer<UInt8>) -> Bool {
        guard count == other.count, let baseAddress, let start = other.baseAddress else {
            return count == other.count
        }
        return memcmp(baseAddress, start, count) == 0
    }

    /// Whether the bytes are those of a text in the program.
    func isSame(as text: StaticString) -> Bool {
        isSame(as: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Whether the bytes are those.
    func isSame(as bytes: [UInt8]) -> Bool { bytes.withUnsafeBufferPointer(isSame(as:)) }
}

extension csj_slot {
    /// The bytes of a string; `nil` for any other value.
    var utf8: UnsafeBufferPointer<UInt8>? {
        guard type == .string else { return nil }
        return UnsafeRawBufferPointer(start: text, count: length).assumingMemoryBound(
            to: UInt8.self
        )
    }

    /// A string's text; `nil` for any other value.
    var string: String? {
        utf8.map { String(decoding: $0, as: UTF8.self) }
    }

    /// What a message calls the value.
    var inWords: String {
        switch type {
        case .absent: "absent"
        case .null: "null"
        case .bool: integer == 0 ? "false" : "true"
        case .integer: String(integer)
        case .large: "a number beyond 64 bits"
        case .double: "\(number)"
        case .string: "\"\((string ?? "").printable(upTo: 60))\""
        case .array: "an array"
        case .object: "an object"
        }
    }
}
