internal import Crypto

/// SHA-256 as the journal writes it: what ties each record to all before it.
struct JournalDigest: Hashable {
    /// 64 lower-case hexadecimal digits.
    let text: String

    /// What the first record of a chain names as the one before it.
    static let none = JournalDigest(trusting: String(repeating: "0", count: 64))

    private init(trusting text: String) { self.text = text }

    /// The digest of bytes.
    init(of bytes: some Sequence<UInt8>) {
        var hash = SHA256()
        hash.update(data: Array(bytes))
        let digits = Array("0123456789abcdef".utf8)
        let hexadecimal = hash.finalize().flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        text = String(decoding: hexadecimal, as: UTF8.self)
    }

    /// Reads a digest; `nil` if the text is none.
    init?(_ text: String) {
        guard text.utf8.count == 64, text.utf8.allSatisfy(isLowerHexDigit) else { return nil }
        self.text = text
    }
}
