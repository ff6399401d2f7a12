public import CloudHSM

/// Where a step of a run stands.
public enum StepStatus: Hashable, Sendable {
    /// Its turn has not come: it is behind a step, the service or a person, given in words.
    case waiting(String)
    /// Its turn had come, and it was not carried out.
    case notReached(Hindrance)
    /// The call was accepted; its postcondition is not seen yet.
    case started
    /// Its postcondition was seen.
    case done
    /// The service refused the call, or it failed.
    case refused(String)
    /// A precondition that protects data no longer holds.
    case unsafe(String)
    /// No answer came; the call may have happened.
    case inDoubt(String)
}

/// Why a step whose turn had come was not carried out.
public enum Hindrance: Hashable, Sendable {
    /// What it rests on could not be read.
    case unread(UnreadReason)
    /// The call surely was not carried out: it never left, or the service throttled it.
    case notSent(String)
    /// A precondition does not hold, and nothing is under way that would bring it about.
    case unmet(String)
    /// The run was stopped, or its time was over.
    case stopped
}

/// A step of a run and where it stands.
public struct StepReport: Hashable, Sendable {
    /// The group's plan the step belongs to.
    public let subject: PlanSubject

    /// The step.
    public let step: Step

    /// Where it stands.
    public let status: StepStatus

    /// When it came to stand there, by the service's clock.
    public let at: Timestamp

    /// Describes where a step stands.
    ///
    /// - Parameters:
    ///   - subject: The group's plan the step belongs to.
    ///   - step: The step.
    ///   - status: Where it stands.
    ///   - at: When it came to stand there.
    public init(subject: PlanSubject, step: Step, status: StepStatus, at: Timestamp) {
        self.subject = subject
        self.step = step
        self.status = status
        self.at = at
    }
}

/// How a run ended: every approved step, in plan order.
public struct RunReport: Hashable, Sendable {
    /// The steps and where they stand.
    public let steps: [StepReport]

    /// When the run ended, by the service's clock.
    public let endedAt: Timestamp

    /// Whether the run was asked to stop before it was through.
    public let wasStopped: Bool

    /// After how long the run gave up waiting although something could still move; `nil` if it did
    /// not.
    public let gaveUpAfter: Duration?

    /// Describes a run's end.
    ///
    /// - Parameters:
    ///   - steps: The steps and where they stand.
    ///   - endedAt: When the run ended.
    ///   - wasStopped: Whether it was asked to stop.
    ///   - gaveUpAfter: After how long it gave up waiting.
    public init(
        steps: [StepReport],
        endedAt: Timestamp,
        wasStopped: Bool,
        gaveUpAfter: Duration? = nil
    ) {
        self.steps = steps
        self.endedAt = endedAt
        self.wasStopped = wasStopped
        self.gaveUpAfter = gaveUpAfter
    }

    /// The same end of a run that had waited for something else before.
    ///
    /// - Parameter span: For how long.
    /// - Returns: The report, in which the run gave up after both.
    public func afterWaiting(_ span: Duration) -> RunReport {
        RunReport(
            steps: steps,
            endedAt: endedAt,
            wasStopped: wasStopped,
            gaveUpAfter: gaveUpAfter.map { $0 + span }
        )
    }
}
