public import CloudHSM

/// The boundary to the durable record of what was begun and how it ended.
public protocol Journal: Sendable {
    /// Records an intent; when it returns, the record survives a power cut.
    ///
    /// - Parameter intent: What is about to be asked for.
    /// - Throws: When it could not be made durable: the call must then not be sent.
    func begin(_ intent: Intent) async throws

    /// Records how an intent ended; when it returns, the record survives a power cut.
    ///
    /// - Parameters:
    ///   - intent: What was asked for.
    ///   - outcome: How it ended.
    /// - Throws: When it could not be made durable.
    func end(_ intent: Intent, _ outcome: Outcome) async throws

    /// Records that something a person agreed to was used; durable when it returns.
    ///
    /// - Parameter use: What was used.
    /// - Throws: When it could not be made durable: nothing may then be done under it.
    func record(_ use: ApprovalUse) async throws
}

/// What is about to be asked of the service.
public struct Intent: Hashable, Sendable, Codable {
    /// 128 random bits in hexadecimal.
    public let id: String

    /// The manifest's name for the cluster, if it has one.
    public let name: String?

    /// The group; absent where a cluster is to be made.
    public let group: GroupID?

    /// The account and Region the call goes to.
    public let place: Place

    /// The operation's name in the API.
    public let operation: String

    /// The resource the call names; the zone where an HSM is to be added.
    public let target: String

    /// Where a copy goes; absent for every other call.
    public let destination: Region?

    /// The recovery point that a tag records, or gives up; absent for every other call.
    public let recoveryPoint: String?

    /// The step's number within its group's plan.
    public let step: StepID

    /// The rule that asked for it.
    public let rule: String

    /// When it was written, by the service's clock.
    public let writtenAt: Timestamp

    /// The backups that go because of it.
    public let losing: [BackupID]

    /// The HSMs listed just before, by interface or else by id: what an HSM of ours is not.
    public let hsmsBefore: [String]

    /// Which taking of the state's lock the run had; `nil` in a journal of an older format.
    public let epoch: Int?

    /// The digest of the saved plan it was carried out under, if there was one.
    public let approval: String?

    /// What was seen to hold just before, in words; `nil` in a journal of an older format.
    public let preconditions: [String]?

    /// Describes what is about to be asked.
    ///
    /// - Parameters:
    ///   - id: 128 random bits in hexadecimal.
    ///   - name: The manifest's name for the cluster.
    ///   - group: The group, if it exists.
    ///   - place: The account and Region the call goes to.
    ///   - operation: The operation's name in the API.
    ///   - target: The resource the call names; the zone where an HSM is to be added.
    ///   - destination: Where a copy goes.
    ///   - recoveryPoint: The recovery point that a tag records, or gives up.
    ///   - step: The step's number.
    ///   - rule: The rule that asked for it.
    ///   - writtenAt: When, by the service's clock.
    ///   - losing: The backups that go because of it.
    ///   - hsmsBefore: The HSMs listed just before, by interface or else by id.
    ///   - epoch: Which taking of the state's lock the run had.
    ///   - approval: The digest of the saved plan it was carried out under.
    ///   - preconditions: What was seen to hold just before, in words.
    public init(
        id: String,
        name: String?,
        group: GroupID?,
        place: Place,
        operation: String,
        target: String,
        destination: Region? = nil,
        recoveryPoint: String? = nil,
        step: StepID,
        rule: String,
        writtenAt: Timestamp,
        losing: [BackupID] = [],
        hsmsBefore: [String] = [],
        epoch: Int? = nil,
        approval: String? = nil,
        preconditions: [String]? = nil
    ) {
        self.id = id
        self.name = name
        self.group = group
        self.place = place
        self.operation = operation
        self.target = target
        self.destination = destination
        self.recoveryPoint = recoveryPoint
        self.step = step
        self.rule = rule
        self.writtenAt = writtenAt
        self.losing = losing
        self.hsmsBefore = hsmsBefore
        self.epoch = epoch
        self.approval = approval
        self.preconditions = preconditions
    }
}

/// How an intent ended.
public struct Outcome: Hashable, Sendable, Codable {
    /// The ways an intent can end; one in doubt has no outcome.
    public enum Result: String, Hashable, Sendable, Codable {
        /// The service accepted the call.
        case accepted
        /// The service refused it, so it was not done.
        case refused
        /// No answer came, and the world shows that it was done.
        case foundDone
        /// No answer came, and the world shows, after the longest delay, that it was not done.
        case foundNotDone
        /// It was never sent, because the lock or the signature's time was lost before.
        case notSent
        /// A person looked, and says that it was done.
        case decidedDone
        /// A person looked, and says that it was not done.
        case decidedNotDone

        /// Whether the call was carried out, as far as is known.
        public var isDone: Bool {
            switch self {
            case .accepted, .foundDone, .decidedDone: true
            case .refused, .foundNotDone, .notSent, .decidedNotDone: false
            }
        }
    }

    /// Which way.
    public let result: Result

    /// What was made, if the answer named it: a cluster's or an HSM's id.
    public let made: String?

    /// The service's words where it refused; a person's where one decided.
    public let message: String?

    /// When, by the service's clock.
    public let at: Timestamp

    /// Describes an end.
    ///
    /// - Parameters:
    ///   - result: Which way.
    ///   - made: What was made.
    ///   - message: The service's words where it refused.
    ///   - at: When, by the service's clock.
    public init(_ result: Result, made: String? = nil, message: String? = nil, at: Timestamp) {
        self.result = result
        self.made = made
        self.message = message
        self.at = at
    }
}

/// An intent and how it ended, if it did.
public struct JournalEntry: Hashable, Sendable {
    /// What was asked for.
    public let intent: Intent

    /// How it ended; `nil` while that is in doubt.
    public let outcome: Outcome?

    /// Joins both.
    ///
    /// - Parameters:
    ///   - intent: What was asked for.
    ///   - outcome: How it ended.
    public init(intent: Intent, outcome: Outcome?) {
        self.intent = intent
        self.outcome = outcome
    }

    /// Whether the call was carried out, as far as is known.
    public var wasDone: Bool { outcome?.result.isDone ?? false }

    /// Whether the call may have been carried out: one in doubt counts.
    public var mayHaveHappened: Bool { outcome?.result.isDone ?? true }
}
