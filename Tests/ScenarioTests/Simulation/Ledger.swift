import CloudHSM
import StrongroomModel
import Synchronization

/// Where HSMs stand, as far as known at the moment of asking.
final class Places: Sendable {
    private let places = Mutex<Set<String>>([])

    func insert(_ place: String) { places.withLock { _ = $0.insert(place) } }

    func contains(_ place: String) -> Bool { places.withLock { $0.contains(place) } }
}

/// What truly happened, and every ``Invariant`` held against it.
struct Ledger {
    private(set) var breaches: [Breach] = []

    /// How often each operation took effect.
    private(set) var effects: [String: Int] = [:]

    /// Where the HSMs stand that people added: they count as asked for.
    let hsmsOfOthers = Places()

    /// The copies that people made.
    var copiesOfOthers: Set<BackupID> = []

    /// What each run promised, from its own manifests and what it saw.
    private(set) var watches: [Int: Watch] = [:]
    private var sent: [String: Int] = [:]
    private var answered: Set<String> = []
    private var done: [String: HSMID?] = [:]
    private var decidedNotDone: Set<String> = []
    private var lost: [(at: Timestamp, backup: BackupID)] = []
    private var lostByUs: Set<BackupID> = []
    private var removedByUs: Set<HSMID> = []

    /// The HSMs that our calls made for a backup only, by place.
    private(set) var temporary: [GroupID: Set<String>] = [:]

    mutating func add(_ invariant: Invariant, _ text: String) {
        breaches.append(Breach(invariant, text))
    }

    /// Something left a run.
    mutating func leaves(_ call: SignedCall, under intent: Intent?, _ entries: [JournalEntry]) {
        let operation = call.call.operation
        guard
            let intent, intent.operation == operation,
            let entry = entries.last(where: { $0.intent.id == intent.id })
        else { return add(.noCallWithoutIntent, "\(operation) was sent without an intent") }
        if let outcome = entry.outcome {
            add(.noCallWithoutIntent, "\(operation) was sent after its end: \(outcome.result)")
        }
        sent[intent.id, default: 0] += 1
        let count = sent[intent.id] ?? 0
        if count > 1, call.call.repetition == .never {
            add(.noIntentTwice, "\(operation) was sent \(count) times for one intent")
        }
    }

    /// The answer came to who asked.
    mutating func answers(_ intent: Intent) { answered.insert(intent.id) }

    /// A run begins to record how a call ended.
    mutating func records(_ outcome: Outcome, of intent: Intent) {
        switch outcome.result {
        case .accepted, .refused:
            if !answered.contains(intent.id), sent[intent.id] ?? 0 <= 1 || outcome.result.isDone {
                let text = "\(intent.operation) is recorded as \(outcome.result) without an answer"
                if !wasThrottled(outcome) { add(.outcomesTellAnswers, text) }
            }
        case .notSent, .foundNotDone: decidedNotDone.insert(intent.id)
        case .foundDone, .decidedDone, .decidedNotDone: break
        }
    }

    private func wasThrottled(_ outcome: Outcome) -> Bool {
        outcome.message?.contains(ServiceException.Kind.throttling.rawValue) ?? false
    }
}

extension Ledger {
    /// A call of ours takes effect.
    mutating func takesEffect(
        _ flight: Storm.Flight,
        from before: ProtectionGroup?,
        to after: ProtectionGroup?,
        under watch: Watch,
        among all: [ProtectionGroup],
        at now: Timestamp
    ) {
        guard let after else { return }
        let call = flight.call.call
        effects[call.operation, default: 0] += 1
        if decidedNotDone.contains(flight.intent.id), call.repetition == .never {
            let text = "\(call.operation) took effect after it was decided that it had not"
            add(.notDoneIsNeverDone, text)
        }
        noteMade(flight, from: before, to: after)
        let gone = (before?.backups ?? []).filter { backup in
            // What others restored after the sender's last look was not known to be there.
            let wasKnown = flight.seen.map { $0.backup(backup.id)?.isReady == true } ?? true
            return backup.isReady && after.backup(backup.id)?.isReady != true && wasKnown
        }
        keepPromises(flight, from: before, to: after, watch, at: now)
        losses(gone, flight, watch.safety)
        switch call {
        case .copyBackup(let request): copied(request, from: before)
        case .createCluster: named(after, among: all)
        case .deleteHSM(let request):
            if let hsm = request.hsm, !removedByUs.insert(hsm).inserted {
                add(.nothingDeletedTwice, "\(hsm) was removed twice")
            }
        case .restoreBackup(let request): lostByUs.remove(request.backup)
        case .deleteBackup(let request):
            if !lostByUs.insert(request.backup).inserted {
                add(.nothingDeletedTwice, "\(request.backup) was deleted twice")
            }
        case .initializeCluster, .modifyCluster, .deleteCluster, .createHSM, .describeClusters,
            .describeBackups, .modifyBackupAttributes, .tagResource, .untagResource, .listTags,
            .putResourcePolicy, .getResourcePolicy, .deleteResourcePolicy:
            break
        }
        for backup in gone { lostByUs.insert(backup.id) }
    }

