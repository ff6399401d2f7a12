import CloudHSM
import StrongroomModel
import StrongroomReport
import StrongroomState

/// Whether ticks still come: one that stays out is said by whoever looks next.
struct Heartbeat {
    /// When the last tick came to its end.
    let tick: Timestamp

    /// How often one is due.
    let every: Duration

    /// The heartbeat of a state; `nil` where no pace is known.
    init?(of run: RunRecord?) {
        guard let tick = run?.tick, let every = run?.every else { return nil }
        self.tick = tick
        self.every = every
    }

    /// What to say if two ticks and five minutes stayed out; `nil` if they did not.
    ///
    /// - Parameter now: The service's clock.
    /// - Returns: The warning.
    func warning(at now: Timestamp) -> String? {
        guard now > tick + every * 2 + .minutes(5) else { return nil }
        return
            "the last reconcile was at \(tick), \(Ages.words(now - tick)) ago, and one is due every "
            + "\(Ages.words(every)): look at its timer, or run strongroom reconcile"
    }
}

extension House {
    /// Says if ticks stay out.
    func sayIfLate(on terminal: Terminal) {
        guard let warning = Heartbeat(of: state.run)?.warning(at: service.present) else { return }
        terminal.say("warning: \(warning)")
    }

    /// Keeps that a tick came to its end, durably.
    ///
    /// - Parameter every: How often one is due; `nil` takes the time since the one before.
    /// - Throws: When it could not be made durable.
    func beat(every: Duration?) throws {
        guard var run = state.run else { return }
        let now = service.present
        let gap = run.tick.map { now - $0 }
        // Two ticks by hand, one right after the other, are no pace.
        if let pace = every ?? gap, pace >= .minutes(1) { run.every = pace }
        run.tick = now
        try state.save(run)
    }
}
