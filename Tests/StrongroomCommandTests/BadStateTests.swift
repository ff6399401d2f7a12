import Foundation
import Testing

/// State files that cannot be used: nothing is begun, and nothing is written.
@Suite("Bad state")
struct BadStateTests {
    /// One way for a state to be bad.
    struct Damage: CustomTestStringConvertible, Sendable {
        let testDescription: String
        /// The file, below the state; `nil` is the group's.
        let file: String?
        /// What the message has to name besides the file.
        let named: String
        let damage: @Sendable (Folder, String) throws -> Void

        init(
            _ description: String,
            in file: String? = nil,
            naming named: String = "",
            _ damage: @escaping @Sendable (Folder, String) throws -> Void
        ) {
            testDescription = description
            self.file = file
            self.named = named
            self.damage = damage
        }
    }

    static let damages: [Damage] = [
        Damage("a truncated group") { folder, path in
            try folder.write(try Data(contentsOf: folder.file(path)).prefix(300), to: path)
        },
        Damage("an empty group") { try $0.write("", to: $1) },
        Damage("a group that is no JSON") { try $0.write("payments", to: $1) },
        Damage("a group that is not there") { folder, path in
            try FileManager.default.removeItem(at: folder.file(path))
        },
        Damage("a value of a wrong kind", naming: "NeverExpires") {
            try $0.replace(#""NeverExpires":false"#, with: #""NeverExpires":"no""#, in: $1)
        },
        Damage("an equal key", naming: "BackupId") {
            try $0.replace(
                #""BackupState":"READY","#,
                with: #""BackupState":"READY","BackupId":"backup-aaaaaaaaaaa","#,
                in: $1
            )
        },
        Damage("a key that is missing", naming: "BackupState") {
            try $0.replace(#""BackupState":"READY","#, with: "", in: $1)
        },
        Damage("another cluster's backup", naming: "ClusterId") { folder, path in
            let name = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
            try folder.replace(
                #""ClusterId":"\#(name)""#,
                with: #""ClusterId":"cluster-aaaaaaaaaaa""#,
                in: path
            )
        },
        Damage("a link instead of the group") { folder, path in
            let file = folder.file(path)
            try FileManager.default.moveItem(at: file, to: folder.file("elsewhere.json"))
            try FileManager.default.createSymbolicLink(
                at: file,
                withDestinationURL: folder.file("elsewhere.json")
            )
        },
        Damage("a newer FORMAT", in: "FORMAT", naming: "newer") {
            try $0.replace(#""Format" : 2"#, with: #""Format" : 3"#, in: $1)
        },
        Damage("a broken FORMAT", in: "FORMAT") { try $0.write("{", to: $1) },
        Damage("no FORMAT", in: "FORMAT") { folder, path in
            try FileManager.default.removeItem(at: folder.file(path))
        },
        Damage("another service's state", in: "FORMAT", naming: "aws") {
            try $0.replace("simulator", with: "aws", in: $1)
        },
        Damage("a broken index", in: "index.json") { try $0.write("[]", to: $1) },
        Damage("a newer index", in: "index.json", naming: "newer") {
            try $0.replace(#""Format" : 1"#, with: #""Format" : 9"#, in: $1)
        },
        Damage("no simulated world", in: "simulator.json") { folder, path in
            try FileManager.default.removeItem(at: folder.file(path))
        },
        Damage("a broken simulated world", in: "simulator.json", naming: "clock") {
            try $0.replace(#""clock" : "2026"#, with: #""clock" : "soon"#, in: $1)
        },
    ]

    @Test("ends plan and apply with 10, names the file, and writes nothing", arguments: damages)
    func endsWith10(damage: Damage) async throws {
        let tree = try await Tree(.whole)
        // Something is to be done, so that anything begun would show.
        try tree.folder.replace("hsms: 2 ", with: "hsms: 3 ", in: "tree/clusters/payments.yaml")
        let path = try damage.file.map { "tree/state/\($0)" } ?? tree.groupFile()
        try damage.damage(tree.folder, path)
        let before = try tree.contents()
        let commands = [
            ["plan", "tree"], ["status", "tree"], ["apply", "tree", "--yes"],
            ["reconcile", "tree"],
        ]
        for words in commands {
            let ended = try await Program.run(words, in: tree.folder)
            #expect(ended.status == 10, "\(words): \(ended.out)\(ended.err)")
            let name = damage.file == "simulator.json" ? "simulat" : path
            let isNamed = ended.err.contains(damage.file == "FORMAT" ? "tree/state" : name)
            #expect(isNamed, "\(words): \(ended.err)")
            let isSaid = damage.named.isEmpty || ended.err.contains(damage.named)
            #expect(isSaid, "\(words): \(ended.err)")
            let isWayNamed = ["strongroom state verify", "restore", "newer", "aws"]
                .contains { ended.err.contains($0) }
            #expect(isWayNamed, "\(words): \(ended.err)")
            #expect(!ended.out.contains("started") && !ended.out.contains("done"))
            #expect(try tree.contents() == before, "\(words) wrote something")
        }
    }

    static let journalDamages: [Damage] = [
        Damage("a journal entry that is no JSON", in: "journal/fleet.jsonl", naming: ":1") {
            try $0.write("?", to: $1)
        },
        Damage("no journal of a group", in: "journal/heads.json") {
            try FileManager.default.removeItem(at: $0.file($1))
        },
    ]

    @Test(
        "of the fleet's journal is named, ends with 10, and deletes nothing",
        arguments: journalDamages
    )
    func journalDamage(damage: Damage) async throws {
        let tree = try await Tree(.whole)
        let path = try #require(damage.file.map { "tree/state/\($0)" })
        try damage.damage(tree.folder, path)
        for words in [["plan", "tree"], ["status", "tree"], ["apply", "tree", "--yes"]] {
            let ended = try await Program.run(words, in: tree.folder)
            #expect(ended.status == 10, "\(words): \(ended.out)\(ended.err)")
            #expect(ended.err.contains(path), "\(words): \(ended.err)")
            #expect(damage.named.isEmpty || ended.err.contains(damage.named))
            #expect(ended.err.contains("no backup or cluster is deleted"))
        }
    }

    /// The example with three clusters in one place, of which the file of one is cut short.
    private func cutExample() throws -> Folder {
        try ExampleTests.copy(of: "scaling-and-zones")
    }

    private static let cutFile = "tree/state/000000000000/us-east-1/cluster-iwm3tlramvr.json"

    private func cut(_ folder: Folder) throws {
        let whole = try Data(contentsOf: folder.file(Self.cutFile))
        try folder.write(whole.prefix(300), to: Self.cutFile)
    }

    @Test("of one group leaves no call in doubt, and what needs no quota goes on")
    func leavesNoDoubt() async throws {
        let folder = try cutExample()
        try folder.replace(
            "backups: { retentionDays: 90 }",
            with: "tags: { team: keys }\n  backups: { retentionDays: 90 }",
            in: "tree/clusters.yaml"
        )
        try cut(folder)
        let ended = try await Program.run(["apply", "tree", "--yes"], in: folder)
        #expect(ended.status == 10, "\(ended.out)\(ended.err)")
        #expect(!ended.out.contains("in doubt") && !ended.err.contains("Gave up"))
        #expect(ended.out.contains("done         ~ tag team=keys"), "\(ended.out)")
        #expect(ended.out.contains("not reached  + add HSM us-east-1c"), "\(ended.out)")
        #expect(ended.err.contains("of its quota cannot be counted"), "\(ended.err)")
        #expect(ended.err.contains(Self.cutFile))
        let journal = try folder.contents(below: "tree/state/journal").values
            .map { String(decoding: $0, as: UTF8.self) }.joined()
        let tries = journal.components(separatedBy: "cluster-oi4j3vuihzf").count
        #expect(tries < 12, "what cannot be counted is not tried again and again")
    }

    @Test("of one group is named beside the result of a saved plan, which stays usable")
    func leavesASavedPlanUsable() async throws {
        let folder = try cutExample()
        let whole = try Data(contentsOf: folder.file(Self.cutFile))
        try #require(
            try await Program.run(["plan", "tree", "-o", "plan.json"], in: folder).status == 0
        )
        try cut(folder)
        let ended = try await Program.run(["apply", "plan.json", "--yes"], in: folder)
        #expect(ended.status == 10, "\(ended.out)\(ended.err)")
        #expect(ended.err.contains("not reached: shrinking: remove HSM"), "\(ended.err)")
        #expect(ended.err.contains("The plan can still be used"), "\(ended.err)")
        try folder.write(whole, to: Self.cutFile)
        let again = try await Program.run(["apply", "plan.json", "--yes"], in: folder)
        #expect(again.status == 0, "\(again.out)\(again.err)")
        #expect(again.out.contains("result: 5 done"), "\(again.out)")
    }

    @Test("of one group does not hinder the others")
    func othersGoOn() async throws {
        let tree = try await Tree(.created)
        try tree.folder.write("?", to: try tree.groupFile())
        let manifest = try tree.folder.text("tree/clusters/payments.yaml")
        try tree.folder.write(
            manifest.replacingOccurrences(of: "payments", with: "sessions")
                .replacingOccurrences(of: "us-east-1", with: "eu-west-1")
                .replacingOccurrences(of: "{ region: eu-west-1,", with: "{ region: us-east-1,"),
            to: "tree/clusters/sessions.yaml"
        )
        let ended = try await tree.run("apply", "tree", "--yes")
        #expect(ended.status == 10)
        #expect(ended.out.contains("sessions"), "\(ended.out)\(ended.err)")
        #expect(ended.out.contains("result: 2 done"))
    }

    @Test("that others may write to is not trusted")
    func writableByOthers() async throws {
        let tree = try await Tree(.whole)
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o777],
            ofItemAtPath: tree.folder.file("tree/state").path
        )
        let ended = try await tree.run("plan", "tree")
        #expect(ended.status == 10)
        #expect(ended.err.contains("chmod"))
    }

    @Test("that may not be read is not passed over", .enabled(if: geteuid() != 0))
    func unreadable() async throws {
        let tree = try await Tree(.whole)
        let path = try tree.groupFile()
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o000],
            ofItemAtPath: tree.folder.file(path).path
        )
        let ended = try await tree.run("plan", "tree")
        #expect(ended.status == 10)
        #expect(ended.err.contains(path))
    }

