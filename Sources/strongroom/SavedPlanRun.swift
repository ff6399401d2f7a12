import CloudHSM
import StrongroomExecutor
import StrongroomModel
import StrongroomReport

/// Carries out what somebody agreed to and nothing else, to its end or until nothing moves any more;
/// one that was cut short is gone on with.
struct SavedPlanRun {
    let saved: SavedPlan
    let house: House
    let terminal: Terminal

    /// What stops it.
    let stops: StopSignals

    /// How long to wait at most.
    let patience: Duration

    /// What is typed to use it once more, before anything of it was carried out.
    let again: String

    /// What is typed to carry on with it: nobody can go on under a digest, because what is left is
    /// another plan.
    let next: NextCommand

    /// Asks whether the plan is to be carried out.
    let isAgreed: (Plan) async throws -> Bool

    /// Holds the plan against the present, asks, and carries out what is left of it.
    ///
    /// - Returns: How it ended.
    /// - Throws: ``Trouble``; nothing was sent if the plan no longer fits.
    func run() async throws -> ExitStatus {
        try saved.requireHereAndNow(in: house)
        var use = try saved.use(by: try house.approvals())
        let start = house.service.present
        var hasAgreed = false
        // The run that is gone on with left it out, though it may not be held any more.
        var wasHeld = saved.leavesOutWhatWasHeld
        var saidGapsOf: PlanPipeline.Result?
        while true {
            let planned = try await house.plan(remembers: true, for: saved.reader)
            wasHeld = wasHeld || planned.isHeld
            guard saved.hasSteps else { return try await endWithoutSteps(planned) }
            let fit = try await fit(planned, use)
            try requireFit(fit, use)
            guard !fit.isThrough else { return try await end(planned, wasHeld: wasHeld) }
            let areGapsSaid = saidGapsOf?.hasSameGaps(as: planned) ?? false
            if let status = try await blindness(of: fit, planned, use, areGapsSaid) {
                return status
            }
            let proof = try await planned.prove(fit.plan)
            if !hasAgreed {
                show(fit, planned, proof, use)
                saidGapsOf = planned
                await house.sayWho(on: terminal)
                guard try await isAgreed(fit.plan) else {
                    terminal.say("nothing was changed")
                    return .failure
                }
                hasAgreed = true
            }
            if use == .fresh { try await record(.planBegun) }
            use = .begun
            guard fit.plan.groups.contains(where: { !$0.steps.isEmpty }) else {
                if let status = try await wait(for: fit, planned, since: start) { return status }
                // By now the world may show how a call ended whose answer was lost.
                try await makeRun().resolveOpenIntents()
                continue
            }
            let end = try await carryOut(fit, planned, proof, since: start, wasHeld: wasHeld)
            guard end.isSmooth, !fit.awaited.isEmpty || !fit.unread.isEmpty else {
                if !fit.unread.isEmpty { sayUnread(fit, use) }
                return fit.unread.isEmpty ? end.status : end.status.or(planned.gap)
            }
        }
    }

    private func fit(
        _ planned: PlanPipeline.Result,
        _ use: PlanFit.Use
    ) async throws -> PlanFit {
        let names = Set(saved.document.body.groups.compactMap(\.name))
        let clusters = Set(saved.document.body.groups.compactMap(\.cluster))
        var observed: [GroupID: ProtectionGroup] = [:]
        var unread = planned.unread
        for group in planned.plan.groups {
            guard let id = group.subject.group, !planned.isUnread(id) else { continue }
            let isMeant =
                clusters.contains(id.cluster) || group.subject.name.map(names.contains) ?? false
            guard isMeant else { continue }
            do {
                observed[id] = try await house.service.observe(id)
            } catch let cancellation as CancellationError {
                throw cancellation
            } catch {
                // One that cannot be read now has no facts: its steps are neither done nor misfits.
                unread[id] = UnreadReason(of: error)
            }
        }
        return PlanFit(
            saved.document,
            against: planned.plan,
            observed: observed,
            unreadGroups: unread,
            entries: try house.approvals().entries(under: saved.digest),
            use: use
        )
    }

