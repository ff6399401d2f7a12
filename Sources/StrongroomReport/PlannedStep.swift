public import CloudHSM
public import StrongroomModel

/// One step of a plan, as a file holds it.
public struct PlannedStep: Hashable, Sendable, Codable {
    /// Its number within the group's plan.
    public let id: StepID

    /// The kind of change.
    public let kind: ChangeKind

    /// The change and its operands.
    public let action: PlannedAction

    /// The operation's name in the API.
    public let operation: String

    /// Why.
    public let reason: PlannedReason

    /// What must be seen just before the call.
    public let preconditions: [PlannedFact]

    /// What is seen when it is done.
    public let postcondition: PlannedFact

    /// The steps that must be done first.
    public let after: [StepID]

    /// The backups that go because of it.
    public let losses: [BackupID]

    /// Whether the service backs the cluster up because of it.
    public let causesBackup: Bool

    init(_ step: Step) {
        id = step.id
        kind = step.action.kind
        action = PlannedAction(step.action)
        operation = step.action.operation
        reason = PlannedReason(step.reason)
        preconditions = step.preconditions.map(PlannedFact.init)
        postcondition = PlannedFact(step.postcondition)
        after = step.after
        losses = step.action.lostBackups
        causesBackup = step.action.causesBackup
    }
}

/// Why a line stands in a plan, as a file holds it.
public struct PlannedReason: Hashable, Sendable, Codable {
    /// The rule's code.
    public let rule: String

    /// The reason in words.
    public let text: String

    /// Who brought it about; absent where that cannot be told.
    public let cause: Cause?

    /// The manifest that asks for it; absent, with line and column, where none does.
    public let file: String?

    /// Its line, from 1.
    public let line: Int?

    /// Its column, from 1.
    public let column: Int?

    init(_ reason: Reason) {
        cause = reason.cause
        rule = reason.rule
        text = reason.text
        file = reason.location?.file
        line = reason.location?.line
        column = reason.location?.column
    }
}

/// A line of a plan that is no step, as a file holds it.
public struct PlannedNote: Hashable, Sendable, Codable {
    /// What kind of line.
    public let kind: Note.Kind

    /// What it is about.
    public let subject: String

    /// Why.
    public let reason: PlannedReason

    /// Whose turn it is, `service`, `person` or `run`; absent where the line does not wait.
    public let turn: String?

    /// What a person may write in the manifests to have it done; absent where nothing helps.
    public let suggestion: String?

    init(_ note: Note) {
        suggestion = note.suggestion
        turn = note.turn?.rawValue
        kind = note.kind
        subject = note.subject
        reason = PlannedReason(note.reason)
    }
}
