public import CloudHSM

/// The last run that wrote to a state, or the one at work: what tells a forgotten past, a run that
/// was cut short, and a heartbeat that is late.
public struct RunRecord: Hashable, Sendable {
    /// Why the state may have forgotten what was done.
    public struct Suspicion: Hashable, Sendable {
        /// Since when, by the service's clock; `nil` until a run that knows that clock says so.
        public var since: Timestamp?

        /// How it was noticed.
        public let reason: String

        /// Describes a suspicion.
        ///
        /// - Parameters:
        ///   - reason: How it was noticed.
        ///   - since: Since when, by the service's clock.
        public init(_ reason: String, since: Timestamp? = nil) {
            self.reason = reason
            self.since = since
        }
    }

    /// How often the lock was taken so far; from 1.
    public internal(set) var epoch: Int

    /// Which course of its history the state is on.
    public internal(set) var timeline: TimelineID

    /// What the run does, such as `apply`.
    public internal(set) var operation: String

    /// The machine it runs on.
    public internal(set) var host: String

    /// When it began, by the machine's clock.
    public internal(set) var began: Timestamp

    /// When it ended well, by the machine's clock; `nil` while it is at work, and for ever if it
    /// was cut short.
    public internal(set) var ended: Timestamp?

    /// Since when this state remembers what was done, by the service's clock; `nil` until the first
    /// run that writes says so.
    public var since: Timestamp?

    /// When a reconcile last came to its end, by the service's clock.
    public var tick: Timestamp?

    /// How often one is due, if that is known.
    public var every: Duration?

    /// Why the state may have forgotten what was done; `nil` if nothing speaks for that.
    public var suspicion: Suspicion?

    /// Intents whose traces were found in the world, and that are accepted as forgotten.
    public var known: Set<String> = []

    /// The next run's record.
    init(after last: RunRecord?, _ request: LockRequest, on host: String) {
        var generator = SystemRandomNumberGenerator()
        epoch = (last?.epoch ?? 0) + 1
        timeline = last?.timeline ?? TimelineID(using: &generator)
        operation = request.operation
        self.host = host
        began = request.since
        since = last?.since
        tick = last?.tick
        every = last?.every
        suspicion = last?.suspicion
        known = last?.known ?? []
    }

    /// Notes if what was kept elsewhere knows of a later run than the state does.
    mutating func compare(with anchor: StateAnchor?, lastEpoch: Int) {
        guard let anchor, anchor.epoch > lastEpoch else { return }
        suspect(
            "the state was put back from an older copy: its last run is number \(lastEpoch), "
                + "but its anchor knows number \(anchor.epoch)"
        )
        epoch = max(epoch, anchor.epoch + 1)
    }

    /// Notes if the journal knows of a later run than the rest of the state does.
    mutating func compare(withJournalOf newest: Int, lastEpoch: Int) {
        guard newest > lastEpoch else { return }
        suspect(
            "a part of the state was put back from an older copy: its last run is number "
                + "\(lastEpoch), but its journal knows number \(newest)"
        )
        epoch = max(epoch, newest + 1)
    }

    /// Notes that the state may have forgotten something, and leaves the course it was on: plans
    /// saved before are void.
    ///
    /// - Parameter reason: How it was noticed; the first one stands.
    public mutating func suspect(_ reason: String) {
        guard suspicion == nil else { return }
        var generator = SystemRandomNumberGenerator()
        suspicion = Suspicion(reason)
        timeline = TimelineID(using: &generator)
    }
}

extension RunRecord {
    /// A record as its file holds it.
    init(
        epoch: Int,
        timeline: TimelineID,
        operation: String,
        host: String,
        began: Timestamp
    ) {
        self.epoch = epoch
        self.timeline = timeline
        self.operation = operation
        self.host = host
        self.began = began
    }
}
