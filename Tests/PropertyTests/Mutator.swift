/// Makes inputs out of a corpus, the same ones for the same seed.
///
/// They are valid ones spoilt in places, words of theirs in any order, and bytes of any kind.
struct Mutator {
    private let corpus: [[UInt8]]
    private let words: [[UInt8]]

    private static let odd: [[UInt8]] =
        [
            "", "-1", "0", "1e999", "-0.0", "9223372036854775808", "18446744073709551616", "1.5",
            "null",
            "true", "no", "~", "\"", "'", "\\u0000", "\\ud800", "{}", "[]", "{", "}", "[", "]", ",",
            ":",
            "- ", "---\n", "...\n", "&a ", "*a", "!!str ", "<<: ", "%YAML 1.2\n", "|\n", ">-\n",
            "#", "\t",
            "\r\n", "\u{FEFF}", "\u{85}", "\u{2028}", "é", "2026-11-23T12:00:00Z",
            "0000-00-00T00:00:00Z",
            "99999-01-01T00:00:00Z", "backup-aaaaaaaaaaa", "cluster-", "us-east-1", "111122223333",
        ].map { Array($0.utf8) } + [[0], [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90]]

    /// Learns from valid inputs.
    ///
    /// - Parameter corpus: The valid inputs, at least one.
    init(corpus: [[UInt8]]) {
        self.corpus = corpus
        var words: Set<[UInt8]> = []
        for input in corpus {
            for word in input.split(whereSeparator: { !Self.isOfWord($0) }) where word.count < 40 {
                words.insert(Array(word))
            }
        }
        self.words = words.sorted { $0.lexicographicallyPrecedes($1) }
    }

    private static func isOfWord(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x2F, 0x5F: true
        default: byte >= 0x80
        }
    }

    /// One more input.
    ///
    /// - Parameter dice: Decides it.
    /// - Returns: The bytes.
    func input(_ dice: inout Dice) -> [UInt8] {
        switch dice.upTo(9) {
        case 0: (0..<dice.upTo(80)).map { _ in UInt8(truncatingIfNeeded: dice.next()) }
        case 1, 2, 3: soup(&dice)
        case 4 where dice.one(in: 40): nested(&dice)
        default: spoilt(dice.pick(corpus), &dice)
        }
    }

    /// A valid input with one to four places changed.
    ///
    /// - Parameters:
    ///   - input: The valid input.
    ///   - dice: Decides the changes.
    /// - Returns: The bytes.
    func spoilt(_ input: [UInt8], _ dice: inout Dice) -> [UInt8] {
        var bytes = input
        for _ in 0...dice.upTo(3) {
            guard !bytes.isEmpty else { return bytes }
            let place = dice.upTo(bytes.count - 1)
            let end = min(bytes.count, place + dice.upTo(60))
            switch dice.upTo(9) {
            case 0: bytes[place] = UInt8(truncatingIfNeeded: dice.next())
            case 1: bytes[place] ^= 1 << UInt8(dice.upTo(7))
            case 2: bytes.removeSubrange(place..<end)
            case 3: bytes.insert(contentsOf: bytes[place..<end], at: end)
            case 4: bytes.removeSubrange(place...)
            case 5: bytes.insert(contentsOf: dice.pick(Self.odd), at: place)
            case 6: bytes.insert(contentsOf: slice(of: dice.pick(corpus), &dice), at: place)
            default: replaceWord(around: place, in: &bytes, &dice)
            }
        }
        return bytes
    }

    private func replaceWord(around place: Int, in bytes: inout [UInt8], _ dice: inout Dice) {
        var start = place
        var end = place
        while start > 0, Self.isOfWord(bytes[start - 1]) { start -= 1 }
        while end < bytes.count, Self.isOfWord(bytes[end]) { end += 1 }
        bytes.replaceSubrange(
            start..<end,
            with: dice.one(in: 3) ? dice.pick(Self.odd) : dice.pick(words)
        )
    }

    private func slice(of bytes: [UInt8], _ dice: inout Dice) -> ArraySlice<UInt8> {
        guard !bytes.isEmpty else { return [] }
        let start = dice.upTo(bytes.count - 1)
        return bytes[start..<min(bytes.count, start + dice.upTo(200))]
    }

    private func soup(_ dice: inout Dice) -> [UInt8] {
        var bytes: [UInt8] = []
        for _ in 0..<dice.upTo(14) {
            bytes += dice.one(in: 2) ? dice.pick(words) : dice.pick(Self.odd)
            bytes += dice.pick([[], [0x20], [0x3A, 0x20], [0x0A], [0x0A, 0x20, 0x20], [0x22]])
        }
        return bytes
    }

    /// Brackets upon brackets.
    private func nested(_ dice: inout Dice) -> [UInt8] {
        let open = dice.pick(["[", "{\"a\":", "- ", "{a: ", "[[", "? "])
        return Array(String(repeating: open, count: dice.upTo(4_000)).utf8)
    }
}
