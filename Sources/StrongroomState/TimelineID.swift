/// Tells one course of a state's history from another: 128 random bits, new when the state was put
/// back from an older copy, so that what was saved on the other course is void.
public struct TimelineID: Hashable, Sendable, LosslessStringConvertible {
    /// The id in the shape of a UUID, lower-case.
    public let description: String

    /// Makes a new id.
    ///
    /// - Parameter generator: Where the random bits come from.
    public init(using generator: inout some RandomNumberGenerator) {
        description = LineageID(using: &generator).description
    }

    /// Reads an id.
    ///
    /// It is `nil` if the text has not the shape of one.
    ///
    /// - Parameter text: Hexadecimal digits, lower-case, in groups of 8, 4, 4, 4 and 12.
    public init?(_ text: String) {
        guard LineageID(text) != nil else { return nil }
        description = text
    }
}
