package import StrongroomModel

/// The mistakes found in one source text so far.
///
/// Reading goes on after a mistake, so that all of them are shown at once. A text with more than
/// ``most`` of them is not a manifest; the rest is left out, and the last diagnostic says so.
package final class Findings {
    /// How many mistakes of one text are listed.
    package static let most = 200

    /// The text that is read.
    let source: SourceText

    /// The mistakes, in the order they were found.
    package private(set) var diagnostics: [Diagnostic] = []

    /// Whether the list is closed, because the text has too many mistakes.
    var isFull: Bool { diagnostics.count > Self.most }

    /// Begins with no mistakes.
    ///
    /// - Parameter source: The text that is read.
    package init(in source: SourceText) {
        self.source = source
    }

    /// Notes a mistake.
    ///
    /// - Parameters:
    ///   - mistake: What is wrong.
    ///   - span: Where.
    func report(_ mistake: some Mistake, at span: Span) {
        guard !isFull else { return }
        guard diagnostics.count < Self.most else {
            diagnostics.append(diagnostic(TooManyMistakes(), at: span))
            return
        }
        diagnostics.append(diagnostic(mistake, at: span))
    }

    private func diagnostic(_ mistake: some Mistake, at span: Span) -> Diagnostic {
        Diagnostic(
            rule: mistake.rule,
            message: mistake.message,
            at: source.location(of: span.start),
            sourceLine: source.line(span.start.line),
            width: span.width,
            help: mistake.help
        )
    }
}

/// The file has more mistakes than a list is good for.
struct TooManyMistakes: Mistake {
    let rule = "too-many-mistakes"
    let message = "this file has more than \(Findings.most) mistakes; the rest is not listed"
    let help = "correct the mistakes above first, then run the command again"
}
