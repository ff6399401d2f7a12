/// The slow pass: finds where and why a document is refused, or where a value stands in it.
package struct JSONInspection {
    /// What of a member is sought.
    package enum Part: Hashable, Sendable {
        case key, value
    }

    /// A place in a text, for people.
    struct Place: Hashable {
        let line: Int

        /// In Unicode scalars.
        let column: Int
    }

    /// Something wrong, before its line is known.
    struct Fault: Error {
        let reason: JSONRefusal.Reason
        let offset: Int
        let path: JSONPath
    }

    let bytes: UnsafeBufferPointer<UInt8>
    let limits: StrictJSON.Limits
    var index = 0
    private var path = JSONPath()
    private var depth = 0
    private var sought: JSONPath?
    private var found: [Part: Int] = [:]

    private init(_ bytes: UnsafeBufferPointer<UInt8>, _ limits: StrictJSON.Limits) {
        self.bytes = bytes
        self.limits = limits
    }

    /// The first thing that is wrong with a document; `nil` if it is taken.
    package static func firstFault(
        in bytes: [UInt8],
        _ limits: StrictJSON.Limits
    ) -> JSONRefusal? {
        bytes.withUnsafeBufferPointer { bytes in
            var inspection = JSONInspection(bytes, limits)
            do throws(Fault) {
                try inspection.document()
                return nil
            } catch {
                let place = inspection.place(of: error.offset)
                return JSONRefusal(
                    error.reason,
                    at: error.path,
                    line: place.line,
                    column: place.column
                )
            }
        }
    }

    /// Where a value or its key stands in a document; if it is not there, what it should stand in.
    static func place(of part: Part, at path: JSONPath, in bytes: [UInt8]) -> Place {
        let found: Place? = bytes.withUnsafeBufferPointer { bytes in
            var inspection = JSONInspection(bytes, StrictJSON.Limits(unseen: .taken))
            inspection.sought = path
            try? inspection.document()
            return inspection.found[part].map { inspection.place(of: $0) }
        }
        if let found { return found }
        return path.steps.isEmpty
            ? Place(line: 1, column: 1) : place(of: .value, at: path.outer, in: bytes)
    }

    private func place(of offset: Int) -> Place {
        let before = bytes[..<min(offset, bytes.count)]
        let start = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        return Place(
            line: before.count { $0 == UInt8(ascii: "\n") } + 1,
            // Bytes that go on with a character begin with the bits 10.
            column: before[start...].count { $0 & 0xC0 != 0x80 } + 1
        )
    }
}

// MARK: Documents

extension JSONInspection {
    var peek: UInt8? { index < bytes.count ? bytes[index] : nil }

    func fault(_ reason: JSONRefusal.Reason, at offset: Int? = nil) -> Fault {
        Fault(reason: reason, offset: offset ?? index, path: path)
    }

    private mutating func document() throws(Fault) {
        if let reason = JSONEncodingFault.reason(in: bytes) { throw fault(reason) }
        if let offset = firstInvalidUTF8() { throw fault(.notUTF8, at: offset) }
        try skipSpace()
        guard peek != nil else { throw fault(.empty, at: 0) }
        try value()
        try skipSpace()
        guard peek == nil else { throw fault(.goesOn) }
    }

    private func firstInvalidUTF8() -> Int? {
        if String(validating: bytes, as: UTF8.self) != nil { return nil }
        var iterator = bytes.makeIterator()
        var parser = Unicode.UTF8.ForwardParser()
        var offset = 0
        while true {
            switch parser.parseScalar(from: &iterator) {
            case .valid(let scalar): offset += scalar.count
            case .error: return offset
            case .emptyInput: return nil
            }
        }
    }

    /// Passes over white space; a comment is not white space, though some readers think so.
    private mutating func skipSpace() throws(Fault) {
        while let byte = peek {
            switch byte {
            case 0x20, 0x0A, 0x0D, 0x09: index += 1
            case UInt8(ascii: "/"), UInt8(ascii: "#"): throw fault(.comment)
            default: return
            }
        }
    }

    private mutating func value() throws(Fault) {
        if path == sought { found[.value] = index }
        switch peek {
        case nil: throw fault(.endsEarly)
        case UInt8(ascii: "{"): try object()
        case UInt8(ascii: "["): try array()
        case UInt8(ascii: "\""):
            let start = index
            let text = try text()
            if let scalar = limits.firstUnseen(inText: text) {
                throw fault(.unseenInText(scalar), at: start)
            }
        case UInt8(ascii: "'"): throw fault(.singleQuotes)
        default: try word()
        }
    }
}

// MARK: Arrays and objects

extension JSONInspection {
    private mutating func array() throws(Fault) {
        var position = 0
        try items(until: UInt8(ascii: "]")) { (inspection) throws(Fault) in
            inspection.path.enter(.index(position))
            try inspection.value()
            inspection.path.leave()
            position += 1
        }
    }

    private mutating func object() throws(Fault) {
        var places: [String: Int] = [:]
        try items(until: UInt8(ascii: "}")) { (inspection) throws(Fault) in
            try inspection.member(&places)
        }
    }

    private mutating func member(_ places: inout [String: Int]) throws(Fault) {
        let start = index
        let key = try key()
        path.enter(.key(key))
        if let scalar = limits.firstUnseen(inKey: key) {
            throw fault(.unseenInKey(scalar), at: start)
        }
        if let first = places.updateValue(start, forKey: key) {
            throw fault(.repeatedKey(key, firstLine: place(of: first).line), at: start)
        }
        if path == sought { found[.key] = start }
        try skipSpace()
        guard let byte = peek else { throw fault(.endsEarly) }
        guard byte == UInt8(ascii: ":") else { throw fault(.colonExpected) }
        index += 1
        try skipSpace()
        try value()
        path.leave()
    }

    private mutating func key() throws(Fault) -> String {
        switch peek {
        case nil: throw fault(.endsEarly)
        case UInt8(ascii: "\""): return try text()
        case UInt8(ascii: "'"): throw fault(.singleQuotes)
        default: throw fault(.keyNotQuoted)
        }
    }

    /// Reads what stands between brackets and commas.
    private mutating func items(
        until end: UInt8,
        _ item: (inout JSONInspection) throws(Fault) -> Void
    ) throws(Fault) {
        depth += 1
        guard depth <= limits.depth else { throw fault(.tooDeep(limit: limits.depth)) }
        index += 1
        try skipSpace()
        var comma: Int?
        while peek != end || comma != nil {
            if let comma, peek == UInt8(ascii: "]") || peek == UInt8(ascii: "}") {
                throw fault(.trailingComma, at: comma)
            }
            try item(&self)
            try skipSpace()
            guard peek == UInt8(ascii: ",") else {
                comma = nil
                break
            }
            comma = index
            index += 1
            try skipSpace()
        }
        guard let byte = peek else { throw fault(.endsEarly) }
        guard byte == end else { throw fault(.commaExpected) }
        index += 1
        depth -= 1
    }
}
