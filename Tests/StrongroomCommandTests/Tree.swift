import Foundation
import Testing

/// A tree as `init` writes it, in a folder of its own, and how far its cluster has come.
struct Tree {
    /// How far.
    enum Stage: Hashable {
        /// Written, and nothing applied.
        case new
        /// The cluster exists and has its first HSM.
        case created
        /// An officer has activated it.
        case activated
        /// Everything asked for is there.
        case whole
    }

    /// The moment every tree begins at.
    static let beginning = "2026-11-20T09:00:00Z"

    let folder: Folder

    /// Makes a tree.
    ///
    /// - Parameter stage: How far it is to come.
    /// - Throws: When a command on the way there fails.
    init(_ stage: Stage = .new) async throws {
        folder = try Folder()
        for (path, data) in try await Self.prepared.value[stage] ?? [:] {
            try folder.write(data, to: "tree/\(path)")
        }
    }

    private init(in folder: Folder) {
        self.folder = folder
    }

    /// The files of every stage, made once by the commands that lead there.
    private static let prepared = Task {
        let tree = Tree(in: try Folder())
        var stages: [Stage: [String: Data]] = [:]
        try await tree.done("init", "tree", "--now", beginning)
        stages[.new] = try tree.files()
        try await tree.done("apply", "tree", "--yes")
        stages[.created] = try tree.files()
        try await tree.done("simulate", "sign", "payments", "tree")
        try await tree.done("apply", "tree", "--yes")
        try await tree.done("simulate", "activate", "payments", "tree")
        stages[.activated] = try tree.files()
        try await tree.done("apply", "tree", "--yes")
        stages[.whole] = try tree.files()
        return stages
    }

    /// Runs a command beside the tree.
    func run(
        _ arguments: String...,
        input: String = "",
        environment: [String: String] = [:],
        shell: String? = nil
    ) async throws -> Program.Ended {
        try await Program.run(
            arguments,
            in: folder,
            input: input,
            environment: environment,
            shell: shell
        )
    }

    /// Runs a command that has to end well.
    @discardableResult
    func done(_ arguments: String...) async throws -> Program.Ended {
        let ended = try await Program.run(arguments, in: folder)
        try #require(ended.status == 0, "\(arguments.joined(separator: " ")): \(ended.err)")
        return ended
    }

    /// Every byte of the tree, apart from the lock and what says which run was the last.
    func contents() throws -> [String: Data] {
        try files().filter { $0.key != "state/run.json" }
    }

    /// Every byte of the tree, apart from the lock.
    private func files() throws -> [String: Data] {
        try folder.contents(below: "tree")
            .filter { !["state/lock", "state/lock.owner"].contains($0.key) }
    }

    /// What calls have brought about: the groups, and what the journal says was begun.
    ///
    /// What a run notes about itself is left out.
    func effects() throws -> [String: Data] {
        try contents().filter { path, _ in
            !["state/run.json", "state/journal/heads.json"].contains(path)
        }
    }

    /// How many files hold other effects than before.
    func effects(since before: [String: Data]) throws -> Int {
        let now = try effects()
        return Set(now.keys).union(before.keys).count { now[$0] != before[$0] }
    }

    /// The digest that `plan` prints as its last line.
    func digest() async throws -> String {
        let lines = try await done("plan", "tree").out.split(separator: "\n")
        let line = try #require(lines.last { $0.hasPrefix("digest ") })
        return String(line.dropFirst("digest ".count))
    }

    /// The path of the group's file.
    func groupFile() throws -> String { try folder.groupFile() }
}
