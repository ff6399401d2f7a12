internal import CloudHSM
internal import StrongroomModel

extension Cause {
    /// The word that stands behind a reason: `edit` of a manifest, `drift` by a person beside them,
    /// or the `service` and time.
    var word: String {
        switch self {
        case .manifest: "edit"
        case .drift: "drift"
        case .service: "service"
        }
    }
}

extension Reason {
    /// The reason with the mark of its cause behind it, safe to show in a terminal.
    var markedText: String { SafeText.terminal(text) + Self.mark(cause) }

    /// The reason with the mark of its cause behind it, safe to show in Markdown.
    var markedMarkdown: String {
        SafeText.markdown(text) + (cause.map { " `\($0.word)`" } ?? "")
    }

    /// The mark behind a reason; empty where the cause cannot be told.
    ///
    /// - Parameter cause: The cause.
    /// - Returns: Such as ` [drift]`.
    static func mark(_ cause: Cause?) -> String { cause.map { " [\($0.word)]" } ?? "" }
}
