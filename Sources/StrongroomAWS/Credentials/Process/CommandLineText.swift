/// A command line split into its arguments, without a shell.
///
/// Quotes keep spaces, a backslash keeps the next character; everything else is itself: `$`, `;`,
/// `|`, `>`, `*` and backticks reach the program as they are written.
/// Source: AWS SDKs and Tools Reference Guide, "Process credential provider"; Python's
/// `shlex.split`, which the AWS CLI uses.
package struct CommandLineText {
    /// The program and its arguments.
    package private(set) var arguments: [String] = []

    /// Why a text cannot be split.
    package enum Fault: Error, Hashable, Sendable {
        case openQuote
        case trailingBackslash
        case empty
    }

    /// Splits a text.
    ///
    /// - Parameter text: The command line.
    /// - Throws: ``Fault``.
    package init(_ text: String) throws(Fault) {
        var argument: String?
        var quote: Character?
        var rest = text[...]
        while let character = rest.popFirst() {
            switch (character, quote) {
            case ("'", "'"), ("\"", "\""):
                quote = nil
            case ("'", nil), ("\"", nil):
                quote = character
                argument = argument ?? ""
            case ("\\", nil):
                guard let next = rest.popFirst() else { throw .trailingBackslash }
                argument = (argument ?? "") + String(next)
            case ("\\", "\""):
                // Between double quotes a backslash keeps only these two.
                let isKept = rest.first == "\"" || rest.first == "\\"
                argument = (argument ?? "") + String(isKept ? rest.removeFirst() : character)
            case (" ", nil), ("\t", nil):
                if let whole = argument { arguments.append(whole) }
                argument = nil
            default:
                argument = (argument ?? "") + String(character)
            }
        }
        guard quote == nil else { throw .openQuote }
        if let whole = argument { arguments.append(whole) }
        guard let program = arguments.first, !program.isEmpty else { throw .empty }
    }
}

extension CommandLineText.Fault: CustomStringConvertible {
    /// What is wrong; the text itself is not repeated.
    package var description: String {
        switch self {
        case .openQuote: "has a quote that does not end"
        case .trailingBackslash: "ends with a backslash"
        case .empty: "names no program"
        }
    }
}
