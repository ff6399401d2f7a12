/// One value of a YAML document, with the place it was written.
struct LocatedNode: Sendable {
    /// What the value is.
    enum Content: Sendable {
        /// A word, number or text.
        case scalar(Scalar)

        /// Keys and values in the order written; keys are unique.
        case mapping([Pair])

        /// Values in the order written.
        case sequence([LocatedNode])

        /// Something that was refused and noted while reading, so that nobody complains again.
        case refused
    }

    /// One key and its value.
    struct Pair: Sendable {
        /// The key.
        let key: LocatedScalar

        /// The value.
        let value: LocatedNode
    }

    /// The value itself.
    let content: Content

    /// Where it was written.
    let span: Span
}

/// The text of a scalar and how it was written.
struct Scalar: Hashable, Sendable {
    /// The text, with quotes and escapes resolved.
    let text: String

    /// Whether it was written plain, so that its look decides its type (`2` against `"2"`).
    let isPlain: Bool
}

/// A scalar with its place.
struct LocatedScalar: Sendable {
    /// The scalar.
    let scalar: Scalar

    /// Where it was written.
    let span: Span

    /// The text of the scalar.
    var text: String { scalar.text }
}

/// One document of a YAML stream.
struct LocatedDocument: Sendable {
    /// The document's value.
    let root: LocatedNode
}

extension LocatedNode {
    /// Whether this is what libyaml makes of nothing between two `---`.
    var isEmptyDocument: Bool {
        guard case .scalar(let scalar) = content else { return false }
        return scalar.isPlain && scalar.text.isEmpty
    }
}
