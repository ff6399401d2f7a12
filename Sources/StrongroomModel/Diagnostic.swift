/// One mistake found in what a person wrote, with its place and the way out.
public struct Diagnostic: Hashable, Sendable {
    /// The rule's code: stable, lower-case words joined by hyphens, such as `unknown-key`.
    public let rule: String

    /// What is wrong, in the reader's words.
    public let message: String

    /// Where it is; absent when no file could be opened at all.
    public let location: SourceLocation?

    /// The line as written, for the caret; absent where there is none to show.
    public let sourceLine: String?

    /// How many columns the caret covers, at least 1.
    public let width: Int

    /// What to do next.
    public let help: String

    /// Describes one mistake.
    ///
    /// - Parameters:
    ///   - rule: The rule's code.
    ///   - message: What is wrong.
    ///   - location: Where, if anywhere.
    ///   - sourceLine: The line as written.
    ///   - width: Columns under the caret, at least 1.
    ///   - help: What to do next.
    public init(
        rule: String,
        message: String,
        at location: SourceLocation?,
        sourceLine: String? = nil,
        width: Int = 1,
        help: String
    ) {
        self.rule = rule
        self.message = message
        self.location = location
        self.sourceLine = sourceLine
        self.width = max(width, 1)
        self.help = help
    }
}

extension Diagnostic: Comparable {
    /// Orders by place, then by rule and text; those without a place come first.
    public static func < (left: Diagnostic, right: Diagnostic) -> Bool {
        switch (left.location, right.location) {
        case (nil, .some): true
        case (.some, nil): false
        case (let one?, let other?) where one != other: one < other
        default: (left.rule, left.message) < (right.rule, right.message)
        }
    }
}