    @Test("that is not there at all is never taken for an empty one")
    func notThere() async throws {
        let tree = try await Tree(.whole)
        try FileManager.default.removeItem(at: tree.folder.file("tree/state"))
        for words in [["plan", "tree"], ["apply", "tree", "--yes"], ["status", "tree"]] {
            let ended = try await Program.run(words, in: tree.folder)
            #expect(ended.status == 10, "\(words)")
            #expect(ended.err.contains("tree/state"))
        }
        #expect(!FileManager.default.fileExists(atPath: tree.folder.file("tree/state").path))
    }
}

/// Whatever is damaged, every command that rests on it says so and ends with 10.
@Suite("Every command on every damage")
struct DamageMatrixTests {
    /// What is done to a file.
    enum Harm: String, CaseIterable, Sendable {
        case missing, cut, garbage, empty

        func befall(_ path: String, in folder: Folder) throws {
            let whole = try Data(contentsOf: folder.file(path))
            switch self {
            case .missing: try FileManager.default.removeItem(at: folder.file(path))
            case .cut: try folder.write(whole.prefix(whole.count * 2 / 3), to: path)
            case .garbage: try folder.write("?\n", to: path)
            case .empty: try folder.write("", to: path)
            }
        }
    }

    /// A file of the state.
    enum Part: String, CaseIterable, Sendable {
        case format, index, world, group, groupJournal, fleetJournal, heads

