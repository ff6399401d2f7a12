import CloudHSM
import ArgumentParser
import Foundation
import Logging
import StrongroomExecutor
import StrongroomManifest
import StrongroomModel
import StrongroomPlanner
import StrongroomReport
import StrongroomSimulator
import StrongroomState

/// The rooms put together for one command: manifests read, state opened, service at hand.
struct House {
    let fleet: DesiredFleet
    let state: StateDirectory
    let service: any WorkingService
    let selector: LabelSelector?
    let lastRun: LastRun
    let log: Logger

    /// Why nothing may be changed at the service's address; `nil` if it may.
    let objection: String?

    /// What a command may do to the state directory.
    enum Purpose {
        /// Nothing is written and nobody is kept out.
        case reading
        /// The same, from what was observed last: the service is not asked.
        case recollecting
        /// Only this command writes.
        case writing(String, waitingAtMost: Duration)
        /// What is seen of the real service is kept, in a directory that is made if there is none.
        case observing(asks: Bool, waitingAtMost: Duration)
    }

    /// Reads the manifests and opens the state they name.
    ///
    /// - Parameters:
    ///   - options: Paths, clock and colours of the command.
    ///   - purpose: What the command may do to the state.
    /// - Returns: The house.
    /// - Throws: An `ExitCode` once the trouble has been said.
    static func open(_ options: CommonOptions, for purpose: Purpose) async throws -> House {
        try await open(ManifestSource(options.manifestPaths), options, for: purpose)
    }

    /// Opens the state that manifests name.
    ///
    /// - Parameters:
    ///   - manifests: The manifests, which may be read once more later.
    ///   - options: Clock and colours of the command.
    ///   - purpose: What the command may do to the state.
    /// - Returns: The house.
    /// - Throws: An `ExitCode` once the trouble has been said.
    static func open(
        _ manifests: ManifestSource,
        _ options: CommonOptions,
        for purpose: Purpose
    ) async throws -> House {
        try await open(
            manifests.fleet(sayingMistakesOn: options.run.terminal),
            options,
            for: purpose
        )
    }

    private static func open(
        _ fleet: DesiredFleet,
        _ options: CommonOptions,
        for purpose: Purpose
    ) async throws -> House {
        if let selector = options.selector, selector.clusters(of: fleet).isEmpty {
            throw Trouble("no cluster has these labels: correct --selector", .manifestsInvalid)
        }
        let log = options.run.log
        return try await Trouble.explaining {
            let access: StateDirectory.Access =
                switch purpose {
                case .reading, .recollecting: .reading
                case .writing(let operation, let patience):
                    .writing(
                        LockRequest(
                            for: operation,
                            since: .present,
                            waitingAtMost: patience
                        )
                    )
                case .observing(_, let patience):
                    .writing(
                        LockRequest(for: "observe", since: .present, waitingAtMost: patience)
                    )
                }
            try options.prepareState(of: fleet, for: purpose)
            let state = try StateDirectory.open(
                at: fleet.stateDirectory,
                for: access,
                service: fleet.service,
                anchor: try options.state.readableAnchorPath().flatMap(StateAnchor.read(at:)),
                storage: options.state.storage
            )
            for finding in state.findings { log.notice("\(finding)") }
            let chosen = try await options.service(of: fleet, state, for: purpose)
            log.debug(
                "opened the state directory",
                metadata: [
                    "path": "\(state.path)", "lineage": "\(state.lineage)",
                    "now": "\(chosen.service.present)",
                ]
            )
            let house = House(
                fleet: fleet,
                state: state,
                service: chosen.service,
                selector: options.selector,
                lastRun: LastRun(state),
                log: log,
                objection: chosen.objection
            )
            if state.lease != nil { try house.beginMemory(anchoredAt: options.state.anchorPath) }
            return house
        }
    }

