import Foundation
import Testing

extension Faults {
    /// Modes, owners, links and pipes that somebody else may have had a hand in.
    @Suite("F23: permissions and links")
    struct PermissionTests {
        @Test("are refused or set right, and nothing is written outside the state directory")
        func nothingIsWrittenOutside() async throws {
            let scene = try await Scene.growth.value
            let tally = Tally("F23")
            let counts = Counts()
            let traps = Trap.all + (Needs.root("F23") ? Trap.foreign : [])
            try await Lanes.forEach(traps) { _, trap in
                let attempt = try Attempt(trap, on: scene)
                let verdict = try await attempt.verdict()
                let (harms, wasRefused) = (verdict.harms, verdict.wasRefused)
                if wasRefused { await counts.refused() }
                await tally.count(trap.name, harms)
            }
            await tally.close(
                "traps",
                [.outside, .tooOpen, .unrefused, .corrupt],
                and: [(name: "refused", value: await counts.refusals)]
            )
        }

        @Test(
            "of what is new are the owner's alone, whatever the umask",
            arguments: [0o000, 0o777]
        )
        func newFilesAreTheOwnersAlone(umask: Int) async throws {
            let folder = try Folder()
            let mask = String(umask, radix: 8)
            for command in [
                ["init", "tree", "--now", "2026-11-20T09:00:00Z"],
                ["plan", "tree", "-o", "plan.json"],
                ["apply", "tree", "--yes"],
            ] {
                let ended = try await Program.run(
                    command,
                    in: folder.url,
                    under: ["sh", "-c", "umask \(mask); exec \"$0\" \"$@\""]
                )
                #expect(ended.status == 0, "\(command): \(ended.err)")
            }
            #expect(try Modes.tooOpen(below: folder.file("tree/state")) == [])
            #expect(Modes.of(folder.file("plan.json")) == 0o600)
        }

        @Test("of a saved plan that is written again become the owner's alone")
        func savedPlanBecomesPrivate() async throws {
            let tree = try await Scene.growth.value.tree()
            try tree.folder.write("{}", to: "plan.json")
            chmod(tree.folder.file("plan.json").path, 0o644)
            try await tree.done(["plan", "tree", "-o", "plan.json"])
            #expect(Modes.of(tree.folder.file("plan.json")) == 0o600)
        }
    }
}

/// How many traps were refused.
private actor Counts {
    private(set) var refusals = 0
    func refused() { refusals += 1 }
}

/// Something that is not as Strongroom left it.
private struct Trap: Sendable {
    /// What has to happen.
    enum End: Sendable {
        /// Nothing is done.
        case refused
        /// Nothing is done, or all is done and everything is the owner's alone.
        case refusedOrTightened
        /// All is done without the file, which is named, and the code says that it is damaged.
        case passedOver(String)
    }

    let name: String
    let end: End

    /// Lays it: gets the tree, and the outside that nothing may be written to.
    let lay: @Sendable (_ tree: Tree, _ outside: URL) throws -> Void

    init(
        _ name: String,
        _ end: End,
        lay: @escaping @Sendable (Tree, URL) throws -> Void
    ) {
        self.name = name
        self.end = end
        self.lay = lay
    }

    /// The files of a state directory that a run reads or writes.
    private static let files = [
        "FORMAT", "index.json", "simulator.json", "seen.json", "run.json", "lock", "lock.owner",
        "group", "journal",
    ]

