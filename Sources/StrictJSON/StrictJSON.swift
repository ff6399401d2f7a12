/// Reads JSON, and takes nothing that two readers could understand differently.
///
/// What is valid is read by simdjson. Only once a document is refused does a second, slow pass find
/// out where and why (``JSONInspection``).
package enum StrictJSON {
    /// What a document may be beside valid.
    package struct Limits: Hashable, Sendable {
        /// The most bytes a document may have.
        package var bytes: Int

        /// How deep arrays and objects may stand in each other.
        package var depth: Int

        /// Where characters are refused that nobody sees.
        package var unseen: Unseen

        package init(bytes: Int = 64 << 20, depth: Int = 64, unseen: Unseen = .refusedInKeys) {
            self.bytes = bytes
            self.depth = depth
            self.unseen = unseen
        }
    }

    /// Where characters are refused that nobody sees, or that turn the reading order, whether they
    /// are escaped or not.
    package enum Unseen: Hashable, Sendable {
        /// In keys and in texts; tabs and line breaks are taken in texts.
        case refused
        case refusedInKeys
        case taken
    }

    /// Reads a document.
    ///
    /// - Parameters:
    ///   - bytes: The whole document.
    ///   - limits: What it may be.
    /// - Returns: Its topmost value.
    /// - Throws: ``JSONRefusal`` with the first thing that is wrong.
    package static func read(
        _ bytes: [UInt8],
        _ limits: Limits = Limits()
    ) throws(JSONRefusal) -> JSONTree {
        guard bytes.count <= limits.bytes else {
            throw JSONRefusal(.tooLarge(limit: limits.bytes), line: 1, column: 1)
        }
        if JSONEncodingFault.isUTF8(bytes), let tree = QuickReading.tree(bytes, limits) {
            return tree
        }
        throw JSONInspection.firstFault(in: bytes, limits)
            // Both passes take the same documents; the tests see to it.
            ?? JSONRefusal(.unreadable, line: 1, column: 1)
    }

    /// A refusal of something that was read: it is valid JSON, but not what is wanted.
    ///
    /// - Parameters:
    ///   - reason: What is wrong.
    ///   - path: Where.
    ///   - part: Whether the key or the value is meant.
    ///   - bytes: The document, which is searched for the line and column.
    /// - Returns: The refusal.
    package static func refusal(
        _ reason: JSONRefusal.Reason,
        at path: JSONPath,
        of part: JSONInspection.Part = .value,
        in bytes: [UInt8]
    ) -> JSONRefusal {
        let place = JSONInspection.place(of: part, at: path, in: bytes)
        return JSONRefusal(reason, at: path, line: place.line, column: place.column)
    }
}
