import CloudHSM
import Logging
import StrongroomModel
import StrongroomState

/// Whether our own memory may be older than the world: a state directory that was put back from an
/// older copy has forgotten what was begun (`execution.md`, section 2.6).
extension House {
    /// How far our memory reaches.
    ///
    /// - Returns: From when on all of our calls must be known, and which are.
    /// - Throws: When the journal cannot be listed.
    func horizon() throws -> MemoryHorizon {
        let now = service.present
        let journal = try journal(at: now)
        // The journal keeps 30 days; a gap in the fleet's part hides which clusters we made.
        var since = max(state.run?.since ?? now, now - .days(29))
        if journal.gaps.contains(where: { $0.group == nil }) { since = now }
        for loss in journal.losses { since = max(since, loss.at) }
        let known = Set(journal.entries.map(\.intent.id)).union(state.run?.known ?? [])
        return MemoryHorizon(since: since, known: known)
    }

    /// Why nothing may be changed at present; `nil` if nothing speaks against our memory.
    var memoryDoubt: String? {
        guard let suspicion = state.run?.suspicion else { return nil }
        let since = suspicion.since ?? service.present
        return "\(suspicion.reason); nothing is changed until \(since + ReadDelay.untilDecided), "
            + "and then once everything was read whole"
    }

    /// Notes when our memory began, or came under suspicion, by the service's clock.
    ///
    /// - Parameter path: Where the number of this run is kept besides; `nil` for nowhere.
    /// - Throws: When it could not be made durable.
    func beginMemory(anchoredAt path: String?) throws {
        if var run = state.run {
            let before = run
            run.since = run.since ?? service.present
            if run.suspicion?.since == nil { run.suspicion?.since = service.present }
            if run != before { try state.save(run) }
        }
        if let path, let anchor = state.anchor { try anchor.write(to: path) }
    }

    /// Takes up a suspicion, or ends one whose time is over, once the groups were looked at.
    ///
    /// - Parameter result: What the groups show.
    /// - Returns: Whether a suspicion ended, so that it is worth planning again.
    /// - Throws: When it could not be made durable.
    func settleMemory(by result: PlanPipeline.Result) throws -> Bool {
        guard state.lease != nil, var run = state.run else { return false }
        let now = service.present
        guard let suspicion = run.suspicion else {
            guard let first = result.forgotten.first else { return false }
            run.suspect(
                "a part of the state was put back from an older copy: it does not know \(first)"
            )
            run.suspicion?.since = now
            try state.save(run)
            return false
        }
        let isOver = suspicion.since.map { now >= $0 + ReadDelay.untilDecided } ?? false
        guard isOver, result.unread.isEmpty, result.unreadPlaces.isEmpty else { return false }
        run.known.formUnion(result.forgotten.map(\.intent))
        run.suspicion = nil
        try state.save(run)
        log.notice("the state was put back from an older copy; what there is has been looked at")
        return true
    }
}
