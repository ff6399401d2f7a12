public import StrongroomModel

/// Mistakes in manifests as a file: the same facts as the text, for editors and pipelines.
///
/// `schemas/diagnostics.md` says what each field means.
public struct DiagnosticsDocument: Hashable, Sendable, Codable {
    /// The format this version writes.
    public static let format = "strongroom-diagnostics/1"

    /// Always ``DiagnosticsDocument/format`` of the version that wrote it.
    public let format: String

    /// The mistakes, ordered by file and line.
    public let errors: [Mistake]

    /// One mistake.
    public struct Mistake: Hashable, Sendable, Codable {
        /// The rule's code.
        public let rule: String

        /// What is wrong.
        public let message: String

        /// The file; absent, with line and column, when no file could be opened at all.
        public let file: String?

        /// Its line, from 1.
        public let line: Int?

        /// Its column in Unicode scalars, from 1.
        public let column: Int?

        /// How many columns the mistake covers, at least 1.
        public let width: Int

        /// The line as written; absent where there is none to show.
        public let sourceLine: String?

        /// What to do next.
        public let help: String

        init(_ diagnostic: Diagnostic) {
            rule = diagnostic.rule
            message = diagnostic.message
            file = diagnostic.location?.file
            line = diagnostic.location?.line
            column = diagnostic.location?.column
            width = diagnostic.width
            sourceLine = diagnostic.sourceLine
            help = diagnostic.help
        }
    }

    /// Writes mistakes down.
    ///
    /// - Parameter diagnostics: The mistakes, in any order.
    public init(_ diagnostics: [Diagnostic]) {
        format = Self.format
        errors = diagnostics.sorted().map(Mistake.init)
    }

    /// The document as a file holds it.
    ///
    /// - Returns: UTF-8 text, ended by a line break.
    public func json() -> [UInt8] { CanonicalJSON.pretty(self) }
}
