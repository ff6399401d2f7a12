import Foundation
import Testing

/// What every exit code means, one situation after another.
@Suite("Exit codes")
struct ExitCodeTests {
    @Test("0 and 2: plan tells differences only when asked")
    func detailedExitCode() async throws {
        let tree = try await Tree(.whole)
        #expect(try await tree.run("plan", "tree").status == 0)
        #expect(try await tree.run("plan", "tree", "--detailed-exitcode").status == 0)
        try tree.folder.replace("hsms: 2 ", with: "hsms: 3 ", in: "tree/clusters/payments.yaml")
        #expect(try await tree.run("plan", "tree").status == 0)
        #expect(try await tree.run("plan", "tree", "--detailed-exitcode").status == 2)
    }

    @Test("1: nobody to ask, and the answer is not yes")
    func needsAnAnswer() async throws {
        let tree = try await Tree()
        let before = try tree.contents()
        let asked = try await tree.run("apply", "tree", input: "yes\n")
        #expect(asked.status == 1)
        #expect(asked.err.contains("--yes"))
        #expect(try tree.contents() == before)
    }

    @Test("1 and 3: refused altogether, and in part")
    func refusedInPart() async throws {
        let tree = try await Tree()
        let first = try tree.folder.text("tree/clusters/payments.yaml")
        try tree.folder.write(
            first.replacingOccurrences(of: "payments", with: "sessions"),
            to: "tree/clusters/sessions.yaml"
        )
        try tree.folder.replace(#""clusters" : 4"#, with: #""clusters" : 1"#, in: world)
        let partly = try await tree.run("apply", "tree", "--yes")
        #expect(partly.status == 3)
        #expect(partly.out.contains("refused") && partly.out.contains("done"))
        let none = try await tree.run("apply", "tree", "--yes")
        #expect(none.status == 1)
        #expect(none.out.contains("quota"))
    }

    private let world = "tree/state/simulator.json"

    @Test("4: a safety rule holds something that is wanted")
    func held() async throws {
        let tree = try await Tree(.whole)
        try tree.folder.replace(
            "mode: FIPS",
            with: "mode: NON_FIPS",
            in: "tree/clusters/payments.yaml"
        )
        #expect(try await tree.run("plan", "tree").status == 0)
        #expect(try await tree.run("apply", "tree", "--yes").status == 4)
        let tick = try await tree.run("reconcile", "tree")
        #expect(tick.status == 4)
        #expect(tick.err.contains("fixed at creation"))
    }

    /// What keeps a third HSM from being made now.
    struct Obstacle: Sendable, CustomTestStringConvertible {
        let testDescription: String

        /// What `apply` ends with.
        let applied: Int32

        /// Puts it in the way.
        let place: @Sendable (Tree) async throws -> Void
    }

    static let obstacles = [
        Obstacle(testDescription: "a freeze of the fleet", applied: 4) {
            try $0.freeze("fleet.yaml")
        },
        Obstacle(testDescription: "a freeze of the cluster", applied: 4) {
            try $0.freeze("clusters/payments.yaml")
        },
        Obstacle(testDescription: "a budget", applied: 4) { tree in
            try tree.folder.replace(
                "  safety:\n",
                with: "  safety:\n    creations: { perHour: 0 }\n",
                in: "tree/fleet.yaml"
            )
        },
        Obstacle(testDescription: "nothing", applied: 0) { _ in },
    ]

    @Test("2: something is wanted and not there, whatever holds it", arguments: obstacles)
    func wantedAndHeld(_ obstacle: Obstacle) async throws {
        let tree = try await Tree(.whole)
        try tree.folder.replace("hsms: 2 ", with: "hsms: 3 ", in: "tree/clusters/payments.yaml")
        try await obstacle.place(tree)
        for format in ["text", "json", "markdown"] {
            let plan = try await tree.run("plan", "tree", "--detailed-exitcode", "--format", format)
            #expect(plan.status == 2, "\(plan.out)\(plan.err)")
            #expect(!plan.out.contains("No changes"), "\(plan.out)")
        }
        let applied = try await tree.run("apply", "tree", "--yes")
        #expect(applied.status == obstacle.applied, "\(applied.out)\(applied.err)")
        #expect(!applied.out.contains("No changes") && !applied.err.contains("No changes"))
    }

    @Test("2 and 0: what waits for a person is wanted, and no failure")
    func waitsForAPerson() async throws {
        let tree = try await Tree(.created)
        #expect(try await tree.run("plan", "tree", "--detailed-exitcode").status == 2)
        for words in [["apply", "tree", "--yes"], ["reconcile", "tree"], ["status", "tree"]] {
            #expect(try await Program.run(words, in: tree.folder).status == 0)
        }
    }

    @Test("0: the last line names a person where the run has brought the person's turn")
    func thePersonsTurn() async throws {
        let tree = try await Tree(.created)
        try await tree.done("simulate", "sign", "payments", "tree")
        let ended = try await tree.run("apply", "tree", "--yes")
        #expect(ended.status == 0)
        #expect(ended.out.contains("It is a person's turn: payments"), "\(ended.out)")
        #expect(!ended.out.contains("the service's turn"), "\(ended.out)")
    }

    @Test("6: the HSM that a plan removes was replaced by the service")
    func replacedHSM() async throws {
        let tree = try await Tree(.whole)
        try tree.folder.replace("hsms: 2 ", with: "hsms: 1 ", in: "tree/clusters/payments.yaml")
        let plan = try await tree.done("plan", "tree", "-o", "p.json").out
        let hsm = try #require(plan.firstMatch(of: /remove HSM +(hsm-[a-z0-9]+)/)).1
        try await tree.done("simulate", "replace-hsm", String(hsm), "tree")
        let before = try tree.effects()
        let ended = try await tree.run("apply", "p.json", "tree", "--yes")
        #expect(ended.status == 6, "\(ended.out)\(ended.err)")
        #expect(ended.err.contains("the service replaced the hardware"), "\(ended.err)")
        #expect(try tree.effects() == before)
        #expect(try await tree.run("apply", "p.json", "tree", "--yes").status == 6)
    }

    /// Two things that are wrong at once, and which of them the code tells.
    struct Pair: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let status: Int32
        let spoil: @Sendable (Tree) throws -> Void
        var isLocked = false
    }

