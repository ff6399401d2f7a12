import CloudHSM
import StrongroomModel
import StrongroomReport
import StrongroomState

/// A fleet as the state directory holds it, for plans without credentials.
///
/// A place that was never observed, or not wholly, counts as unread, so nothing is deleted, and
/// nothing created, because of what is missing.
struct RecordedService {
    let state: StateDirectory

    /// Every account and Region that the fleet's manifests mean.
    let places: [Place]

    /// The present, by this machine's clock or as the command was told.
    let moment: Timestamp

    /// The oldest reading of any place that was read; `nil` if none was.
    var oldestReading: Timestamp? {
        let read = Dictionary(
            uniqueKeysWithValues: state.observations.map { ($0.place, $0.observedAt) }
        )
        return places.compactMap { read[$0] }.min()
    }
}

extension House {
    /// When what is planned from was observed, where it is a recollection; `nil` where the service is
    /// asked.
    var observedAt: Timestamp? { (service as? RecordedService)?.oldestReading }

    /// Says that nothing was observed yet, where that is so.
    func sayNothingObserved(on terminal: Terminal) {
        guard let recorded = service as? RecordedService else { return }
        guard recorded.oldestReading == nil else { return }
        terminal.say("nothing was observed yet: run strongroom observe")
    }

    /// Says how old what is shown is, where it is a recollection.
    func sayAge(on terminal: Terminal) {
        guard let recorded = service as? RecordedService else { return }
        guard let oldest = recorded.oldestReading else {
            terminal.say("nothing was observed yet: run strongroom observe")
            return
        }
        let age =
            oldest <= recorded.moment
            ? "\(Ages.words(recorded.moment - oldest)) ago" : "ahead of this machine's clock"
        terminal.say("planned from what was observed at \(oldest), \(age)")
    }
}

extension RecordedService: WorkingService {
    var present: Timestamp { moment }

    func now() -> Timestamp { moment }

    func skew() -> Duration { .zero }

    var endpoint: String? { nil }

    func viewForPlanning() -> any FleetView { self }

    func flush() {}

    func inventory() -> Inventory {
        let gaps = Dictionary(uniqueKeysWithValues: state.observations.map { ($0.place, $0.gap) })
        var unread: [Place: UnreadReason] = [:]
        for place in places {
            guard let known = gaps[place] else {
                unread[place] = UnreadReason("it was never observed", next: "strongroom observe")
                continue
            }
            if let gap = known {
                unread[place] = UnreadReason(gap, next: "strongroom observe, which reads it anew")
            }
        }
        return Inventory(groups: state.groupIDs(), unreadPlaces: unread)
    }

    func observe(_ id: GroupID) throws -> ProtectionGroup { try state.record(of: id).group }

    func sign(_ call: Call, at place: Place, in group: GroupID?) throws -> SignedCall {
        throw NothingIsSent()
    }

    func send(_ call: SignedCall) throws -> Answer { throw NothingIsSent() }

    func wait(_ span: Duration) throws { throw NothingIsSent() }

    /// What was observed once cannot be acted on.
    struct NothingIsSent: Error, CustomStringConvertible {
        var description: String {
            "an observation is planned from, and nothing is sent: leave out --offline"
        }
    }
}
