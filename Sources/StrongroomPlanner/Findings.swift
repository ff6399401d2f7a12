internal import CloudHSM
internal import StrongroomModel

/// What rules found: each returns its own part, and the caller joins them.
struct Findings {
    /// Steps with provisional numbers, and the phase each belongs to.
    var steps: [DraftStep] = []

    /// Lines that wait or are held.
    var notes: [Note] = []

    /// Aspects that are as they should be; the words are made only if someone lists them.
    var satisfied: [Satisfied] = []

    /// The backups of other groups that this one's plan relies on.
    var reliesOn: [BackupID] = []

    /// A copy of another group's backup that has to be made first.
    var neededCopy: NeededCopy?

    /// Whether nothing else may be planned for the group.
    var isFinal = false

    static func + (left: Findings, right: Findings) -> Findings {
        var sum = left
        sum += right
        return sum
    }

    static func += (left: inout Findings, right: Findings) {
        left.steps += right.steps
        left.notes += right.notes
        left.satisfied += right.satisfied
        left.reliesOn += right.reliesOn
        left.neededCopy = left.neededCopy ?? right.neededCopy
        left.isFinal = left.isFinal || right.isFinal
    }

    static let nothing = Findings()

    static func step(_ step: DraftStep) -> Findings { Findings(steps: [step]) }

    static func waiting(
        _ subject: String,
        _ reason: Reason,
        turn: Note.Turn = .service
    ) -> Findings {
        Findings(notes: [Note(.waiting, subject, reason, turn: turn)])
    }

    static func unread(_ subject: String, _ reason: Reason) -> Findings {
        Findings(notes: [Note(.unread, subject, reason)])
    }

    static func held(_ subject: String, _ reason: Reason) -> Findings {
        Findings(notes: [Note(.held, subject, reason)])
    }

    static func satisfied(
        _ subject: String,
        _ rule: String,
        at location: SourceLocation?,
        _ text: @escaping @Sendable () -> String
    ) -> Findings {
        Findings(
            satisfied: [Satisfied(subject: subject, rule: rule, location: location, text: text)]
        )
    }
}

/// An aspect that is as it should be.
struct Satisfied {
    let subject: String
    let rule: String
    let location: SourceLocation?
    let text: @Sendable () -> String

    var note: Note { Note(.unchanged, subject, Reason(rule: rule, text(), at: location)) }
}

/// A step before the order of the whole plan is known.
struct DraftStep {
    /// A number unique within the group, by which other drafts refer to it.
    let id: StepID
    let phase: Phase
    let action: Action
    var reason: Reason
    let preconditions: [Fact]
    let postcondition: Fact
    var after: [StepID] = []
}
