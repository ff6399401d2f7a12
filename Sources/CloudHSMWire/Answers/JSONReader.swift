internal import CloudHSM

/// Reads the JSON of an answer straight from its bytes, and makes no more of it than is asked for.
///
/// Foundation's decoder takes 0.65 ms for a page of fifty backups, a fifth of what boto3 takes for
/// the whole request; a fleet's observation is made of such pages, so here they are read directly.
/// It is strict all the same: RFC 8259, valid UTF-8, nothing behind the end, at most 64 levels.
struct JSONReader {
    private let bytes: UnsafeBufferPointer<UInt8>
    private(set) var place = 0
    private var depth = 0

    private static let deepest = 64

    /// Reads a whole body.
    ///
    /// - Throws: ``WireError`` if it is no valid JSON, or what `read` throws.
    static func read<Value>(
        _ body: [UInt8],
        _ read: (inout JSONReader) -> Result<Value, WireError>
    ) throws(WireError) -> Value {
        let result = body.withUnsafeBufferPointer { bytes -> Result<Value, WireError> in
            guard bytes.allSatisfy({ $0 < 0x80 }) || String(validating: bytes, as: UTF8.self) != nil
            else { return .failure(WireError("", "is not valid UTF-8")) }
            var reader = JSONReader(bytes: bytes)
            let result = read(&reader)
            reader.skipSpace()
            guard case .success = result, reader.place < bytes.count else { return result }
            return .failure(WireError("", "goes on behind its end"))
        }
        return try result.get()
    }

    private init(bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    private var byte: UInt8? { place < bytes.count ? bytes[place] : nil }

    private mutating func skipSpace() {
        while place < bytes.count {
            switch bytes[place] {
            case 0x20, 0x0A, 0x0D, 0x09: place += 1
            default: return
            }
        }
    }

    private mutating func take(_ sign: UInt8) -> Bool {
        guard byte == sign else { return false }
        place += 1
        return true
    }

    private mutating func take(word: StaticString) -> Bool {
        let count = word.utf8CodeUnitCount
        guard place + count <= bytes.count else { return false }
        for index in 0..<count where bytes[place + index] != word.utf8Start[index] { return false }
        place += count
        return true
    }

    private func broken() -> WireError { WireError("", "is not JSON from byte \(place) on") }

    private func unexpected(_ expected: String) -> WireError {
        guard let byte else { return WireError("", "ends too early") }
        switch byte {
        case 0x22, 0x7B, 0x5B, 0x74, 0x66, 0x6E, 0x2D, 0x30...0x39:
            return WireError("", "is not \(expected)")
        default: return broken()
        }
    }
}

// MARK: Objects and arrays

extension JSONReader {
    /// Goes into an object.
    mutating func openObject() throws(WireError) {
        skipSpace()
        guard byte == 0x7B else { throw unexpected("an object") }
        try open()
    }

    /// Goes into an array.
    mutating func openArray() throws(WireError) {
        skipSpace()
        guard byte == 0x5B else { throw unexpected("an array") }
        try open()
    }

    private mutating func open() throws(WireError) {
        depth += 1
        guard depth <= Self.deepest else { throw WireError("", "is nested too deeply") }
        place += 1
    }

    /// The name of the next member, whose value must be read then; `nil` at the end.
    ///
    /// Readers differ in which of two equal names they believe, so neither is (RFC 8259, section 4).
    mutating func nextName(_ names: inout TakenNames) throws(WireError) -> JSONName? {
        var isFirst = names.isEmpty
        guard try goesOn(&isFirst, until: 0x7D) else { return nil }
        skipSpace()
        let name = JSONName(try string())
        guard names.take(name) else { throw WireError(name.text, "stands there twice") }
        skipSpace()
        guard take(0x3A) else { throw broken() }
        return name
    }

    /// Whether another element comes, which must be read then.
    mutating func hasNext(_ isFirst: inout Bool) throws(WireError) -> Bool {
        try goesOn(&isFirst, until: 0x5D)
    }

    private mutating func goesOn(
        _ isFirst: inout Bool,
        until end: UInt8
    ) throws(WireError) -> Bool {
        skipSpace()
        if take(end) {
            depth -= 1
            return false
        }
        if !isFirst {
            guard take(0x2C) else { throw byte == nil ? unexpected("") : broken() }
        }
        isFirst = false
        return true
    }
}

// MARK: Values

extension JSONReader {
    /// Passes over `null`.
    mutating func takeNull() -> Bool {
        skipSpace()
        return take(word: "null")
    }

    /// A truth value.
    mutating func flag() throws(WireError) -> Bool {
        skipSpace()
        if take(word: "true") { return true }
        if take(word: "false") { return false }
        throw unexpected("true or false")
    }

    /// A text.
    mutating func text() throws(WireError) -> String {
        skipSpace()
        guard byte == 0x22 else { throw unexpected("text") }
        return try string().text
    }

    /// A text with a form of its own, such as an id.
    mutating func text<Value>(
        _ expected: String,
        _ read: (UnsafeBufferPointer<UInt8>) -> Value?
    ) throws(WireError) -> Value {
        skipSpace()
        guard byte == 0x22 else { throw unexpected(expected) }
        let string = try string()
        guard let value = string.withUTF8(read) else {
            throw WireError("", "is \"\(string.text.prefix(80))\", which is not \(expected)")
        }
        return value
    }