    static let pairs = [
        Pair(
            testDescription: "bad manifests and another run",
            status: 65,
            spoil: {
                try $0.folder.write("?", to: "tree/fleet.yaml")
            },
            isLocked: true
        ),
        Pair(
            testDescription: "bad manifests and a damaged state",
            status: 65,
            spoil: {
                try $0.folder.write("?", to: "tree/fleet.yaml")
                try $0.folder.write("?", to: $0.groupFile())
            }
        ),
        Pair(
            testDescription: "another run and a damaged state",
            status: 75,
            spoil: {
                try $0.folder.write("?", to: $0.groupFile())
            },
            isLocked: true
        ),
        Pair(
            testDescription: "a damaged state and a freeze",
            status: 10,
            spoil: {
                try $0.freeze("fleet.yaml")
                try $0.folder.write("?", to: $0.groupFile())
            }
        ),
    ]

    @Test("of two that apply the first of the table is the code", arguments: pairs)
    func precedence(_ pair: Pair) async throws {
        let tree = try await Tree(.whole)
        try tree.folder.replace("hsms: 2 ", with: "hsms: 3 ", in: "tree/clusters/payments.yaml")
        try pair.spoil(tree)
        for words in [["apply", "tree", "--yes"], ["reconcile", "tree"]] {
            let ended =
                pair.isLocked
                ? try await tree.run(locking: words)
                : try await Program.run(words, in: tree.folder)
            #expect(ended.status == pair.status, "\(words): \(ended.out)\(ended.err)")
        }
    }

