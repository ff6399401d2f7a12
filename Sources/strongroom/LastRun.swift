import CloudHSM
import Logging
import StrongroomModel
import StrongroomPlanner
import StrongroomState

/// What the last run remembered, and what this one leaves to the next.
struct LastRun {
    /// What was remembered, empty before the first run; `nil` if it cannot be read.
    let seen: [GroupID: SeenGroup]?

    /// Why it cannot be read.
    let trouble: String?

    /// Reads what is remembered; a file that cannot be read costs the causes, and nothing else.
    init(_ state: StateDirectory) {
        do {
            seen = try state.seen() ?? [:]
            trouble = nil
        } catch {
            seen = nil
            trouble = "\(error)"
        }
    }

    /// Says what is wrong with the memory, if anything is.
    func say(on terminal: Terminal) {
        guard let trouble else { return }
        terminal.say("error: \(trouble)")
        terminal.say("       plans go on without causes. Next: strongroom state repair")
    }
}

extension House {
    /// Keeps what a run saw and wanted for the next, unless the memory cannot be read.
    ///
    /// - Parameters:
    ///   - planned: The run's plan.
    ///   - report: Where its steps stand; `nil` if there were none.
    /// - Throws: ``Trouble`` if it could not be made durable.
    func remember(_ planned: PlanPipeline.Result, _ report: RunReport?) async throws {
        guard let old = lastRun.seen else { return try finish() }
        try await Trouble.explaining {
            let new = old.after(
                planned.whole ?? planned.plan,
                found: try await found(planned, report),
                report: report,
                keeping: { selector != nil || !planned.isReadWhole($0) }
            )
            guard !new.isSame(as: old, at: service.present) else { return }
            try state.save(new)
            log.debug("remembered what was seen", metadata: ["clusters": "\(new.count)"])
        }
        try finish()
    }

    /// What the groups show now: those with steps are looked at again.
    private func found(
        _ planned: PlanPipeline.Result,
        _ report: RunReport?
    ) async throws -> [GroupID: SeenGroup] {
        // What was not read whole shows less than there is: what was known of it before is kept.
        var found = planned.found.filter { planned.isReadWhole($0.key) }
        // Somebody waits for a run that is being stopped: what the plan saw is kept as it is.
        guard !Task.isCancelled else { return found }
        for id in Set((report?.steps ?? []).compactMap(\.subject.group)) {
            // One that cannot be read now was read before the run.
            guard let group = try? await service.observe(id) else { continue }
            guard var late = planned.planner.seen(group), let early = found[id] else { continue }
            // What this run deleted is in the journal, which the planner does not know of yet.
            late.deletedByPeople = early.deletedByPeople
            found[id] = late
        }
        return found
    }
}