    /// A moment, as epoch seconds or as ISO 8601 text.
    ///
    /// The protocol has numbers; stand-ins for the service write text (moto 5.2.1), also without a
    /// zone, which then is UTC, as botocore takes it.
    mutating func moment() throws(WireError) -> Timestamp {
        skipSpace()
        if byte == 0x22 {
            return try text("a moment") { utf8 in
                let text = String(decoding: utf8, as: UTF8.self)
                return Timestamp(text) ?? Timestamp("\(text)Z")
            }
        }
        guard byte != 0x2D else { throw WireError("", "is no moment") }
        let number = try number("a moment")
        if let milliseconds = number.milliseconds { return Timestamp(milliseconds: milliseconds) }
        guard let seconds = number.value, let moment = Timestamp(epochSeconds: seconds) else {
            throw WireError("", "is no moment")
        }
        return moment
    }

    /// A value of any kind.
    mutating func value() throws(WireError) -> JSONValue {
        skipSpace()
        switch byte {
        case 0x22: return .string(try string().text)
        case 0x7B:
            var members: [String: JSONValue] = [:]
            try openObject()
            var names = TakenNames()
            while let name = try nextName(&names) { members[name.text] = try value() }
            return .object(members)
        case 0x5B:
            var elements: [JSONValue] = []
            try openArray()
            var isFirst = true
            while try hasNext(&isFirst) { elements.append(try value()) }
            return .array(elements)
        default: return try scalar()
        }
    }

    private mutating func scalar() throws(WireError) -> JSONValue {
        if take(word: "true") { return .bool(true) }
        if take(word: "false") { return .bool(false) }
        if take(word: "null") { return .null }
        let number = try number("a value")
        if let integer = number.integer { return .integer(integer) }
        guard let value = number.value else { throw WireError("", "is a number out of range") }
        return .number(value)
    }

    /// Passes over a value of any kind.
    mutating func skip() throws(WireError) {
        skipSpace()
        switch byte {
        case 0x22: _ = try string()
        case 0x7B:
            try openObject()
            var names = TakenNames()
            while try nextName(&names) != nil { try skip() }
        case 0x5B:
            try openArray()
            var isFirst = true
            while try hasNext(&isFirst) { try skip() }
        default: _ = try scalar()
        }
    }
}

// MARK: Strings

extension JSONReader {
    /// A string, its quotes included, as it stands there.
    private mutating func string() throws(WireError) -> JSONString {
        guard take(0x22) else { throw unexpected("text") }
        let start = place
        var hasEscapes = false
        while let byte {
            switch byte {
            case 0x22:
                let inside = UnsafeBufferPointer(rebasing: bytes[start..<place])
                place += 1
                guard hasEscapes else { return .plain(inside) }
                guard let text = JSONEscapes.resolved(inside) else { throw broken() }
                return .resolved(text)
            case 0x5C:
                hasEscapes = true
                place += 2
            case 0..<0x20: throw broken()
            default: place += 1
            }
        }
        throw WireError("", "ends too early")
    }
}

// MARK: Numbers

extension JSONReader {
    /// A number in the forms it may be wanted in.
    private struct Number {
        /// The number, if it is whole and within 64 bits.
        let integer: Int64?

        /// A thousand times the number, if it has three decimals at most.
        let milliseconds: Int64?

        /// The nearest floating-point number, if it is finite.
        let value: Double?
    }

    private mutating func number(_ expected: String) throws(WireError) -> Number {
        let start = place
        let isNegative = take(0x2D)
        guard let first = byte, (0x30...0x39).contains(first) else {
            place = start
            throw unexpected(expected)
        }
        let whole = digits()
        guard whole.count == 1 || first != 0x30 else { throw broken() }
        var fraction: (count: Int, value: Int64?) = (0, 0)
        if take(0x2E) {
            fraction = digits()
            guard fraction.count > 0 else { throw broken() }
        }
        var hasExponent = false
        if take(0x65) || take(0x45) {
            hasExponent = true
            _ = take(0x2B) || take(0x2D)
            guard digits().count > 0 else { throw broken() }
        }
        let text = String(decoding: bytes[start..<place], as: UTF8.self)
        let isWhole = !hasExponent && fraction.count == 0
        return Number(
            integer: isWhole ? whole.value.map { isNegative ? -$0 : $0 } : nil,
            milliseconds: hasExponent ? nil : Self.milliseconds(isNegative, whole.value, fraction),
            value: isWhole && whole.value != nil ? nil : Self.double(text)
        )
    }

    private mutating func digits() -> (count: Int, value: Int64?) {
        let start = place
        var value: Int64? = 0
        while let byte, (0x30...0x39).contains(byte) {
            value = value.flatMap { value in
                let (tenfold, isTooLarge) = value.multipliedReportingOverflow(by: 10)
                let (sum, isOver) = tenfold.addingReportingOverflow(Int64(byte - 0x30))
                return isTooLarge || isOver ? nil : sum
            }
            place += 1
        }
        return (place - start, value)
    }

    private static func milliseconds(
        _ isNegative: Bool,
        _ whole: Int64?,
        _ fraction: (count: Int, value: Int64?)
    ) -> Int64? {
        // The last moment of the year 9999.
        guard let whole, whole <= 253_402_300_799, fraction.count <= 3, let part = fraction.value
        else { return nil }
        let scale: Int64 = [1000, 100, 10, 1][fraction.count]
        let sum = whole * 1000 + part * (fraction.count == 0 ? 0 : scale)
        return isNegative ? -sum : sum
    }

    private static func double(_ text: String) -> Double? {
        Double(text).flatMap { $0.isFinite ? $0 : nil }
    }
}
