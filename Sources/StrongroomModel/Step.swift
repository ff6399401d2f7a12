internal import CloudHSM

/// A step's number within its group's plan, counted from 1.
public struct StepID: Hashable, Sendable, Comparable, Codable, CustomStringConvertible {
    /// The number.
    public let number: Int

    /// Numbers a step.
    ///
    /// - Parameter number: From 1.
    public init(_ number: Int) {
        self.number = number
    }

    /// Orders by number.
    public static func < (left: StepID, right: StepID) -> Bool { left.number < right.number }

    /// Reads a number.
    ///
    /// - Parameter decoder: Where it comes from.
    /// - Throws: What the decoder throws.
    public init(from decoder: any Decoder) throws {
        number = try decoder.singleValueContainer().decode(Int.self)
    }

    /// Writes the number.
    ///
    /// - Parameter encoder: Where it goes.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(number)
    }

    /// The number.
    public var description: String { String(number) }
}

/// Why a line stands in a plan: the rule, its numbers, and the manifest line behind it.
public struct Reason: Hashable, Sendable {
    /// The rule's code: lower-case words joined by hyphens, such as `hsm-count`.
    public let rule: String

    /// The reason in words, numbers included.
    public let text: String

    /// The manifest line that asks for it; absent where none does.
    public let location: SourceLocation?

    /// Who brought it about that the line stands there; `nil` where that cannot be told.
    public var cause: Cause?

    /// What of the manifest it is about, such as `copy eu-west-1`: what is compared from run to
    /// run; `nil` where it is about the cluster as a whole.
    public var aspect: String?

    /// States a reason.
    ///
    /// - Parameters:
    ///   - rule: The rule's code.
    ///   - text: The reason in words.
    ///   - location: The manifest line that asks for it.
    ///   - cause: Who brought it about.
    ///   - aspect: What of the manifest it is about.
    public init(
        rule: String,
        _ text: String,
        at location: SourceLocation?,
        cause: Cause? = nil,
        aspect: String? = nil
    ) {
        self.rule = rule
        self.text = text
        self.location = location
        self.cause = cause
        self.aspect = aspect
    }
}

/// Who brought about what a line of a plan is about.
public enum Cause: String, Hashable, Sendable, Codable, CaseIterable {
    /// A manifest was edited.
    case manifest
    /// A person changed the world beside the manifests.
    case drift
    /// The service did it by itself, or time passed.
    case service
}

/// One step of a plan, as data: done when its postcondition is observed.
public struct Step: Hashable, Sendable {
    /// Its number within the group's plan.
    public let id: StepID

    /// The change.
    public let action: Action

    /// Why.
    public let reason: Reason

    /// What must be seen just before the call.
    public let preconditions: [Fact]

    /// What is seen when it is done.
    public let postcondition: Fact

    /// The steps that must be done first.
    public let after: [StepID]

    /// Describes a step.
    ///
    /// - Parameters:
    ///   - id: Its number.
    ///   - action: The change.
    ///   - reason: Why.
    ///   - preconditions: What must be seen just before the call.
    ///   - postcondition: What is seen when it is done.
    ///   - after: The steps that must be done first.
    public init(
        id: StepID,
        action: Action,
        reason: Reason,
        preconditions: [Fact],
        postcondition: Fact,
        after: [StepID]
    ) {
        self.id = id
        self.action = action
        self.reason = reason
        self.preconditions = preconditions
        self.postcondition = postcondition
        self.after = after
    }
}

extension Step {
    /// The same step with its reason completed.
    ///
    /// - Parameter reason: The reason.
    /// - Returns: The step.
    public func because(_ reason: Reason) -> Step {
        Step(
            id: id,
            action: action,
            reason: reason,
            preconditions: preconditions,
            postcondition: postcondition,
            after: after
        )
    }
}

/// A line of a plan that is no step.
public struct Note: Hashable, Sendable {
    /// What kind of line.
    public enum Kind: String, Hashable, Sendable, Codable {
        /// In progress at the service or with a person.
        case waiting
        /// Wanted, but not allowed now.
        case held
        /// Wanted, and it rests on what could not be read.
        case unread
        /// As it should be.
        case unchanged
        /// Changed since the last run, and nothing to be done about it.
        case noticed
    }

    /// What kind of line.
    public let kind: Kind

    /// What it is about, such as `HSMs` or `copies in eu-west-1`.
    public let subject: String

    /// Why.
    public let reason: Reason

    /// What a person may write in the manifests to have it done, ready to be pasted.
    public let suggestion: String?

    /// Whose turn it is, where the line waits.
    public enum Turn: String, Hashable, Sendable {
        /// The service is at work, or will be by itself.
        case service
        /// A person has to do something.
        case person
        /// A later run does it, once what comes first is done.
        case run
    }

    /// Whose turn it is; `nil` where the line does not wait.
    public let turn: Turn?

    /// Describes a line.
    ///
    /// - Parameters:
    ///   - kind: What kind of line.
    ///   - subject: What it is about.
    ///   - reason: Why.
    ///   - suggestion: What a person may write in the manifests to have it done.
    ///   - turn: Whose turn it is, where the line waits.
    public init(
        _ kind: Kind,
        _ subject: String,
        _ reason: Reason,
        suggestion: String? = nil,
        turn: Turn = .service
    ) {
        self.kind = kind
        self.subject = subject
        self.reason = reason
        self.suggestion = suggestion
        self.turn = kind == .waiting ? turn : nil
    }

    /// The same line with its reason completed.
    ///
    /// - Parameter reason: The reason.
    /// - Returns: The line.
    public func because(_ reason: Reason) -> Note {
        Note(kind, subject, reason, suggestion: suggestion, turn: turn ?? .service)
    }

    /// Whether it stands for a call made earlier, whose outcome or first sight is awaited.
    package var isEarlierCall: Bool { isOpen && reason.rule == "journal" }

    /// Whether something is still to come about: it waits, is held, or could not be read.
    public var isOpen: Bool {
        switch kind {
        case .waiting, .held, .unread: true
        case .unchanged, .noticed: false
        }
    }
}
