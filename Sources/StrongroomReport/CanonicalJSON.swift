internal import StrongroomText

/// JSON in one fixed form, so that equal values give equal bytes.
enum CanonicalJSON {
    /// A value as a person can read it: sorted keys, two spaces, a line break at the end.
    ///
    /// - Parameter value: Any value that has a JSON form.
    /// - Returns: The bytes; what a terminal or a pipeline would obey is escaped.
    static func pretty(_ value: some Encodable) -> [UInt8] {
        written(value) { try JSONWriting.bytes(value, .lines) } + [0x0A]
    }

    /// A value as earlier versions wrote it: like ``pretty(_:)``, with nothing escaped that need
    /// not be.
    ///
    /// - Parameter value: Any value that has a JSON form.
    /// - Returns: The bytes.
    static func prettyUnescaped(_ value: some Encodable) -> [UInt8] {
        written(value) { try JSONWriting.canonical(value, .lines) } + [0x0A]
    }

    /// The digest of a value: SHA-256 over compact JSON with sorted keys and nothing escaped that
    /// need not be, so that it says the value and not how it is written down.
    ///
    /// - Parameter value: Any value that has a JSON form.
    /// - Returns: 64 lower-case hexadecimal digits.
    static func digest(of value: some Encodable) -> String {
        SHA256Text.digest(of: written(value) { try JSONWriting.canonical(value, .line) })
    }

    private static func written(
        _ value: some Encodable,
        _ write: () throws -> [UInt8]
    ) -> [UInt8] {
        do {
            return try write()
        } catch {
            // Only a number that is not finite cannot be written, and no document holds any.
            preconditionFailure("\(type(of: value)) has no JSON form: \(error)")
        }
    }
}
