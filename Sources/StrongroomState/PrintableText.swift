extension String {
    /// The text as a message may show it, wherever it comes from.
    ///
    /// Characters that steer a terminal or reorder a line are escaped, and what is too long is cut.
    ///
    /// - Parameter limit: How many characters are shown at most.
    /// - Returns: The text in one harmless line.
    func printable(upTo limit: Int) -> String {
        let scalars = unicodeScalars.prefix(limit + 1)
        let shown = scalars.prefix(limit).map(\.printable).joined()
        return scalars.count > limit ? shown + "…" : shown
    }
}

extension Unicode.Scalar {
    /// The character, or its number where it would not be seen or would change what is seen.
    fileprivate var printable: String {
        switch properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
            .paragraphSeparator:
            "\\u{\(String(value, radix: 16))}"
        default: String(self)
        }
    }
}
