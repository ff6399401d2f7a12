/// A text that no description, reflection, log or file shows.
///
/// It is no `Codable`, so it cannot be stored by mistake.
public struct Secret: Hashable, Sendable {
    /// The text itself; whoever takes it out answers for it.
    public let revealed: String

    /// Hides a text.
    ///
    /// - Parameter text: What nobody is to see.
    public init(_ text: String) {
        revealed = text
    }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Always the same.
    public var description: String { "<redacted>" }

    /// Always the same.
    public var debugDescription: String { "<redacted>" }

    /// Nothing.
    public var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}
