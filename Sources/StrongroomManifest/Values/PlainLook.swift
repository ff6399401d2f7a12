/// What a plain scalar looks like: its type in YAML 1.2, and what older tools take it for.
///
/// The types are those of the YAML 1.2 core schema. The words and digits that YAML 1.1 reads
/// otherwise (`no`, `on`, `1_000`, `12:30`) are given the older type as well, because a text that two
/// tools read differently must be quoted.
package enum PlainLook {
    /// Nothing, `~` or `null`.
    case empty

    /// `true`, `no`, `on` and the like.
    case boolean

    /// A whole or a broken number in any notation.
    case number

    /// Anything else.
    case text

    /// Looks at a plain scalar.
    ///
    /// - Parameter text: The scalar's text.
    package init(of text: String) {
        guard let first = text.utf8.first else {
            self = .empty
            return
        }
        switch first {
        case 0x30...0x39, UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
            let mayBeNumber = text.utf8.allSatisfy(Self.isInNumbers)
            self = mayBeNumber && Self.isNumber(Array(text.utf8)[...]) ? .number : .text
        case UInt8(ascii: "~"), UInt8(ascii: "n"), UInt8(ascii: "N"), UInt8(ascii: "t"),
            UInt8(ascii: "T"), UInt8(ascii: "f"), UInt8(ascii: "F"), UInt8(ascii: "y"),
            UInt8(ascii: "Y"), UInt8(ascii: "o"), UInt8(ascii: "O"):
            self = text.utf8.count > 5 ? .text : Self.words[text] ?? .text
        default: self = .text
        }
    }

    private static let words: [String: PlainLook] = {
        var words: [String: PlainLook] = ["~": .empty]
        for (word, look) in [("null", PlainLook.empty)] + booleans.map({ ($0, .boolean) }) {
            for form in [word, word.uppercased(), word.prefix(1).uppercased() + word.dropFirst()] {
                words[form] = look
            }
        }
        return words
    }()

    private static let booleans = ["true", "false", "yes", "no", "on", "off"]

    /// Whether a letter occurs in any notation of a number; most texts fail here at once.
    private static func isInNumbers(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x3A, 0x41...0x46, 0x61...0x66: true
        default: "+-._xoINniaf".utf8.contains(byte)
        }
    }

    private static func isNumber(_ text: ArraySlice<UInt8>) -> Bool {
        var rest = text
        if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest.removeFirst() }
        return isDecimal(rest) || isPrefixed(rest) || isSexagesimal(rest) || isNotFinite(rest)
    }

    /// `1`, `1_000`, `1.5`, `.5`, `1e3`.
    private static func isDecimal(_ text: ArraySlice<UInt8>) -> Bool {
        guard let first = text.first else { return false }
        let (whole, afterWhole) = digits(text)
        var rest = afterWhole
        var fraction = 0
        if rest.first == UInt8(ascii: ".") {
            (fraction, rest) = digits(rest.dropFirst())
        }
        guard whole + fraction > 0, first != UInt8(ascii: "_") else { return false }
        guard let exponent = rest.first else { return true }
        guard exponent == UInt8(ascii: "e") || exponent == UInt8(ascii: "E") else { return false }
        rest.removeFirst()
        if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest.removeFirst() }
        return !rest.isEmpty && rest.allSatisfy { (0x30...0x39).contains($0) }
    }

    /// `0x1F`, `0o17`, `0b11`.
    private static func isPrefixed(_ text: ArraySlice<UInt8>) -> Bool {
        guard text.count > 2, text.first == UInt8(ascii: "0") else { return false }
        let rest = text.dropFirst(2)
        switch text[text.startIndex + 1] {
        case UInt8(ascii: "x"):
            return rest.allSatisfy {
                switch $0 {
                case 0x30...0x39, 0x41...0x46, 0x61...0x66, UInt8(ascii: "_"): true
                default: false
                }
            }
        case UInt8(ascii: "o"): return rest.allSatisfy { (0x30...0x37).contains($0) }
        case UInt8(ascii: "b"):
            return rest.allSatisfy { [0x30, 0x31, UInt8(ascii: "_")].contains($0) }
        default: return false
        }
    }

    /// `12:30`, `1:30:00.5`: base 60 in YAML 1.1.
    private static func isSexagesimal(_ text: ArraySlice<UInt8>) -> Bool {
        let parts = text.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard parts.count > 1, let first = parts.first, first.first != UInt8(ascii: "_") else {
            return false
        }
        let (count, rest) = digits(first)
        guard count > 0, rest.isEmpty, var last = parts.last else { return false }
        if let point = last.firstIndex(of: UInt8(ascii: ".")) {
            guard digits(last[(point + 1)...]).rest.isEmpty else { return false }
            last = last[..<point]
        }
        return (parts.dropFirst().dropLast() + [last]).allSatisfy { part in
            (1...2).contains(part.count) && part.allSatisfy { (0x30...0x39).contains($0) }
                && (part.count == 1 || part[part.startIndex] < 0x36)
        }
    }

    /// `.inf` and `.nan`.
    private static func isNotFinite(_ text: ArraySlice<UInt8>) -> Bool {
        [".inf", ".Inf", ".INF", ".nan", ".NaN", ".NAN"].contains { text.elementsEqual($0.utf8) }
    }

    private static func digits(_ text: ArraySlice<UInt8>) -> (count: Int, rest: ArraySlice<UInt8>) {
        let rest = text.drop { (0x30...0x39).contains($0) || $0 == UInt8(ascii: "_") }
        return (text.count - rest.count, rest)
    }
}
