/// One value of a YAML document, with the place it was written.
package struct LocatedNode: Sendable {
    /// What the value is.
    package enum Content: Sendable {
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
    package struct Pair: Sendable {
        /// The key.
        package let key: LocatedScalar

        /// The value.
        package let value: LocatedNode
    }

    /// The value itself.
    package let content: Content

    /// Where it was written.
    package let span: Span
}

/// The text of a scalar and how it was written.
package struct Scalar: Hashable, Sendable {
    /// The text, with quotes and escapes resolved.
    package let text: String

    /// Whether it was written plain, so that its look decides its type (`2` against `"2"`).
    package let isPlain: Bool

    /// Keeps a text and how it was written.
    package init(text: String, isPlain: Bool) {
        self.text = text
        self.isPlain = isPlain
    }
}

/// A scalar with its place.
package struct LocatedScalar: Sendable {
    /// The scalar.
    package let scalar: Scalar

    /// Where it was written.
    package let span: Span

    /// The text of the scalar.
    package var text: String { scalar.text }
}

/// One document of a YAML stream.
package struct LocatedDocument: Sendable {
    /// The document's value.
    package let root: LocatedNode
}

extension LocatedNode {
    /// Whether this is what libyaml makes of nothing between two `---`.
    var isEmptyDocument: Bool {
        guard case .scalar(let scalar) = content else { return false }
        return scalar.isPlain && scalar.text.isEmpty
    }
}
