import CloudHSM
import StrongroomModel
import StrongroomReport

/// Waits for what an earlier run began and was cut off from, so that the plan then made is whole:
/// who runs `apply` again after a crash wants it carried out, not explained.
struct EarlierCalls {
    let run: Run

    /// How long to wait at most.
    let patience: Duration

    /// How old a call may be for which somebody waits who has little patience: as old as one that
    /// `apply` waits for by itself.
    private static let longest = Duration.minutes(120)

    private var house: House { run.house }

    /// Plans, and plans again while the answer lies in waiting only.
    ///
    /// - Parameter plan: Makes the plan for the present.
    /// - Returns: The plan.
    /// - Throws: What planning throws, ``Trouble``, and `CancellationError` if the run is to stop.
    func settled(
        _ plan: () async throws -> PlanPipeline.Result
    ) async throws -> PlanPipeline.Result {
        let start = house.service.present
        var planned = try await plan()
        let end = min(start + patience, try lastDecision())
        if let first = planned.plan.earlierCalls.first, house.service.present < end {
            let text = SafeText.terminal(first.reason.text)
            run.terminal.say("waiting, until \(end) at most: \(text)")
        }
        while !planned.plan.earlierCalls.isEmpty {
            // What is decided at the end is looked for once more then.
            let isLast = house.service.present >= end
            if !isLast { try await house.pause() }
            try await run.resolveOpenIntents()
            planned = try await plan()
            guard !isLast else { break }
        }
        if !planned.plan.earlierCalls.isEmpty, end == start + patience {
            run.terminal.say("gave up waiting after \(Ages.words(patience)) (--timeout)")
            planned.isStillUnderWay = true
        }
        return planned
    }

    /// Waits for what earlier runs started and nobody has to decide: while the service is at work in
    /// a group in which one of our calls was accepted lately.
    ///
    /// - Parameters:
    ///   - planned: The plan made now.
    ///   - plan: Makes the plan for the present.
    /// - Returns: The plan, once nothing of ours moves any more; or at once if it restores a backup,
    ///   for that has a deadline.
    /// - Throws: What planning throws, ``Trouble``, and `CancellationError` if the run is to stop.
    func moved(
        _ planned: PlanPipeline.Result,
        _ plan: () async throws -> PlanPipeline.Result
    ) async throws -> PlanPipeline.Result {
        // Who waited in vain already does not wait as long once more.
        guard !planned.isStillUnderWay else { return planned }
        let start = house.service.present
        var planned = planned
        var hasSaid = false
        while !planned.plan.restores {
            guard let what = try await underWay(planned, since: start - max(patience, Self.longest))
            else { break }
            guard house.service.present - start < patience else {
                run.terminal.say(
                    "gave up waiting after \(Ages.words(patience)) (--timeout); it goes on at the "
                        + "service"
                )
                planned.isStillUnderWay = true
                break
            }
            if !hasSaid {
                run.terminal.say(
                    "waiting for what an earlier run started: \(SafeText.terminal(what))"
                )
                hasSaid = true
            }
            try await house.pause()
            try await run.resolveOpenIntents()
            planned = try await plan()
        }
        return planned
    }

    /// A line that waits for the service because of one of our calls; `nil` if there is none.
    private func underWay(
        _ planned: PlanPipeline.Result,
        since moment: Timestamp
    ) async throws -> String? {
        let ours = Set(
            try house.recentEntries(at: house.service.present)
                .filter { $0.intent.writtenAt >= moment && $0.outcome?.result.isDone ?? false }
                .compactMap(\.group)
        )
        for group in planned.plan.groups {
            guard
                let id = group.subject.group, ours.contains(id),
                let note = group.notes.first(where: { $0.turn == .service }),
                try await house.service.observe(id).isMoving
            else { continue }
            return "\(group.subject.name ?? "\(id.cluster)"), \(note.subject): \(note.reason.text)"
        }
        return nil
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
    /// - Throws: `CancellationError` if the run is to stop meanwhile; ``Trouble`` if the simulated
    ///   clock cannot be kept.
    func pause() async throws {
        try await Trouble.explaining { try await service.wait(.seconds(30)) }
    }
}

extension Plan {
    /// Whether anything is to be done.
    var hasSteps: Bool { groups.contains { !$0.steps.isEmpty } }

    /// Whether a deletion is taken back, which is possible for some days only.
    fileprivate var restores: Bool {
        groups.contains { $0.steps.contains { $0.action.restores } }
    }

    /// The lines that wait for the outcome, or the first sight, of a call made earlier.
    fileprivate var earlierCalls: [Note] {
        groups.flatMap { group in
            group.notes.filter(\.isEarlierCall)
        }
    }
}

extension JournalEntry {
    /// The group that the call was about, or that it made.
    fileprivate var group: GroupID? {
        intent.group
            ?? outcome?.made.flatMap { ClusterID($0) }
            .map { GroupID(home: intent.place, cluster: $0) }
    }
}

extension Action {
    /// Whether it takes a deletion back.
    fileprivate var restores: Bool {
        if case .restoreBackup = self { true } else { false }
    }
}
