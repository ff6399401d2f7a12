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
    let service: SimulatedService
    let selector: LabelSelector?
    let lastRun: LastRun
    let log: Logger

    /// What a command may do to the state directory.
    enum Purpose {
        /// Nothing is written and nobody is kept out.
        case reading
        /// Only this command writes.
        case writing(String, waitingAtMost: Duration)
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
        let terminal = options.run.terminal
        let fleet: DesiredFleet
        do {
            fleet = try manifests.read()
        } catch {
            let text = DiagnosticsText(
                width: terminal.talkSize.columns,
                colour: terminal.talkColour
            )
            terminal.talk(text.text(of: error.diagnostics))
            throw ExitCode(ExitStatus.manifestsInvalid.rawValue)
        }
        return try await open(fleet, options, for: purpose)
    }

    private static func open(
        _ fleet: DesiredFleet,
        _ options: CommonOptions,
        for purpose: Purpose
    ) async throws -> House {
        if let selector = options.selector, selector.clusters(of: fleet).isEmpty {
            throw Trouble("no cluster has these labels: correct --selector", .manifestsInvalid)
        }
        guard fleet.service == .simulator else {
            throw Trouble(
                "this version of Strongroom knows the simulated service only; "
                    + "write service: simulator",
                .failure
            )
        }
        let log = options.run.log
        return try await Trouble.explaining {
            let access: StateDirectory.Access =
                switch purpose {
                case .reading: .reading
                case .writing(let operation, let patience):
                    .writing(
                        LockRequest(
                            for: operation,
                            since: .present,
                            waitingAtMost: patience
                        )
                    )
                }
            let state = try StateDirectory.open(
                at: fleet.stateDirectory,
                for: access,
                service: fleet.service
            )
            for finding in state.findings { log.notice("\(finding)") }
            let service = try SimulatedService.open(store: state, now: options.run.now)
            log.debug(
                "opened the state directory",
                metadata: [
                    "path": "\(state.path)", "lineage": "\(state.lineage)",
                    "now": "\(service.now())",
                ]
            )
            return House(
                fleet: fleet,
                state: state,
                service: service,
                selector: options.selector,
                lastRun: LastRun(state),
                log: log
            )
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
            log: log
        )
    }

    /// The journal entries that may matter to a plan made now: as long as the journal keeps them.
    ///
    /// An HSM that was added for a backup only may stand for days before it can be removed.
    func recentEntries(at now: Timestamp) throws -> [JournalEntry] {
        try state.journal.recent(since: now - .days(30))
    }

    /// The plan for the present.
    ///
    /// - Parameters:
    ///   - detail: Whether unchanged aspects get lines of their own.
    ///   - remembers: Whether what is seen is gathered for ``remember(_:_:)``.
    ///   - onEach: Is given every group that could be read.
    /// - Returns: The plan, and what could not be read.
    /// - Throws: ``Trouble`` if nothing can be planned at all.
    func plan(
        detail: Planner.Detail = .differences,
        remembers: Bool = false,
        onEach: @escaping @Sendable (ProtectionGroup) -> Void = { _ in }
    ) async throws -> PlanPipeline.Result {
        try await Trouble.explaining {
            let now = service.now()
            let pipeline = PlanPipeline(
                fleet: fleet,
                service: service,
                now: now,
                recentEntries: try recentEntries(at: now),
                seen: lastRun.seen,
                detail: detail,
                selector: selector,
                remembers: remembers
            )
            let result = try await pipeline.run(onEach: onEach)
            log.debug(
                "planned",
                metadata: [
                    "groups": "\(result.plan.groups.count)",
                    "unread": "\(result.unread.count)",
                    "recentIntents": "\(pipeline.recentEntries.count)",
                ]
            )
            return result
        }
    }
}

extension Timestamp {
    /// The present by this machine's clock; only the command line asks for it.
    static var present: Timestamp {
        Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
    }
}
