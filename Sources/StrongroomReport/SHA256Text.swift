internal import Crypto

/// The SHA-256 digest of bytes, in hexadecimal.
enum SHA256Text {
    /// The digest.
    ///
    /// - Parameter bytes: What to digest.
    /// - Returns: 64 lower-case hexadecimal digits.
    static func digest(of bytes: some Sequence<UInt8>) -> String {
        HexText.text(of: SHA256.hash(data: Array(bytes)))
    }
}
