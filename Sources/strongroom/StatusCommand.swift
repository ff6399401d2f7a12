import ArgumentParser
import CloudHSM
import StrongroomModel
import StrongroomReport
import Synchronization

/// Shows how each cluster stands.
struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show each cluster: HSMs, backups per Region, freshness, what is pending.",
        discussion: ExitStatus.help(.done, .failure, .unread, .interrupted, .terminated)
    )

    /// How the status is shown.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json
    }

    @OptionGroup var options: CommonOptions

    @Option(help: "text, or json (schemas/status.md).")
    var format: Format = .text

    @Flag(
        help: ArgumentHelp(
            "Take what strongroom observe saw last for what there is; nothing is asked.",
            discussion: "Needs no credentials. With the simulated service it changes nothing."
        )
    )
    var offline = false

    func run() async throws {
        let terminal = options.run.terminal
        try await terminal.run {
            let house = try await House.open(options, for: offline ? .recollecting : .reading)
            let groups = Mutex<[GroupID: ProtectionGroup]>([:])
            let result = try await house.plan { group in
                groups.withLock { $0[group.id] = group }
            }
            let report = try report(on: result, groups.withLock { $0 }, house)
            switch format {
            case .text:
                let text = StatusText(width: terminal.resultWidth, colour: terminal.resultColour)
                terminal.show(text.text(of: report))
            case .json: terminal.show(report.json())
            }
            terminal.sayGaps(of: result, in: house.fleet)
            house.sayAge(on: terminal)
            house.lastRun.say(on: terminal)
            house.sayIfLate(on: terminal)
            return result.gap ?? .done
        }
    }

    private func report(
        on planned: PlanPipeline.Result,
        _ groups: [GroupID: ProtectionGroup],
        _ house: House
    ) throws -> StatusReport {
        let plan = planned.plan
        let recent = try house.recentEntries(at: plan.now)
        let entries = Dictionary(grouping: recent, by: \.intent.group)
        let desired = Dictionary(
            house.fleet.clusters.map { ($0.name.value, $0) },
            uniquingKeysWith: { first, _ in first }
        )
        let clusters = plan.groups.map { part in
            ClusterStatus(
                of: part.subject.group.flatMap { groups[$0] },
                desired: part.standing == .managed
                    ? part.subject.name.flatMap { desired[$0] } : nil,
                plan: part,
                entries: part.subject.group.flatMap { entries[$0] } ?? [],
                unreadPlaces: planned.unreadPlaces,
                now: plan.now,
                lastRun: part.subject.group.flatMap { house.lastRun.seen?[$0]?.at }
            )
        }
        return StatusReport(
            fleet: plan.fleet,
            now: plan.now,
            clusters: clusters,
            inDoubt: recent.filter { $0.outcome == nil }.map { DoubtStatus(of: $0.intent) }
        )
    }
}
