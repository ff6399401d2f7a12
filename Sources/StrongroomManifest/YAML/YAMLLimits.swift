/// How large an input may be.
///
/// Whatever is over a limit is refused while it is read, never after. A manifest of a fleet is far
/// below all of them. They stop inputs made to exhaust a machine: libyaml itself has no limits, and
/// takes quadratic time for nested flow collections.
enum YAMLLimits {
    /// Bytes in one input.
    static let bytes = 1 << 20

    /// Mappings and sequences inside one another.
    static let levels = 64

    /// Keys and values in one input.
    static let nodes = 100_000

    /// Bytes in one word, number or text.
    static let scalarBytes = 64 << 10

    /// Documents in one input.
    static let documents = 1_000
}
