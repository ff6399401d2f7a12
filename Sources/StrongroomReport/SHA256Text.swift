internal import Crypto

/// The SHA-256 digest of bytes, in hexadecimal.
enum SHA256Text {
    /// The digest.
    ///
    /// - Parameter bytes: What to digest.
    /// - Returns: 64 lower-case hexadecimal digits.
    static func digest(of bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for byte in SHA256.hash(data: Array(bytes)) {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