    @Test(
        "64: wrong usage",
        arguments: [
            ["frobnicate"], ["plan", "--format", "xml"], ["plan", "--max-bytes", "1000"],
            ["plan", "--format", "markdown", "--max-bytes", "10"], ["plan", "--now", "yesterday"],
            ["plan", "--now", "2026-11-20T09:00:00"], ["apply", "--timeout", "0"],
            ["apply", "a.json", "b.json"], ["apply", "--lock-timeout", "-1"], ["init"],
            ["reconcile", "--lock-timeout", "-1"], ["simulate", "advance", "soon"],
            ["simulate", "advance", "0d"], ["simulate", "advance"], ["simulate", "sign"],
            ["simulate", "replace-hsm", "hsm-1"], ["simulate", "degrade-hsm", "x"],
            ["plan", "--color", "sometimes"], ["status", "--format", "yaml"],
            ["validate", "--format", "markdown"], ["plan", "--selector", "prod"],
        ]
    )
    func wrongUsage(arguments: [String]) async throws {
        let folder = try Folder()
        let ended = try await Program.run(arguments, in: folder)
        #expect(ended.status == 64, "\(arguments): \(ended.out)\(ended.err)")
        #expect(ended.out == "")
        #expect(ended.err.contains("Usage:"))
    }

    @Test(
        "0: help and version, with every exit code",
        arguments: [
            "plan", "apply", "reconcile", "status", "validate", "init", "adopt", "simulate",
        ]
    )
    func help(command: String) async throws {
        let folder = try Folder()
        let ended = try await Program.run([command, "--help"], in: folder)
        #expect(ended.status == 0)
        #expect(ended.out.contains("EXIT CODES") && ended.out.contains("wrong usage"))
        #expect(try await Program.run(["--version"], in: folder).status == 0)
    }

    @Test("75: somebody else holds the lock", arguments: ["apply", "reconcile"])
    func locked(command: String) async throws {
        let tree = try await Tree()
        let before = try tree.contents()
        let words = command == "apply" ? ["apply", "tree", "--yes"] : ["reconcile", "tree"]
        let ended = try await tree.run(locking: words)
        #expect(ended.status == 75)
        #expect(ended.err.contains("in use"))
        #expect(try tree.contents() == before)
        #expect(try await tree.run(locking: ["plan", "tree"]).status == 0, "readers go on")
        #expect(try await tree.run(locking: ["status", "tree"]).status == 0)
        #expect(try await tree.run(locking: ["simulate", "advance", "1h", "tree"]).status == 75)
        #expect(
            try await tree.run(words[0], "tree", words.count > 2 ? "--yes" : "--verbose").status
                == 0
        )
    }

    @Test("75 or 0: two at once never do a thing twice")
    func twoAtOnce() async throws {
        let tree = try await Tree()
        async let one = tree.run("apply", "tree", "--yes")
        async let other = tree.run("apply", "tree", "--yes")
        let statuses = [try await one.status, try await other.status].sorted()
        #expect(statuses == [0, 75] || statuses == [0, 0])
        let files = try tree.contents().keys.filter {
            $0.contains("/cluster-") && $0.hasSuffix(".json")
        }
        #expect(files.count == 1)
        let text = try tree.folder.text(try tree.groupFile())
        #expect(text.components(separatedBy: #""HsmId""#).count == 2, "one HSM")
    }
}

extension Tree {
    /// Freezes the fleet or its cluster, with a reason, for a month.
    fileprivate func freeze(_ manifest: String) throws {
        let path = "tree/\(manifest)"
        let part = manifest == "fleet.yaml" ? "  safety:\n" : "spec:\n"
        let indent = manifest == "fleet.yaml" ? "    " : "  "
        let line = "freeze: { reason: audit, until: 2026-12-20T09:00:00Z }"
        try folder.replace(part, with: "\(part)\(indent)\(line)\n", in: path)
    }

    /// Runs a command while another process holds the state's lock.
    func run(locking arguments: [String]) async throws -> Program.Ended {
        // The shell holds the lock on a file of its own until the program has ended.
        try await Program.run(
            arguments,
            in: folder,
            shell: "exec 9<>tree/state/lock; flock -x 9; \"$0\" \"$@\" 9<&-; exit $?;"
        )
    }
}
