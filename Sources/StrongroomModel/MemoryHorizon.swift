public import CloudHSM

/// How far our own memory reaches: what bears our mark and is younger must be in it.
public struct MemoryHorizon: Hashable, Sendable {
    /// From when on every call of ours is remembered.
    public let since: Timestamp

    /// The intents that are remembered, and those a person or a long wait accepted as forgotten.
    public let known: Set<String>

    /// Describes a memory.
    ///
    /// - Parameters:
    ///   - since: From when on every call of ours is remembered.
    ///   - known: The intents that are remembered.
    public init(since: Timestamp, known: Set<String>) {
        self.since = since
        self.known = known
    }
}

/// Something that a call of ours made, by its mark, and that our memory does not know.
public struct ForgottenCall: Hashable, Sendable, CustomStringConvertible {
    /// The intent that it bears.
    public let intent: String

    /// What was made: a cluster or a copy.
    public let made: String

    /// When it was made, by the service's clock.
    public let at: Timestamp

    /// Describes a forgotten call.
    ///
    /// - Parameters:
    ///   - intent: The intent that it bears.
    ///   - made: What was made.
    ///   - at: When it was made.
    public init(intent: String, made: String, at: Timestamp) {
        self.intent = intent
        self.made = made
        self.at = at
    }

    /// What was forgotten.
    public var description: String { "\(made), made at \(at) by intent \(intent.prefix(8))" }
}

extension ProtectionGroup {
    /// What calls of a fleet made here and a memory does not know, the oldest first.
    ///
    /// Clusters and copies bear the intent of the call that made them from their first moment on
    /// (`execution.md`, section 2.6).
    ///
    /// - Parameters:
    ///   - horizon: How far the memory reaches.
    ///   - fleet: The fleet's name.
    /// - Returns: The calls.
    public func forgotten(by horizon: MemoryHorizon, fleet: String) -> [ForgottenCall] {
        var calls: [ForgottenCall] = []
        func look(_ tags: [String: String], _ made: String, _ at: Timestamp?) {
            guard
                let intent = tags[OwnershipTag.intent], tags[OwnershipTag.fleet] == fleet,
                let at, at >= horizon.since, !horizon.known.contains(intent)
            else { return }
            calls.append(ForgottenCall(intent: intent, made: made, at: at))
        }
        if let cluster = livingCluster { look(cluster.tags, "\(cluster.id)", cluster.createdAt) }
        for backup in backups where backup.isCopy {
            look(backup.tags, "\(backup.id) in \(backup.region)", backup.origin?.copiedAt)
        }
        return calls.sorted { ($0.at, $0.made) < ($1.at, $1.made) }
    }
}