    static let all: [Trap] =
        [
            Trap("the state directory is a link", .refused) { tree, outside in
                try Moves.move(tree.state, to: outside.appendingPathComponent("state"))
                try Moves.link(tree.state, to: outside.appendingPathComponent("state"))
            },
            Trap("others may rename the state directory", .refused) { tree, _ in
                try Modes.set(0o777, tree.folder.file("tree"))
            },
            Trap("the group may rename the state directory", .refused) { tree, _ in
                try Modes.set(0o770, tree.folder.file("tree"))
            },
            Trap("the parent is sticky, as /tmp is", .refusedOrTightened) { tree, _ in
                try Modes.set(0o1777, tree.folder.file("tree"))
            },
            Trap("others may read all of it", .refusedOrTightened) { tree, _ in
                for path in try Contents.paths(below: tree.state) {
                    let file = tree.state.appendingPathComponent(path)
                    try Modes.set(Modes.isDirectory(file) ? 0o755 : 0o644, file)
                }
                try Modes.set(0o755, tree.state)
            },
            Trap("others may write to the state directory", .refused) { tree, _ in
                try Modes.set(0o777, tree.state)
            },
            Trap("a link lies where a temporary file was", .refusedOrTightened) { tree, outside in
                let victim = outside.appendingPathComponent("victim")
                for name in [".index.json.tmp.1", ".lock.owner.tmp.1", ".seen.json.tmp.1"] {
                    try Moves.link(tree.state.appendingPathComponent(name), to: victim)
                }
            },
            Trap("the journal is a link", .refused) { tree, outside in
                let journal = tree.state.appendingPathComponent("journal")
                try Moves.move(journal, to: outside.appendingPathComponent("journal"))
                try Moves.link(journal, to: outside.appendingPathComponent("journal"))
            },
            Trap("an account's directory is a link", .refused) { tree, outside in
                let account = tree.state.appendingPathComponent("000000000000")
                try Moves.move(account, to: outside.appendingPathComponent("account"))
                try Moves.link(account, to: outside.appendingPathComponent("account"))
            },
        ] + files.flatMap(around)

    /// What can be wrong with one file.
    private static func around(_ file: String) -> [Trap] {
        let end: End =
            switch file {
            // A note on the lock is replaced unread, and that of a dead run may be anything.
            case "lock.owner": .refusedOrTightened
            // What the last run saw only makes a plan's reasons better.
            case "seen.json": .passedOver(file)
            default: .refused
            }
        return [
            Trap("\(file) is a link", end) { tree, outside in
                let path = try Moves.path(of: file, in: tree)
                let target = outside.appendingPathComponent("file")
                if FileManager.default.fileExists(atPath: path.path) {
                    try Moves.move(path, to: target)
                }
                try Moves.link(path, to: target)
            },
            Trap("\(file) is a link to nothing", end) { tree, outside in
                let path = try Moves.path(of: file, in: tree)
                try Moves.remove(path)
                try Moves.link(path, to: outside.appendingPathComponent("nothing"))
            },
            Trap("\(file) is a pipe", end) { tree, _ in
                let path = try Moves.path(of: file, in: tree)
                try Moves.remove(path)
                guard mkfifo(path.path, 0o600) == 0 else { throw POSIXError(.EIO) }
            },
            Trap("others may write to \(file)", end) { tree, _ in
                let path = try Moves.path(of: file, in: tree)
                if !FileManager.default.fileExists(atPath: path.path) {
                    try Data("{}".utf8).write(to: path)
                }
                try Modes.set(0o666, path)
            },
            Trap("\(file) has a second name outside", .refusedOrTightened) { tree, outside in
                let path = try Moves.path(of: file, in: tree)
                let other = outside.appendingPathComponent("other")
                guard FileManager.default.fileExists(atPath: path.path) else { return }
                guard Glibc.link(path.path, other.path) == 0 else { throw POSIXError(.EIO) }
            },
        ]
    }

    /// What belongs to another user; only root can lay these.
    static let foreign: [Trap] =
        [
            Trap("the state directory is another user's", .refused) { tree, _ in
                guard chown(tree.state.path, 65534, 65534) == 0 else { throw POSIXError(.EIO) }
            }
        ]
        + ["FORMAT", "index.json", "simulator.json", "lock", "group", "journal"].map { file in
            Trap("\(file) is another user's", .refused) { tree, _ in
                let path = try Moves.path(of: file, in: tree).path
                guard chown(path, 65534, 65534) == 0 else { throw POSIXError(.EIO) }
            }
        }
}

/// A run that walks into a trap.
private struct Attempt {
    private let trap: Trap
    private let tree: Tree
    private let outside: Folder

    init(_ trap: Trap, on scene: Scene) throws {
        self.trap = trap
        tree = try scene.tree()
        outside = try Folder()
        try outside.write("untouched", to: "victim")
        try trap.lay(tree, outside.url)
    }

