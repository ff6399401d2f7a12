/// A value that files hold as one string.
///
/// Gives `Codable` to types that read themselves from text and print themselves as the same text.
public protocol TextCodable: Codable, LosslessStringConvertible {}

extension TextCodable {
    /// Reads the value from one string.
    ///
    /// - Parameter decoder: Where the string comes from.
    /// - Throws: `DecodingError.dataCorrupted` if the text is not such a value.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let value = Self(text) else {
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription: "\"\(text)\" is not a \(Self.self)"
            )
        }
        self = value
    }

    /// Writes the value as one string.
    ///
    /// - Parameter encoder: Where the string goes.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
