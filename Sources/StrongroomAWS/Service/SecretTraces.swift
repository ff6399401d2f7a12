internal import FoundationEssentials

/// Finds secrets in a text however they are spelled there: percent-encoded, escaped as JSON or HTML,
/// several times over, in base64 or hexadecimal, cut, in other case, over several lines.
///
/// Everything but letters and digits is dropped from both sides, and case; then a piece of a few
/// letters in a row is a trace. Plain sentences share no such piece with random text.
struct SecretTraces {
    /// How many letters and digits in a row are a trace: 36 to the power of it fits into 64 bits.
    private static let pieceLength = 12

    /// The highest power of a piece's first letter.
    private static let highest = (1..<pieceLength).reduce(UInt64(1)) { power, _ in power * 36 }

    /// How often a text is unescaped at most.
    private static let rounds = 4

    /// How many layers of base64 are undone at most.
    private static let layers = 3

    /// Every piece of every spelling.
    private var pieces: Set<UInt64> = []

    /// What is no longer than a piece, or is a trace only as a whole.
    private var wholes: [[UInt8]] = []

    /// Looks for what leaves a trace by a piece already.
    ///
    /// - Parameter secret: A secret.
    mutating func add(_ secret: String) {
        let spellings = Self.spellings(of: secret).map(Self.folded)
        pieces.formUnion(spellings.lazy.flatMap(Self.pieces))
        wholes += spellings.filter { (8..<Self.pieceLength).contains($0.count) }
    }

    /// Looks for what leaves a trace only as a whole.
    ///
    /// - Parameter text: A text whose pieces say nothing.
    mutating func add(whole text: String) {
        wholes += Self.spellings(of: text).map(Self.folded).filter { $0.count >= 16 }
    }

    /// Whether a text has a trace of a secret.
    ///
    /// - Parameter text: Any text.
    /// - Returns: Whether it has.
    func areFound(in text: String) -> Bool {
        areFound(in: Array(text.utf8), layers: Self.layers)
    }

    private func areFound(in text: [UInt8], layers: Int) -> Bool {
        var bytes = text
        for _ in 0...Self.rounds {
            if areFound(inFolded: Self.folded(bytes)) { return true }
            let inner = layers > 0 ? UnescapedText.fromBase64(in: bytes) : []
            if inner.contains(where: { areFound(in: $0, layers: layers - 1) }) { return true }
            let unescaped = UnescapedText.once(bytes)
            guard unescaped != bytes else { return false }
            bytes = unescaped
        }
        // What is still escaped after so many rounds was written to hide something.
        return true
    }

    private func areFound(inFolded text: [UInt8]) -> Bool {
        guard text.count >= 8 else { return false }
        return Self.pieces(of: text).contains(where: pieces.contains)
            || wholes.contains { text.firstRange(of: $0) != nil }
    }

    /// A secret as it is, and as others may write it down; what percent-encoding and escapes make of
    /// it is undone in the text instead.
    private static func spellings(of secret: String) -> [[UInt8]] {
        let plain = Array(secret.utf8)
        let sources = [plain, UnescapedText.percentEncoded(plain)]
        let once = sources.flatMap(base64)
        return sources + [plain.reversed()] + once + once.flatMap(base64) + sources.map(hexadecimal)
    }

    /// The three texts of which one stands in the base64 of whatever holds some bytes, by where they
    /// begin in it.
    private static func base64(_ bytes: [UInt8]) -> [[UInt8]] {
        (0..<3).map { skipped in
            let whole = bytes.dropFirst(skipped)
            return Array(Data(whole.prefix(whole.count / 3 * 3)).base64EncodedData())
        }
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> [UInt8] {
        let digits = Array("0123456789abcdef".utf8)
        return bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    }

    /// Letters and digits only, as numbers below 36; lower and upper case are the same.
    private static func folded(_ text: [UInt8]) -> [UInt8] {
        text.compactMap { byte in
            switch byte {
            case 0x30...0x39: byte - 0x30
            case 0x41...0x5A: byte - 0x41 + 10
            case 0x61...0x7A: byte - 0x61 + 10
            default: nil
            }
        }
    }

    private static func pieces(of text: [UInt8]) -> [UInt64] {
        guard text.count >= pieceLength else { return [] }
        var piece = UInt64(0)
        return text.enumerated().compactMap { index, digit in
            piece = piece % highest * 36 + UInt64(digit)
            return index + 1 >= pieceLength ? piece : nil
        }
    }
}