    /// What it did, and whether it was refused.
    struct Verdict {
        let harms: [Harm]
        let wasRefused: Bool
    }

    func verdict() async throws -> Verdict {
        let outsideBefore = try Contents.of(outside.url)
        let insideBefore = try Contents.of(tree.state)
        let ended = try await Program.run(Scene.recovery, in: tree.folder.url)
        var harms: [Harm] = []
        if try Contents.of(outside.url) != outsideBefore {
            harms.append(Harm(kind: .outside, text: "something outside was changed"))
        }
        if case .passedOver(let file) = trap.end {
            // Plans go on without it, and the code says that it is damaged.
            if ended.status != 10 || !ended.err.contains("error: tree/state/\(file)") {
                harms.append(Harm(kind: .unrefused, text: ended.text))
            }
        } else if ended.status == 0 {
            switch trap.end {
            case .refused, .passedOver:
                harms.append(Harm(kind: .unrefused, text: ended.text))
            case .refusedOrTightened: harms += try openOnes()
            }
        } else {
            // The lock and what goes with taking it say nothing of the world.
            let ours: Set = ["lock", "lock.owner", "run.json"]
            let now = try Contents.of(tree.state).filter { !ours.contains($0.key) }
            if now != insideBefore.filter({ !ours.contains($0.key) }) {
                harms.append(Harm(kind: .unrefused, text: "refused, and yet changed: \(ended.err)"))
            }
            if ended.err.isEmpty || ended.status >= 128 {
                harms.append(Harm(kind: .unrefused, text: "ended with \(ended.status)"))
            }
        }
        return Verdict(harms: harms, wasRefused: ended.status != 0)
    }

    private func openOnes() throws -> [Harm] {
        try Modes.tooOpen(below: tree.state).map { Harm(kind: .tooOpen, text: $0) }
    }
}

/// What is done to files to lay a trap.
private enum Moves {
    /// Where a file lies, also those whose names are made up in every run.
    static func path(of file: String, in tree: Tree) throws -> URL {
        let paths = try Contents.paths(below: tree.state)
        let name =
            switch file {
            case "group":
                paths.first { $0.hasPrefix("0") && $0.hasSuffix(".json") }
            case "journal": paths.first { $0.hasPrefix("journal/") && $0.hasSuffix(".jsonl") }
            default: file
            }
        guard let name else { throw CocoaError(.fileNoSuchFile) }
        return tree.state.appendingPathComponent(name)
    }

    static func move(_ file: URL, to place: URL) throws {
        // By copying: a state directory on another disk cannot be renamed.
        try FileManager.default.copyItem(at: file, to: place)
        try FileManager.default.removeItem(at: file)
    }

    static func link(_ file: URL, to target: URL) throws {
        try FileManager.default.createSymbolicLink(
            atPath: file.path,
            withDestinationPath: target.path
        )
    }

    /// Removes a file, if it is there.
    static func remove(_ file: URL) throws {
        guard unlink(file.path) == 0 || errno == ENOENT else { throw POSIXError(.EIO) }
    }
}

/// The modes of files.
private enum Modes {
    static func of(_ file: URL) -> mode_t? {
        var status = stat()
        return lstat(file.path, &status) == 0 ? status.st_mode & 0o7777 : nil
    }

    static func isDirectory(_ file: URL) -> Bool {
        var status = stat()
        return lstat(file.path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    static func set(_ mode: mode_t, _ file: URL) throws {
        guard chmod(file.path, mode) == 0 else { throw POSIXError(.EIO) }
    }

    /// What others than the owner may do anything with.
    static func tooOpen(below root: URL) throws -> [String] {
        let paths = try [""] + Contents.paths(below: root)
        return paths.compactMap { path in
            let file = path.isEmpty ? root : root.appendingPathComponent(path)
            guard let mode = of(file), mode != (isDirectory(file) ? 0o700 : 0o600) else {
                return nil
            }
            return "\(path) has mode \(String(mode, radix: 8))"
        }
    }
}