    /// Someone restored a backup: it begins another life.
    mutating func restored(_ backup: BackupID) { lostByUs.remove(backup) }

    private mutating func noteMade(
        _ flight: Storm.Flight,
        from before: ProtectionGroup?,
        to after: ProtectionGroup
    ) {
        guard case .createHSM = flight.call.call else { return }
        let old = Set((before?.cluster?.hsms ?? []).map(\.id))
        guard let hsm = after.cluster?.hsms.first(where: { !old.contains($0.id) }) else { return }
        if ["freshness", "purge"].contains(flight.intent.rule) {
            temporary[after.id, default: []].insert(hsm.place)
        }
    }

    private mutating func keepPromises(
        _ flight: Storm.Flight,
        from before: ProtectionGroup?,
        to after: ProtectionGroup,
        _ watch: Watch,
        at now: Timestamp
    ) {
        var watch = watch
        let isSpare: Bool
        if case .deleteHSM(let request) = flight.call.call {
            let hsm = before?.cluster?.hsms.first { $0.id == request.hsm }
            isSpare =
                flight.intent.rule == "rebalance"
                || hsm.map { temporary[after.id]?.contains($0.place) ?? false } ?? false
                // Added in the zone of a call in doubt, it is taken for ours: an HSM has no tags.
                || hsm.map { hsmsOfOthers.contains($0.place) } ?? false
        } else {
            isSpare = false
        }
        breaches += watch.call(
            flight.call.call.operation,
            sparing: isSpare ? 1 : 0,
            in: after.id,
            from: before.map { [$0.id: $0] } ?? [:],
            to: [after.id: after],
            forgiving: before.map { forgiven(flight.seen, $0) } ?? .nothing,
            at: now
        )
        watches[flight.process] = watch
    }

    /// What others took since the sender's last look.
    private func forgiven(_ seen: ProtectionGroup?, _ before: ProtectionGroup) -> Watch.Forgiven {
        guard let seen else { return .nothing }
        var forgiven = Watch.Forgiven()
        for backup in seen.backups where backup.isReady && !lostByUs.contains(backup.id) {
            guard before.backup(backup.id)?.isReady != true else { continue }
            forgiven.backups[backup.region, default: 0] += 1
        }
        for backup in before.backups where backup.isReady {
            if seen.backup(backup.id)?.isReady != true { forgiven.unknown.insert(backup.id) }
        }
        let healthy = Set((before.cluster?.healthyHSMs ?? []).map(\.id))
        forgiven.hsms = (seen.cluster?.healthyHSMs ?? []).count {
            !healthy.contains($0.id) && !removedByUs.contains($0.id)
        }
        return forgiven
    }

    private mutating func losses(
        _ gone: [Backup],
        _ flight: Storm.Flight,
        _ safety: Safety
    ) {
        guard !gone.isEmpty else { return }
        if !flight.sawEverything {
            let text = "\(flight.call.call.operation) took \(gone[0].id) after an incomplete look"
            add(.nothingLostUnseen, text)
        }
        // Counted from when it was intended, for that is what a later run can read.
        for backup in gone { lost.append((flight.intent.writtenAt, backup.id)) }
        let since = flight.intent.writtenAt - .hours(24)
        let ofDay = lost.count { $0.at > since && $0.at <= flight.intent.writtenAt }
        let most = safety.deletionsPerDay
        if ofDay > most { add(.budgetOfADay, "\(ofDay) deletions in a day, \(most) are allowed") }
    }

    private mutating func copied(_ request: CopyBackup, from before: ProtectionGroup?) {
        let twins = (before?.backups ?? []).filter { copy in
            copy.copiedFrom == request.backup && copy.region == request.destination
                && (copy.isReady || copy.state == .createInProgress)
                && !copiesOfOthers.contains(copy.id)
        }
        guard let twin = twins.first else { return }
        let text = "\(request.backup) is copied to \(request.destination) again, beside \(twin.id)"
        add(.nothingMadeTwice, text)
    }

    private mutating func named(_ made: ProtectionGroup, among all: [ProtectionGroup]) {
        let twins = all.filter {
            $0.id != made.id && $0.livingCluster != nil && $0.ownedName == made.ownedName
        }
        guard let twin = twins.first else { return }
        let name = made.ownedName ?? "no name"
        add(.nothingMadeTwice, "\(made.id.cluster) has the name \(name) beside \(twin.id.cluster)")
    }
}
