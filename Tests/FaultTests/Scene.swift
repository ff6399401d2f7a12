import Foundation

/// A tree at a moment before a run that has something to do, and where a calm run ends.
final class Scene: Sendable {
    /// What it is called.
    let name: String

    /// What is typed.
    let command: [String]

    /// What is there before.
    let before: StateLook

    /// Where a calm run ends.
    let calm: StateLook

    private let prepared: Folder

    private init(
        _ name: String,
        _ command: [String],
        before: StateLook,
        calm: StateLook,
        prepared: Folder
    ) {
        self.name = name
        self.command = command
        self.before = before
        self.calm = calm
        self.prepared = prepared
    }

    /// What goes on until nothing is left, whatever a fault has cut short.
    static let recovery = ["apply", "tree", "--yes"]

    /// Prepares a scene by its commands, and sees how a calm run ends.
    private static func prepare(
        _ name: String,
        _ command: [String],
        by steps: (Stage) async throws -> Void
    ) async throws -> Scene {
        let stage = Stage(folder: try Folder())
        try await steps(stage)
        let before = try StateLook(stage.folder.file("tree/state"))
        let calm = Tree(folder: try Folder())
        try copy(stage.folder, to: calm.folder.file("tree"))
        try await calm.done(command)
        if command != recovery {
            try await calm.done(["simulate", "advance", "1h", "tree"])
            try await calm.done(recovery)
        }
        let plan = try await Program.run(Scene.plan, in: calm.folder.url)
        guard plan.hasNothingToDo else { throw Tool.Failed(command: Scene.plan, ended: plan) }
        return Scene(
            name,
            command,
            before: before,
            calm: try calm.look(),
            prepared: stage.folder
        )
    }

    /// A copy of the tree, to do harm to.
    func tree() throws -> Tree {
        let tree = Tree(folder: try Folder())
        try Self.copy(prepared, to: tree.folder.file("tree"))
        return tree
    }

    /// Copies the tree to a place of its own.
    func copy(to place: URL) throws {
        try Self.copy(prepared, to: place)
    }

    private static func copy(_ prepared: Folder, to place: URL) throws {
        try FileManager.default.copyItem(at: prepared.file("tree"), to: place)
    }

    /// What exists in the state directory before the run, and the places the run may add.
    func statePaths() throws -> [String] {
        let places = ["us-east-1", "eu-west-1"].map { "000000000000/\($0)" }
        let paths = try Contents.paths(below: prepared.file("tree/state"))
        let all = Set(["", "000000000000", "journal/000000000000"] + places + paths)
            .union(places.map { "journal/\($0)" })
        return all.sorted().map { $0.isEmpty ? "tree/state" : "tree/state/\($0)" }
    }
}

extension Scene {
    /// A fleet from nothing: two clusters and their first HSMs.
    static let beginning = Task {
        try await prepare("beginning", recovery) { stage in
            try await stage.begin()
            try stage.fleet.write(.init("payments"))
            try stage.fleet.write(.init("ledger", region: "eu-west-1"))
        }
    }

    /// Six actions in two groups: tags, an HSM, a copy, a retention; a cluster and its HSM.
    static let growth = Task {
        try await prepare("growth", recovery) { stage in
            try await stage.begin()
            try await stage.raise([.init("payments")])
            try stage.grow()
        }
    }

    /// The same six actions, begun by one tick.
    static let tick = Task {
        try await prepare("tick", ["reconcile", "tree"]) { stage in
            try await stage.begin()
            try await stage.raise([.init("payments")])
            try stage.grow()
        }
    }

    /// Half an hour passes for two clusters that are being made.
    static let passing = Task {
        try await prepare("passing", ["simulate", "advance", "20m", "tree"]) { stage in
            try await stage.begin()
            try await stage.raise([.init("payments")])
            try stage.grow()
            try await stage.done(["reconcile", "tree"])
        }
    }

    /// Seventeen actions in five groups: growing, shrinking, parking, deleting, creating.
    static let everything = Task {
        try await prepare("everything", recovery) { stage in
            try await stage.begin()
            try await stage.raise([
                .init("payments"), .init("sessions", hsms: 2),
                .init("ledger", region: "eu-west-1"),
                .init("archive", region: "eu-west-1", copies: "us-east-1"),
            ])
            try stage.grow()
            try stage.fleet.write(.init("sessions", costCenter: 2))
            try stage.fleet.write(
                .init("ledger", region: "eu-west-1", hsms: 0, retention: 120, copies: "us-east-1")
            )
            try stage.fleet.write(
                .init("archive", region: "eu-west-1", isAbsent: true)
            )
        }
    }
}

/// A tree on its way to the moment of a scene.
private struct Stage {
    let folder: Folder

    var fleet: FleetText { FleetText(folder: folder) }

    func done(_ command: [String]) async throws {
        try await Tree(folder: folder).done(command)
    }

    func begin() async throws {
        try await done(["init", "tree", "--now", "2026-11-20T09:00:00Z"])
        try FileManager.default.removeItem(at: folder.file("tree/clusters"))
        try fleet.write()
    }

    /// Makes clusters, claims and activates them, and lets three days pass.
    func raise(_ clusters: [ClusterText]) async throws {
        for cluster in clusters { try fleet.write(cluster) }
        try await done(Scene.recovery)
        for cluster in clusters { try await done(["simulate", "sign", cluster.name, "tree"]) }
        try await done(Scene.recovery)
        for cluster in clusters { try await done(["simulate", "activate", cluster.name, "tree"]) }
        try await done(Scene.recovery)
        try await done(["simulate", "advance", "3d", "tree"])
        try await done(Scene.recovery)
    }

    /// Asks for more of payments, and for a new cluster.
    func grow() throws {
        try fleet.write(
            .init("payments", hsms: 2, retention: 60, copies: "eu-west-1", costCenter: 2)
        )
        try fleet.write(.init("fresh"))
    }
}

/// A tree in a folder of its own, with the program beside it.
struct Tree: Sendable {
    let folder: Folder

    /// The state directory.
    var state: URL { folder.file("tree/state") }

    /// Runs a command that has to end well.
    func done(_ command: [String]) async throws {
        let ended = try await Program.run(command, in: folder.url)
        guard ended.status == 0 else { throw Tool.Failed(command: command, ended: ended) }
    }

    /// Looks at the state directory.
    func look(afterFault: Bool = false) throws -> StateLook {
        try StateLook(state, afterFault: afterFault)
    }
}

extension Scene {
    /// What tells whether a run has anything left to do.
    static let plan = ["plan", "tree"]
}

extension Ended {
    /// Whether a plan has no step; something may still wait for a person.
    var hasNothingToDo: Bool {
        status == 0 && ["No changes.", "plan: nothing to do now, "].contains { text.contains($0) }
    }
}