        func path(in tree: Tree) throws -> String {
            switch self {
            case .format: return "tree/state/FORMAT"
            case .index: return "tree/state/index.json"
            case .world: return "tree/state/simulator.json"
            case .group: return try tree.groupFile()
            case .groupJournal:
                let group = try tree.groupFile().dropFirst("tree/state/".count)
                return "tree/state/journal/\(group)l"
            case .fleetJournal: return "tree/state/journal/fleet.jsonl"
            case .heads: return "tree/state/journal/heads.json"
            }
        }
    }

    static let commands = [
        ["plan", "tree"], ["plan", "tree", "--offline"], ["status", "tree"],
        ["apply", "tree", "--yes"], ["reconcile", "tree"], ["adopt", "tree", "-o", "-"],
        ["simulate", "advance", "1h", "tree"],
        ["simulate", "lose-region", "eu-west-1", "tree"],
        ["simulate", "activate", "payments", "tree"],
        ["resolve", "abcdef12", "--done", "--reason", "seen", "tree"],
        ["state", "verify", "tree"], ["state", "repair", "tree"],
    ]

    @Test("ends with 10 and names the file", arguments: Part.allCases, Harm.allCases)
    func endsWith10(part: Part, harm: Harm) async throws {
        for words in Self.commands {
            let tree = try await Tree(.created)
            let path = try part.path(in: tree)
            try harm.befall(path, in: tree.folder)
            let ended = try await Program.run(words, in: tree.folder)
            #expect(ended.status == 10, "\(words): \(ended.out)\(ended.err)")
            let name = URL(fileURLWithPath: path).lastPathComponent
            #expect((ended.out + ended.err).contains(name), "\(words): \(ended.out)\(ended.err)")
        }
    }