    private func requireFit(_ fit: PlanFit, _ use: PlanFit.Use) throws {
        guard !fit.misfits.isEmpty else { return }
        let what =
            switch use {
            case .fresh: "the plan in \(saved.name) no longer fits, so plan again"
            case .begun: "what is left of the plan in \(saved.name) no longer fits, so plan again"
            }
        throw Trouble("\(what): " + fit.misfits.joined(separator: "; "), .planStale)
    }

    private func show(
        _ fit: PlanFit,
        _ planned: PlanPipeline.Result,
        _ proof: Proof,
        _ use: PlanFit.Use
    ) {
        if use == .begun {
            terminal.say("going on under \(saved.name): \(fit.doneCount) of its steps are done")
        }
        if fit.plan.stepCount > 0 {
            terminal.talk(
                PlanText(width: terminal.talkSize.columns, colour: terminal.talkColour)
                    .text(of: fit.plan, provedBy: proof)
            )
        }
        let all = planned.plan.stepCount
        let left = all - fit.plan.stepCount
        if left > 0 {
            terminal.say("not in \(saved.name), and left out: \(left) of \(all) steps planned now")
        }
        terminal.sayGaps(of: planned, in: house.fleet)
        house.lastRun.say(on: terminal)
    }

    private func carryOut(
        _ fit: PlanFit,
        _ planned: PlanPipeline.Result,
        _ proof: Proof,
        since start: Timestamp,
        wasHeld: Bool
    ) async throws -> Run.End {
        let approved = try ApprovedPlan(
            fit.plan,
            provedBy: proof,
            approving: .losingAtMost(saved.document.body.totals.lostBackups),
            under: saved.digest
        )
        let isLast = fit.awaited.isEmpty && fit.unread.isEmpty
        let run = makeRun(isLast: isLast) { report in
            let isDone = report.steps.allSatisfy { $0.status == .done }
            guard isLast, isDone else { return }
            try await record(.planEnded)
            try house.finish()
        }
        return try await run.apply(
            approved,
            planned.restricted(to: fit.plan, proof, wasHeld: wasHeld),
            patience: patience,
            alreadyWaited: house.service.present - start
        )
    }

    /// Waits for what an earlier run began; the end of the run if that is in vain.
    private func wait(
        for fit: PlanFit,
        _ planned: PlanPipeline.Result,
        since start: Timestamp
    ) async throws -> ExitStatus? {
        let waited = house.service.present - start
        // What was sent shortly before a crash may not be seen yet.
        let isHopeful = fit.mayMove || waited <= ReadDelay.untilDecided + .minutes(1)
        guard isHopeful, waited < patience else {
            try await Trouble.explaining { try house.service.flush() }
            if waited >= patience {
                terminal.say("gave up waiting after \(Ages.words(patience)) (--timeout)")
            }
            terminal.say("not seen to be done yet:")
            for step in fit.awaited { terminal.say("  \(step)") }
            terminal.say("\(wayOn(.begun))")
            terminal.sayTurn(in: planned.plan, fit.mayMove ? next.whileWaiting : next)
            return RunEnd(planned, report: nil).status
        }
        try await house.pause()
        return nil
    }

    /// The end of the run where nothing is left but steps of which nobody can tell whether they are
    /// done: the plan stays usable.
    private func blindness(
        of fit: PlanFit,
        _ planned: PlanPipeline.Result,
        _ use: PlanFit.Use,
        _ areGapsSaid: Bool
    ) async throws -> ExitStatus? {
        let isIdle = fit.awaited.isEmpty && fit.plan.groups.allSatisfy(\.steps.isEmpty)
        guard isIdle, !fit.unread.isEmpty else { return nil }
        try await Trouble.explaining { try house.service.flush() }
        if !areGapsSaid { terminal.sayGaps(of: planned, in: house.fleet) }
        sayUnread(fit, use)
        return planned.gap ?? .unread
    }

