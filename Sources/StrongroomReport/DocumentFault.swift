internal import StrictJSON

/// What a document cannot be read for, and where in it.
public struct DocumentFault: Hashable, Sendable, CustomStringConvertible {
    /// The line, from 1.
    public let line: Int

    /// The column in characters, from 1.
    public let column: Int

    /// The key that it is about, from the outermost inwards, such as `groups[0].region`.
    public let key: String

    /// What is wrong, in words that are safe to show.
    public let words: String

    /// A fault at a place.
    ///
    /// - Parameters:
    ///   - line: The line, from 1.
    ///   - column: The column in characters, from 1.
    ///   - key: The key that it is about; empty for the whole document.
    ///   - words: What is wrong.
    public init(line: Int, column: Int, key: String, _ words: String) {
        self.line = line
        self.column = column
        self.key = key
        self.words = words
    }

    init(_ refusal: JSONRefusal) {
        self.init(
            line: refusal.line,
            column: refusal.column,
            key: refusal.path.description,
            refusal.what
        )
    }

    /// Where it is and what is wrong.
    public var description: String {
        "line \(line), column \(column)\(key.isEmpty ? "" : " (\(key))"): \(words)"
    }

    /// A problem and what to do next; where the problem ends with a question, as two sentences.
    static func sentence(_ problem: String, _ advice: String) -> String {
        guard problem.hasSuffix("?") else { return "\(problem); \(advice)" }
        return "\(problem) \(advice.prefix(1).uppercased())\(advice.dropFirst())"
    }
}