    @Test("says that an intent may be in the journal that cannot be read")
    func resolving() async throws {
        let tree = try await Tree(.created)
        try Harm.garbage.befall(try Part.groupJournal.path(in: tree), in: tree.folder)
        let ended = try await tree.run(
            "resolve",
            "abcdef12",
            "--done",
            "--reason",
            "seen",
            "tree"
        )
        #expect(ended.err.contains("it may be in what cannot"), "\(ended.err)")
    }

    @Test("never advises to begin anew over a state that lost its world")
    func advice() async throws {
        let tree = try await Tree(.created)
        try Harm.missing.befall("tree/state/simulator.json", in: tree.folder)
        let ended = try await tree.run("plan", "tree")
        #expect(ended.err.contains("restore it"), "\(ended.err)")
    }
}

/// What this version does not know, but has to live with.
@Suite("Unknown things in the state")
struct UnknownStateTests {
    @Test("an unknown state of the cluster is kept and treated as busy")
    func unknownState() async throws {
        let tree = try await Tree(.whole)
        try tree.folder.replace("hsms: 2 ", with: "hsms: 3 ", in: "tree/clusters/payments.yaml")
        let file = try tree.groupFile()
        try tree.folder.replace(#""State" : "ACTIVE","#, with: #""State" : "POLISHING","#, in: file)
        let plan = try await tree.run("plan", "tree", "--detailed-exitcode")
        #expect(plan.status == 2)
        #expect(plan.out.contains("POLISHING"))
        #expect(try await tree.run("apply", "tree", "--yes").status == 4)
        try await tree.done("simulate", "advance", "2d", "tree")
        #expect(try tree.folder.text(file).contains("POLISHING"))
    }

    @Test("unknown fields survive an apply")
    func unknownFields() async throws {
        let tree = try await Tree(.whole)
        try tree.folder.replace("hsms: 2 ", with: "hsms: 3 ", in: "tree/clusters/payments.yaml")
        let file = try tree.groupFile()
        try tree.folder.replace(
            #""BackupState":"READY","#,
            with: #""BackupState":"READY","Colour":{"Name":"blue","Of":[1,null]},"#,
            in: file
        )
        try tree.folder.replace(
            #""BackupPolicy" : "DEFAULT","#,
            with: #""BackupPolicy" : "DEFAULT", "Sealed" : [true, 1.5],"#,
            in: file
        )
        try await tree.done("apply", "tree", "--yes")
        let text = try tree.folder.text(file).filter { !$0.isWhitespace }
        #expect(text.contains(#""Colour":{"Name":"blue","Of":[1,null]}"#))
        #expect(text.contains(#""Sealed":[true,1.5]"#))
        #expect(text.components(separatedBy: #""HsmId""#).count == 4, "three HSMs by now")
    }
}

/// A disk that is full leaves the old state whole.
@Suite("A full disk")
struct FullDiskTests {
    @Test("ends with 10, and the next run goes on", arguments: [0, 1, 2, 4, 8, 12, 16])
    func leavesTheOldState(blocks: Int) async throws {
        let tree = try await Tree(.activated)
        let ended = try await tree.run(
            "apply",
            "tree",
            "--yes",
            shell: "ulimit -f \(blocks); trap '' XFSZ;"
        )
        // The program's own output goes to a file, too, so it may stop there.
        #expect([0, 10].contains(ended.status), "\(ended.err)")
        try await goesOn(tree)
    }

    @Test("ends a tick with 10, too", arguments: [2, 4])
    func endsATick(blocks: Int) async throws {
        let tree = try await Tree(.activated)
        let ended = try await tree.run(
            "reconcile",
            "tree",
            shell: "ulimit -f \(blocks); trap '' XFSZ;"
        )
        #expect(ended.status == 10, "\(ended.err)")
        #expect(ended.err.contains("File too large"))
        try await goesOn(tree)
    }

    @Test("that kills the program is no different", arguments: [0, 1, 4, 8])
    func survivesTheSignal(blocks: Int) async throws {
        let tree = try await Tree(.activated)
        _ = try await tree.run("apply", "tree", "--yes", shell: "ulimit -f \(blocks);")
        try await goesOn(tree)
    }

    private func goesOn(_ tree: Tree) async throws {
        #expect(try await tree.run("status", "tree").status == 0)
        for _ in 0..<3 {
            try await tree.done("apply", "tree", "--yes")
            try await tree.done("simulate", "advance", "20m", "tree")
        }
        let left = try await tree.run("plan", "tree", "--detailed-exitcode")
        #expect(left.status == 0, "\(left.out)")
        let text = try tree.folder.text(try tree.groupFile())
        #expect(text.components(separatedBy: #""HsmId""#).count == 3, "two HSMs, not three")
    }
}