    /// How to carry on with it.
    private func wayOn(_ use: PlanFit.Use) -> String {
        switch (use, saved.isMadeNow) {
        case (.fresh, _): "The plan can still be used. Next: \(again)"
        case (.begun, false): "The plan can still be used. Next: \(next.again)"
        case (.begun, true): "What is left has a digest of its own. Next: \(next.plan)"
        }
    }

    /// Says which approved steps nobody can tell the state of, and how to carry on.
    private func sayUnread(_ fit: PlanFit, _ use: PlanFit.Use) {
        terminal.say(
            "\(counted(fit.unread.count, "step")) of \(saved.name) could not be looked at, and this run "
                + "sent nothing for \(fit.unread.count == 1 ? "it" : "them"):"
        )
        for step in fit.unread { terminal.say("  not reached: \(step)") }
        terminal.say("\(wayOn(use)), once it can be read")
    }

    private func end(
        _ planned: PlanPipeline.Result,
        wasHeld: Bool
    ) async throws -> ExitStatus {
        try await Trouble.explaining { try house.service.flush() }
        try await record(.planEnded)
        try house.finish()
        terminal.say("every step of \(saved.name) is done")
        // What was held when the run began, and is not any more, was left out of it, too.
        let isLeftOver = wasHeld && planned.plan.hasSteps
        return sayRest(of: planned).or(isLeftOver ? .refusedBySafety : nil)
    }

    /// A plan in which everything was held, waited or was not read: nothing of it can be carried out,
    /// and it is not used up.
    private func endWithoutSteps(_ planned: PlanPipeline.Result) async throws -> ExitStatus {
        try await Trouble.explaining { try house.service.flush() }
        try house.finish()
        terminal.say("\(saved.name) has no steps: what it shows was held or waiting, or as wanted")
        return sayRest(of: planned)
    }

    /// Says what is wanted now beside what was agreed to, and weighs it.
    private func sayRest(of planned: PlanPipeline.Result) -> ExitStatus {
        if let rest = PlanText.rest(of: planned.plan, next: next) { terminal.say("\(rest)") }
        terminal.sayTurn(in: planned.plan, next)
        return RunEnd(planned, report: nil).status
    }

    private func makeRun(
        isLast: Bool = true,
        didEnd: @escaping (RunReport) async throws -> Void = { _ in }
    ) -> Run {
        Run(
            house: house,
            terminal: terminal,
            stops: stops,
            reader: saved.reader,
            // Nobody agreed to what is planned beside it.
            next: NextCommand(again: next.again, more: isLast ? next.plan : nil, plan: next.plan),
            didEnd: didEnd
        )
    }

    private func record(_ kind: ApprovalUse.Kind) async throws {
        try await house.record(saved.use(kind, at: house.service.present))
    }
}

extension Plan {
    /// How many steps it has.
    fileprivate var stepCount: Int { groups.reduce(0) { $0 + $1.steps.count } }
}

extension PlanPipeline.Result {
    /// What a run is weighed and remembered by that carries out some of the steps only.
    fileprivate func restricted(
        to plan: Plan,
        _ proof: Proof,
        wasHeld: Bool
    ) -> PlanPipeline.Result {
        let chosen = Set(plan.groups.compactMap(\.subject.group))
        var result = PlanPipeline.Result(
            plan: plan,
            proof: proof,
            planner: planner,
            unread: unread.filter { chosen.contains($0.key) },
            unreadPlaces: unreadPlaces,
            journalGaps: journalGaps,
            forgotten: forgotten,
            found: found,
            prove: prove
        )
        result.whole = self.plan
        result.hasLostMemory = hasLostMemory
        result.holdsBesides = isHeld || wasHeld
        return result
    }
}
