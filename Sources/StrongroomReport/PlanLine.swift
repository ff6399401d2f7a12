internal import CloudHSM
internal import StrongroomModel

/// One line of a plan as text: cells that are safe to show, and what stands below them.
struct PlanLine {
    /// What the line is shown for.
    let ink: Ink

    /// The symbol and the word or words, such as `+ add HSM`.
    let verb: String

    /// To what, such as `us-east-1b`.
    let object: String

    /// Why, and who brought it about.
    let reason: String

    /// The manifest line behind it as `file:line`; empty where there is none.
    let location: String

    /// What stands in lines of its own below: losses, and what the service does by itself.
    let details: [String]

    /// Lines that stand as they are below the details, never wrapped: YAML to be pasted.
    var verbatim: [String] = []

    /// Describes a step.
    ///
    /// - Parameters:
    ///   - step: The step.
    ///   - now: The moment that ages are given for.
    init(_ step: Step, at now: Timestamp) {
        let words = ActionWords(step.action, at: now)
        ink = Ink(step.action.kind)
        verb = "\(step.action.kind.symbol) \(words.verb)"
        object = SafeText.terminal(words.object)
        reason = step.reason.markedText
        location = Self.location(of: step.reason)
        details = Self.details(of: step.action)
    }

    /// Describes a line that is no step.
    ///
    /// - Parameter note: The line.
    init(_ note: Note) {
        ink = Ink(note.kind)
        verb = "\(note.kind.symbol) \(note.kind.word)"
        object = SafeText.terminal(note.subject)
        reason = note.reason.markedText
        location = Self.location(of: note.reason)
        details = note.suggestion == nil ? [] : ["to have it, make a clone with this manifest:"]
        verbatim =
            note.suggestion.map { text in
                text.split(separator: "\n").map { SafeText.terminal(String($0)) }
            } ?? []
    }

    /// A reason's place, safe to show.
    ///
    /// - Parameter reason: The reason.
    /// - Returns: Such as `fleet/payments.yaml:14`, or an empty text.
    static func location(of reason: Reason) -> String {
        reason.location.map { SafeText.terminal($0.description) } ?? ""
    }

    private static func details(of action: Action) -> [String] {
        var details: [String] = []
        if case .setRetention(_, _, let losing) = action, !losing.isEmpty {
            let names = losing.map(\.description).joined(separator: ", ")
            details.append("loses \(counted(losing.count, "backup")): \(names)")
        }
        if action.causesBackup { details.append("causes a backup") }
        return details
    }
}
