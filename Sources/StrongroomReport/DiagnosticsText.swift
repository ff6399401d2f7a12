public import StrongroomModel

/// Mistakes in manifests as a person reads them: what is wrong, where, and what to do next.
public struct DiagnosticsText: Hashable, Sendable {
    /// The columns there are; `nil` to show source lines whole.
    public let width: Int?

    /// Whether to colour.
    public let colour: Colour

    /// Chooses how mistakes are shown.
    ///
    /// - Parameters:
    ///   - width: Columns there are, at least 40; longer source lines are cut around the mistake.
    ///   - colour: Whether to colour.
    public init(width: Int?, colour: Colour) {
        self.width = width.map { max($0, 40) }
        self.colour = colour
    }

    /// The mistakes as text, ordered by file and line, and their count.
    ///
    /// - Parameter diagnostics: The mistakes, in any order.
    /// - Returns: Lines, each ended by a line break; empty if there are no mistakes.
    public func text(of diagnostics: [Diagnostic]) -> String {
        guard !diagnostics.isEmpty else { return "" }
        let blocks = diagnostics.sorted().map { block(of: $0).joined(separator: "\n") + "\n" }
        return (blocks + [count(of: diagnostics) + "\n"]).joined(separator: "\n")
    }

    private func block(of diagnostic: Diagnostic) -> [String] {
        let title = colour.paint("error[\(SafeText.terminal(diagnostic.rule))]", .bad)
        let first = "\(title): \(SafeText.terminal(diagnostic.message))"
        let help = "help: \(SafeText.terminal(diagnostic.help))"
        guard let location = diagnostic.location else { return [first, "  = \(help)"] }
        let number = String(location.line)
        let gutter = String(repeating: " ", count: number.count + 1)
        let file = SafeText.terminal(location.file)
        var lines = [first, "\(gutter)--> \(file):\(location.line):\(location.column)"]
        if let sourceLine = diagnostic.sourceLine {
            let room = width.map { $0 - gutter.count - 4 }
            let excerpt = SourceExcerpt(
                sourceLine,
                column: location.column,
                width: diagnostic.width,
                room: room
            )
            let source = excerpt.line.isEmpty ? "" : " \(excerpt.line)"
            lines += [
                "\(gutter) |", " \(number) |\(source)",
                "\(gutter) | \(excerpt.indent)\(colour.paint(excerpt.carets, .bad))",
            ]
        }
        return lines + ["\(gutter) = \(help)"]
    }

    private func count(of diagnostics: [Diagnostic]) -> String {
        let files = Set(diagnostics.compactMap(\.location?.file)).count
        let errors = counted(diagnostics.count, "error")
        return files > 1 ? "\(errors) in \(files) files" : errors
    }
}
