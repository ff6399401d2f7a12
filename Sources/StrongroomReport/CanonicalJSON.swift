internal import FoundationEssentials

/// JSON in one fixed form, so that equal values give equal bytes.
enum CanonicalJSON {
    /// A value as a person can read it: sorted keys, two spaces, a line break at the end.
    ///
    /// - Parameter value: Any value that has a JSON form.
    /// - Returns: The bytes.
    static func pretty(_ value: some Encodable) -> [UInt8] {
        encode(value, [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]) + [0x0A]
    }

    /// The digest of a value: SHA-256 over compact JSON with sorted keys.
    ///
    /// - Parameter value: Any value that has a JSON form.
    /// - Returns: 64 lower-case hexadecimal digits.
    static func digest(of value: some Encodable) -> String {
        SHA256Text.digest(of: compact(value))
    }

    /// A value as compact JSON with sorted keys.
    ///
    /// - Parameter value: Any value that has a JSON form.
    /// - Returns: The bytes.
    static func compact(_ value: some Encodable) -> [UInt8] {
        encode(value, [.sortedKeys, .withoutEscapingSlashes])
    }

    private static func encode(
        _ value: some Encodable,
        _ formatting: JSONEncoder.OutputFormatting
    ) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = formatting
        do {
            return Array(try encoder.encode(value))
        } catch {
            // Only a number that is not finite cannot be written, and no document holds any.
            preconditionFailure("\(type(of: value)) has no JSON form: \(error)")
        }
    }
}
