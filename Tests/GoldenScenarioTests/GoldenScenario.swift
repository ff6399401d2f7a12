import CloudHSM
import Foundation
import StrongroomManifest
import StrongroomModel
import StrongroomPlanner
import StrongroomReport
import StrongroomState

/// One folder of Scenarios/: a manifest, a world, a moment, and the plan.
struct GoldenScenario {
    private let folder: URL
    private let groups: [ProtectionGroup]
    private let actual: ActualWorld
    private let now: Timestamp

    init(folder: URL) throws {
        self.folder = folder
        let moment = try String(contentsOf: folder.appendingPathComponent("now"), encoding: .utf8)
        guard let now = Timestamp(moment.trimmingCharacters(in: .whitespacesAndNewlines)) else {
            throw ScenarioError(folder, "now is no moment; write it like 2026-11-23T12:00:00Z")
        }
        self.now = now
        actual = try ActualWorld(file: folder.appendingPathComponent("actual.json"))
        groups = try actual.groups()
    }

    private init(_ other: GoldenScenario, groups: [ProtectionGroup]) {
        folder = other.folder
        actual = other.actual
        now = other.now
        self.groups = groups
    }

    /// The same with everything that is listed in the opposite order.
    func reversed() -> GoldenScenario {
        let groups = groups.reversed().map { group in
            var group = group
            group.backups.reverse()
            group.cluster?.hsms.reverse()
            return group
        }
        return GoldenScenario(self, groups: Array(groups))
    }

    /// The plan as `strongroom plan` prints it.
    func plan() throws -> String {
        let fleet = try ManifestReader().read([path("manifest.yaml")])
        let context = PlanContext(
            now: now,
            unreadPlaces: actual.unread,
            recentEntries: actual.journal,
            // A scenario has no earlier run, so nobody can tell who brought a line about.
            seen: nil
        )
        let planner = Planner(fleet: fleet, context: context)
        let text = PlanText(width: nil, colour: .never).text(of: planner.plan(for: groups))
        return text.replacingOccurrences(of: folder.path + "/", with: "")
    }

    func expected() throws -> String {
        try String(contentsOf: folder.appendingPathComponent("plan.txt"), encoding: .utf8)
    }

    func record(_ plan: String) throws {
        try Data(plan.utf8).write(to: folder.appendingPathComponent("plan.txt"))
    }

    private func path(_ name: String) -> String { folder.appendingPathComponent(name).path }
}

/// A scenario that is not written as README.md says.
struct ScenarioError: Error, CustomStringConvertible {
    let description: String

    init(_ file: URL, _ problem: String) {
        description = "\(file.lastPathComponent): \(problem)"
    }
}
