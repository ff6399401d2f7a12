import StrongroomText

/// A line about the run: what stands in the program's text stays, and whatever is put into it is
/// made safe to show.
///
/// A plain `String` cannot be said, so nothing reaches the terminal without passing here:
///
///     terminal.say("error: \(reason)")
struct SaidLine: ExpressibleByStringInterpolation {
    /// The line, without a line break at its end.
    let text: String

    /// A line that a renderer made, already safe, coloured perhaps.
    ///
    /// - Parameter text: The line.
    init(rendered text: String) {
        self.text = text
    }

    init(stringLiteral text: String) {
        self.text = text
    }

    init(stringInterpolation: StringInterpolation) {
        text = stringInterpolation.text
    }

    /// A line of two parts, for what is too long for one line of the program's text.
    static func + (line: SaidLine, rest: SaidLine) -> SaidLine {
        SaidLine(rendered: line.text + rest.text)
    }

    /// Puts a line together.
    struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var text = ""

        init(literalCapacity: Int, interpolationCount: Int) {
            text.reserveCapacity(literalCapacity + interpolationCount * 16)
        }

        mutating func appendLiteral(_ literal: String) { text += literal }

        /// Whatever it is and whoever wrote it: one line of it, with nothing unseen.
        mutating func appendInterpolation(_ value: some Any) {
            text += ShownText.line("\(value)")
        }
    }
}
