internal import StrongroomModel

/// Whether a rendering is coloured; the command line decides.
public enum Colour: Hashable, Sendable, CaseIterable {
    /// Plain text.
    case never
    /// With the escape sequences of a terminal.
    case always
}

/// What a piece of text is shown for; colour never says what words do not.
enum Ink: CaseIterable {
    case heading, faint, add, change, copy, delete, waiting, held, good, bad
}

extension Ink {
    /// The ink of a kind of change.
    ///
    /// - Parameter kind: The kind.
    init(_ kind: ChangeKind) {
        self =
            switch kind {
            case .add: .add
            case .change: .change
            case .copy: .copy
            case .delete: .delete
            }
    }

    /// The ink of a line that is no step.
    ///
    /// - Parameter kind: The line's kind.
    init(_ kind: Note.Kind) {
        self =
            switch kind {
            case .waiting: .waiting
            case .held: .held
            case .unread: .bad
            case .unchanged, .noticed: .faint
            }
    }

    /// The escape sequence that sets it.
    fileprivate var sequence: String { "\u{1B}[\(parameters)m" }

    /// The escape sequence that ends every ink.
    fileprivate static let end = "\u{1B}[0m"

    /// The parameters of the escape sequence that sets it: 16 colours, readable on light and dark.
    fileprivate var parameters: String {
        switch self {
        case .heading: "1"
        case .faint: "2"
        case .add, .good: "32"
        case .change: "33"
        case .copy: "36"
        case .delete, .bad: "31"
        case .waiting: "34"
        case .held: "1;33"
        }
    }
}

extension Colour {
    /// The escape sequences that a rendering may hold; none without colour.
    public var sequences: Set<String> {
        switch self {
        case .never: []
        case .always: Set(Ink.allCases.map(\.sequence) + [Ink.end])
        }
    }

    /// A text in an ink.
    ///
    /// - Parameters:
    ///   - text: The text, already safe to show.
    ///   - ink: The ink.
    /// - Returns: The text, between escape sequences if there is colour.
    func paint(_ text: String, _ ink: Ink) -> String {
        switch self {
        case .never: text
        case .always: text.isEmpty ? text : ink.sequence + text + Ink.end
        }
    }
}
