/// The few elements that are needed of an answer of STS, read strictly from its XML.
///
/// It is no XML parser: it takes elements, text, the five named entities and numeric ones, and
/// refuses everything else that XML can be, declarations of types and entities, comments and CDATA
/// among them. Foundation's parser would be a library more to load at every start.
package struct TokenServiceAnswer: Sendable {
    /// Why a text is not such an answer; nothing of it is repeated.
    package struct Fault: Error, Hashable, Sendable {
        let reason: String
    }

    private static let depthLimit = 16

    /// The texts by the path of their element, without the outermost one.
    private let texts: [String: String]

    /// Reads an answer.
    ///
    /// - Parameter bytes: The body, UTF-8.
    /// - Throws: ``Fault``.
    package init(_ bytes: [UInt8]) throws(Fault) {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Fault(reason: "it is not UTF-8")
        }
        var reader = Reader(rest: text.unicodeScalars[...])
        texts = try reader.document()
    }

    /// The text of an element.
    ///
    /// - Parameter path: The names of the elements around it and its own, without the outermost.
    /// - Returns: The text; `nil` if there is no such element, or it holds others.
    package subscript(_ path: String...) -> String? { texts[path.joined(separator: "/")] }

    private struct Reader {
        var rest: Substring.UnicodeScalarView
        var path: [String] = []
        var texts: [String: String] = [:]

        mutating func document() throws(Fault) -> [String: String] {
            skipSpace()
            if take("<?xml") {
                guard let end = rest.firstIndex(of: ">") else { throw Fault(reason: "no end") }
                rest = rest[rest.index(after: end)...]
                skipSpace()
            }
            try element()
            skipSpace()
            guard rest.isEmpty else { throw Fault(reason: "there is text behind it") }
            return texts
        }

        /// One element with all in it; its text is kept if it holds no others.
        mutating func element() throws(Fault) {
            guard take("<") else { throw Fault(reason: "an element does not begin") }
            let name = try name()
            let isEmpty = try attributes()
            path.append(name)
            defer { path.removeLast() }
            guard path.count <= TokenServiceAnswer.depthLimit else {
                throw Fault(reason: "it is too deep")
            }
            var text = ""
            var hasElements = false
            while !isEmpty {
                guard let next = rest.first else { throw Fault(reason: "an element has no end") }
                if next != "<" {
                    try add(next, to: &text)
                } else if rest.starts(with: "</".unicodeScalars) {
                    break
                } else {
                    hasElements = true
                    try element()
                }
            }
            if !isEmpty {
                guard take("</"), try self.name() == name else {
                    throw Fault(reason: "elements end in another order than they began")
                }
                skipSpace()
                guard take(">") else { throw Fault(reason: "an end is malformed") }
            }
            guard !hasElements else { return }
            let key = path.dropFirst().joined(separator: "/")
            guard texts.updateValue(text, forKey: key) == nil else {
                throw Fault(reason: "an element comes twice")
            }
        }

        mutating func add(_ next: Unicode.Scalar, to text: inout String) throws(Fault) {
            guard next == "&" else {
                text.unicodeScalars.append(next)
                rest.removeFirst()
                return
            }
            guard let end = rest.prefix(12).firstIndex(of: ";") else {
                throw Fault(reason: "an entity has no end")
            }
            let name = String(rest[rest.index(after: rest.startIndex)..<end])
            guard let scalar = Self.entity(name) else { throw Fault(reason: "an unknown entity") }
            text.unicodeScalars.append(scalar)
            rest = rest[rest.index(after: end)...]
        }

        static func entity(_ name: String) -> Unicode.Scalar? {
            switch name {
            case "lt": return "<"
            case "gt": return ">"
            case "amp": return "&"
            case "quot": return "\""
            case "apos": return "'"
            default:
                let number =
                    name.hasPrefix("#x")
                    ? UInt32(name.dropFirst(2), radix: 16)
                    : name.hasPrefix("#") ? UInt32(name.dropFirst(1)) : nil
                return number.flatMap(Unicode.Scalar.init)
            }
        }

        mutating func name() throws(Fault) -> String {
            let name = rest.prefix {
                $0.isASCII && ($0.properties.isAlphabetic || ("0"..."9").contains($0) || $0 == "-")
            }
            guard !name.isEmpty else { throw Fault(reason: "a name is malformed") }
            rest = rest[name.endIndex...]
            return String(name)
        }

        /// Skips attributes; `true` if the element ends with them.
        mutating func attributes() throws(Fault) -> Bool {
            while true {
                skipSpace()
                if take(">") { return false }
                if take("/>") { return true }
                _ = try name()
                if take(":") { _ = try name() }
                guard take("=\"") else { throw Fault(reason: "an attribute is malformed") }
                guard let end = rest.firstIndex(of: "\""), !rest[..<end].contains("<") else {
                    throw Fault(reason: "an attribute is malformed")
                }
                rest = rest[rest.index(after: end)...]
            }
        }

        mutating func take(_ text: String) -> Bool {
            guard rest.starts(with: text.unicodeScalars) else { return false }
            rest = rest.dropFirst(text.unicodeScalars.count)
            return true
        }

        mutating func skipSpace() {
            rest = rest.drop { $0 == " " || $0 == "\n" || $0 == "\r" || $0 == "\t" }
        }
    }
}
