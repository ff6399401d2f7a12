import CloudHSM
import StrongroomModel

/// Waits for what an earlier run began and was cut off from, so that the plan then made is whole:
/// who runs `apply` again after a crash wants it carried out, not explained.
struct EarlierCalls {
    let run: Run

    /// How long to wait at most.
    let patience: Duration

    /// The plan once nothing of earlier runs is in its way.
    struct Settled {
        let planned: PlanPipeline.Result

        /// The exit code if somebody stopped the run meanwhile.
        let stop: ExitStatus?
    }

    private var house: House { run.house }

    /// Plans, and plans again while the answer lies in waiting only.
    ///
    /// - Parameter plan: Makes the plan for the present.
    /// - Returns: The plan, and the exit code if somebody stopped the run meanwhile.
    /// - Throws: What planning throws, and ``Trouble``.
    func settled(
        _ plan: () async throws -> PlanPipeline.Result
    ) async throws -> Settled {
        var planned = try await plan()
        let end = min(house.service.present + patience, try lastDecision())
        if let first = planned.plan.earlierCalls.first, house.service.present < end {
            run.terminal.say("waiting, until \(end) at most: \(first.reason.text)")
        }
        while !planned.plan.earlierCalls.isEmpty, house.service.present < end {
            if let stop = try await house.pause() {
                return Settled(planned: planned, stop: stop)
            }
            try await run.resolveOpenIntents()
            planned = try await plan()
        }
        return Settled(planned: planned, stop: nil)
    }

    /// When waiting brings nothing any more: what is open then is for a person to decide.
    private func lastDecision() throws -> Timestamp {
        let now = house.service.present
        let moments = try house.recentEntries(at: now).compactMap { entry -> Timestamp? in
            guard let outcome = entry.outcome else {
                return entry.intent.writtenAt + ReadDelay.untilDecided
            }
            return outcome.result.isDone ? outcome.at + ReadDelay.allowance : nil
        }
        return moments.max() ?? now
    }
}

extension House {
    /// Waits as long as is between two looks at the service.
    ///
    /// - Returns: The exit code if a signal came meanwhile.
    /// - Throws: ``Trouble`` if the simulated clock cannot be kept.
    func pause() async throws -> ExitStatus? {
        let signals = StopSignals()
        do {
            try await signals.stopping(onStop: {}) { [service] in
                try await service.wait(.seconds(30))
            }
        } catch is CancellationError {
            return signals.exitStatus ?? .interrupted
        } catch {
            throw Trouble(error)
        }
        return nil
    }
}

extension Plan {
    /// The lines that wait for the outcome, or the first sight, of a call made earlier.
    fileprivate var earlierCalls: [Note] {
        groups.flatMap { group in
            group.notes.filter { $0.kind == .waiting && $0.reason.rule == "journal" }
        }
    }
}
