internal import FoundationEssentials

/// Undoes the ways in which one text is written inside another.
enum UnescapedText {
    /// A text with one layer of escapes undone: percent and quoted-printable, JSON and its kin, HTML.
    ///
    /// - Parameter text: The text.
    /// - Returns: The text; the same if there is no escape in it.
    static func once(_ text: [UInt8]) -> [UInt8] {
        var plain: [UInt8] = []
        plain.reserveCapacity(text.count)
        var rest = text[...]
        while let byte = rest.first {
            let escape: (byte: UInt8, length: Int)? =
                switch byte {
                case UInt8(ascii: "%"), UInt8(ascii: "="): percent(rest.prefix(6))
                case UInt8(ascii: "\\"): backslash(rest.prefix(12))
                case UInt8(ascii: "&"): entity(rest.prefix(14))
                default: nil
                }
            plain.append(escape?.byte ?? byte)
            rest = rest.dropFirst(escape?.length ?? 1)
        }
        return plain
    }

    /// The texts that stand in a text in base64, also without padding, in the alphabet for addresses,
    /// over several lines, and behind other letters.
    ///
    /// - Parameter text: The text.
    /// - Returns: What is plain text once it is decoded.
    static func fromBase64(in text: [UInt8]) -> [[UInt8]] {
        text.filter { $0 != 0x0A && $0 != 0x0D }
            .split(whereSeparator: { !isBase64($0) })
            .filter { $0.count >= 12 }
            .flatMap { run in
                let run = run.map { $0 == 0x2D ? 0x2B : $0 == 0x5F ? 0x2F : $0 }
                return (0..<4).compactMap { skipped -> [UInt8]? in
                    let whole = run.dropFirst(skipped)
                    let decoded = Data(base64Encoded: Data(whole.prefix(whole.count / 4 * 4)))
                    return decoded.map(Array.init).flatMap { isPlain($0) ? $0 : nil }
                }
            }
    }

    private static func isBase64(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2B, 0x2F, 0x2D, 0x5F: true
        default: false
        }
    }

    /// Nine of ten bytes are printable ASCII.
    private static func isPlain(_ bytes: [UInt8]) -> Bool {
        bytes.count { (0x20...0x7E).contains($0) || (0x09...0x0D).contains($0) } * 10
            >= bytes.count * 9 && !bytes.isEmpty
    }

    /// Every byte but letters, digits and `-._~` as `%` and two hexadecimal digits (RFC 3986).
    ///
    /// - Parameter text: The text.
    /// - Returns: The text, encoded.
    static func percentEncoded(_ text: [UInt8]) -> [UInt8] {
        let digits = Array("0123456789ABCDEF".utf8)
        return text.flatMap { byte -> [UInt8] in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: [byte]
            default: [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
    }

    /// `%2F`, `=2F`, `%u002F`.
    private static func percent(_ text: ArraySlice<UInt8>) -> (UInt8, Int)? {
        let rest = text.dropFirst()
        if let value = number(rest.prefix(2), 16, digits: 2) { return (value, 3) }
        guard text.first == 0x25, rest.first == UInt8(ascii: "u"),
            let value = number(rest.dropFirst().prefix(4), 16, digits: 4)
        else { return nil }
        return (value, 6)
    }

    /// `\u002f`, `\u{2f}`, `\x2f`, `\057`, and a backslash before any other character.
    private static func backslash(_ text: ArraySlice<UInt8>) -> (UInt8, Int)? {
        let rest = text.dropFirst()
        guard let kind = rest.first else { return nil }
        let behind = rest.dropFirst()
        switch kind {
        case UInt8(ascii: "u"):
            if let value = number(behind.prefix(4), 16, digits: 4) { return (value, 6) }
            guard behind.first == UInt8(ascii: "{"),
                let end = behind.firstIndex(of: UInt8(ascii: "}")),
                let value = number(behind[(behind.startIndex + 1)..<end], 16, digits: nil)
            else { return (kind, 2) }
            return (value, end - text.startIndex + 1)
        case UInt8(ascii: "x"):
            return number(behind.prefix(2), 16, digits: 2).map { ($0, 4) } ?? (kind, 2)
        case UInt8(ascii: "0")...UInt8(ascii: "7"):
            return number(rest.prefix(3), 8, digits: 3).map { ($0, 4) } ?? (kind, 2)
        case UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"), UInt8(ascii: "b"),
            UInt8(ascii: "f"):
            return (0x20, 2)
        default: return (kind, 2)
        }
    }

    /// `&#47;`, `&#x2f;`, `&sol;`: of names only those matter that escapes are made of.
    private static func entity(_ text: ArraySlice<UInt8>) -> (UInt8, Int)? {
        guard let end = text.firstIndex(of: UInt8(ascii: ";")) else { return nil }
        let length = end - text.startIndex + 1
        let name = String(decoding: text[(text.startIndex + 1)..<end], as: UTF8.self)
        if name.hasPrefix("#x") || name.hasPrefix("#X") {
            return number(Array(name.utf8.dropFirst(2))[...], 16, digits: nil).map { ($0, length) }
        }
        if name.hasPrefix("#") {
            return number(Array(name.utf8.dropFirst())[...], 10, digits: nil).map { ($0, length) }
        }
        guard name.utf8.count >= 2, name.allSatisfy({ $0.isASCII && $0.isLetter }) else {
            return nil
        }
        return switch name {
        case "amp": (UInt8(ascii: "&"), length)
        case "percnt": (UInt8(ascii: "%"), length)
        case "bsol": (UInt8(ascii: "\\"), length)
        case "num": (UInt8(ascii: "#"), length)
        case "equals": (UInt8(ascii: "="), length)
        default: (0x20, length)
        }
    }

    /// The number that digits stand for; what is no ASCII counts as a space.
    private static func number(
        _ digits: ArraySlice<UInt8>,
        _ radix: Int,
        digits count: Int?
    ) -> UInt8? {
        guard !digits.isEmpty, count == nil || digits.count == count,
            let value = UInt32(String(decoding: digits, as: UTF8.self), radix: radix)
        else { return nil }
        return value < 0x80 ? UInt8(value) : 0x20
    }
}
