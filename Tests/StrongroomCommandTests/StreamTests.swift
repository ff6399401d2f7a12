import Foundation
import Testing

/// Results go to standard output, talk about the run to standard error; colours where wanted.
@Suite("The two streams")
struct StreamTests {
    @Test("an apply's plan and progress are talk, its table is the result")
    func applySeparates() async throws {
        let tree = try await Tree()
        let ended = try await tree.done("apply", "tree", "--yes")
        #expect(ended.out.contains("result: 2 done"))
        #expect(!ended.out.contains("plan:"))
        #expect(ended.err.contains("plan: 2 add"))
        #expect(ended.err.contains("started"))
        #expect(!ended.err.contains("result:"))
    }

    @Test("manifests' mistakes are the result of validate, and talk elsewhere")
    func diagnosticsSeparate() async throws {
        let tree = try await Tree()
        try tree.folder.replace("mode: FIPS", with: "mode: SAFE", in: "tree/clusters/payments.yaml")
        let validated = try await tree.run("validate", "tree")
        #expect(validated.out.contains("error[") && validated.err == "")
        let planned = try await tree.run("plan", "tree")
        #expect(planned.out == "" && planned.err.contains("error["))
    }

    @Test("colours come only when asked for, and not against NO_COLOR")
    func colours() async throws {
        let tree = try await Tree()
        let escape = "\u{1B}["
        #expect(try await !tree.run("plan", "tree").out.contains(escape))
        #expect(try await tree.run("plan", "tree", "--color", "always").out.contains(escape))
        #expect(try await !tree.run("plan", "tree", "--color", "never").out.contains(escape))
        let plain = try await tree.run("plan", "tree", environment: ["NO_COLOR": "1"])
        #expect(!plain.out.contains(escape))
        let forced = try await tree.run(
            "plan",
            "tree",
            "--color",
            "always",
            environment: ["NO_COLOR": "1"]
        )
        #expect(forced.out.contains(escape), "what is asked for on the line counts")
    }

    @Test("manifests can come on standard input")
    func standardInput() async throws {
        let tree = try await Tree()
        let fleet = try tree.folder.text("tree/fleet.yaml")
            .replacingOccurrences(of: "./state", with: "./tree/state")
        let cluster = try tree.folder.text("tree/clusters/payments.yaml")
        let ended = try await tree.run("plan", "-", input: fleet + "\n---\n" + cluster)
        #expect(ended.status == 0, "\(ended.err)")
        #expect(ended.out.contains("+ create cluster"))
        #expect(ended.out.contains("-:"))
        let bad = try await tree.run("plan", "-", input: fleet + "\n---\nkind: [")
        #expect(bad.status == 65)
    }

    @Test("the order in which files are named plays no part")
    func orderOfFiles() async throws {
        let tree = try await Tree()
        let files = ["tree/fleet.yaml", "tree/clusters/payments.yaml"]
        let one = try await Program.run(["plan"] + files, in: tree.folder)
        let other = try await Program.run(["plan"] + files.reversed(), in: tree.folder)
        #expect(one.status == 0)
        #expect(one.out == other.out)
    }

    @Test("Markdown stays within the bytes it is given", arguments: [256, 400, 600, 100_000])
    func markdown(bytes: Int) async throws {
        let tree = try await Tree()
        let ended = try await tree.done(
            "plan",
            "tree",
            "--format",
            "markdown",
            "--max-bytes",
            "\(bytes)"
        )
        #expect(ended.out.utf8.count <= bytes)
        #expect(!ended.out.isEmpty)
    }

    @Test("status is text or JSON")
    func status() async throws {
        let tree = try await Tree(.whole)
        let text = try await tree.done("status", "tree").out
        #expect(text.contains("payments") && text.contains("2 of 2"))
        let json = try await tree.done("status", "tree", "--format", "json").out
        let document = try JSONSerialization.jsonObject(with: Data(json.utf8))
        #expect(document is [String: Any])
        #expect(try await tree.done("status", "tree", "--format", "json").out == json)
    }

    @Test("a valid tree validates to an empty list")
    func validates() async throws {
        let tree = try await Tree()
        let text = try await tree.done("validate", "tree").out
        #expect(text.hasPrefix("valid:"))
        let json = try await tree.done("validate", "tree", "--format", "json").out
        #expect(try JSONSerialization.jsonObject(with: Data(json.utf8)) is [String: Any])
    }
}

/// The clock, put forward on the line.
@Suite("--now")
struct NowTests {
    @Test("puts plan and status forward in thought only")
    func inThought() async throws {
        let tree = try await Tree(.whole)
        let before = try tree.contents()
        let later = "2026-12-20T09:00:00Z"
        #expect(try await tree.run("plan", "tree", "--now", later).status == 0)
        let json = try await tree.done("plan", "tree", "--now", later, "--format", "json").out
        #expect(json.contains(later))
        #expect(try await tree.run("status", "tree", "--now", later).status == 0)
        #expect(try tree.contents() == before)
    }

    @Test("puts apply forward for good")
    func forGood() async throws {
        let tree = try await Tree(.whole)
        try tree.folder.replace("hsms: 2 ", with: "hsms: 3 ", in: "tree/clusters/payments.yaml")
        try await tree.done("apply", "tree", "--yes", "--now", "2026-11-21T09:00:00Z")
        let clock = try tree.folder.text("tree/state/simulator.json")
        #expect(clock.contains(#""clock" : "2026-11-21T09"#))
    }

    @Test("never goes back", arguments: ["plan", "status", "reconcile"])
    func neverBack(command: String) async throws {
        let tree = try await Tree(.whole)
        let before = try tree.contents()
        let ended = try await tree.run(command, "tree", "--now", "2026-11-20T09:00:01Z")
        #expect(ended.status == 1)
        #expect(ended.err.contains("clock"))
        #expect(try tree.contents() == before)
    }
}