    /// The same rooms with other manifests.
    ///
    /// - Parameter fleet: What is desired instead.
    /// - Returns: A house without a choice of clusters.
    func with(_ fleet: DesiredFleet) -> House {
        House(
            fleet: fleet,
            state: state,
            service: service,
            selector: nil,
            lastRun: lastRun,
            log: log,
            objection: objection
        )
    }

    /// What the journal says that may matter to a plan made now: as much as it keeps.
    ///
    /// An HSM that was added for a backup only may stand for days before it can be removed.
    func journal(at now: Timestamp) throws -> JournalReading {
        try state.journal.reading(since: now - .days(30))
    }

    /// The journal entries that may matter to a plan made now.
    func recentEntries(at now: Timestamp) throws -> [JournalEntry] {
        try journal(at: now).entries
    }

    /// Ends a run that wrote: what it leaves is looked for from now on.
    func finish() throws {
        do {
            try state.finish(at: .present)
        } catch {
            throw Trouble(error)
        }
    }

    /// The plan for the present.
    ///
    /// - Parameters:
    ///   - detail: Whether unchanged aspects get lines of their own.
    ///   - remembers: Whether what is seen is gathered for ``remember(_:_:)``.
    ///   - overrides: The limits that a person gave leave to go beyond.
    ///   - reader: Who reads the plan before it is carried out.
    ///   - onEach: Is given every group that could be read.
    /// - Returns: The plan, and what could not be read.
    /// - Throws: ``Trouble`` if nothing can be planned at all.
    func plan(
        detail: Planner.Detail = .differences,
        remembers: Bool = false,
        overrides: [RuleOverride] = [],
        for reader: PlanReader = .person,
        onEach: @escaping @Sendable (ProtectionGroup) -> Void = { _ in }
    ) async throws -> PlanPipeline.Result {
        try await Trouble.explaining {
            let pipeline = PlanPipeline(
                fleet: fleet,
                service: try await service.viewForPlanning(),
                context: try await context(for: reader, overrides),
                detail: detail,
                selector: selector,
                remembers: remembers,
                horizon: try horizon()
            )
            var result = try await pipeline.run(onEach: onEach)
            result.hasLostMemory = lastRun.trouble != nil
            if try settleMemory(by: result) {
                // What was held because of it may be done now.
                return try await plan(
                    detail: detail,
                    remembers: remembers,
                    overrides: overrides,
                    for: reader,
                    onEach: onEach
                )
            }
            log.debug(
                "planned",
                metadata: [
                    "groups": "\(result.plan.groups.count)",
                    "unread": "\(result.unread.count)",
                    "recentIntents": "\(pipeline.context.recentEntries.count)",
                ]
            )
            return result
        }
    }

    /// What a planner knows besides manifests and groups.
    private func context(
        for reader: PlanReader,
        _ overrides: [RuleOverride]
    ) async throws -> PlanContext {
        let now = service.present
        let journal = try journal(at: now)
        var context = PlanContext(
            now: now,
            recentEntries: journal.entries,
            seen: lastRun.seen,
            overrides: overrides
        )
        context.journalGaps = journal.gaps + journal.losses.compactMap { $0.gap(at: now) }
        context.memoryDoubt = memoryDoubt
        context.clockDoubt = ClockDoubt(skew: service.skew()).text
        context.reader = reader
        context.observedAt = observedAt
        return context
    }
}

extension JournalLoss {
    /// The gap it leaves in the day's count of deletions; `nil` once a day has passed.
    fileprivate func gap(at now: Timestamp) -> JournalGap? {
        guard now < at + .hours(24) else { return nil }
        let owner = group.map { "the journal of \($0.cluster)" } ?? "the fleet's journal"
        return JournalGap(
            of: nil,
            because: "\(owner) was begun anew at \(at); wait until \(at + .hours(24))",
            isPast: true
        )
    }
}

extension Timestamp {
    /// The present by this machine's clock; only the command line asks for it.
    static var present: Timestamp {
        Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
    }
}
