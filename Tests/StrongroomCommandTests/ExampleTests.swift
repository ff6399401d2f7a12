import Foundation
import Testing

/// Every folder of examples/ is a scenario: the documentation cannot rot.
///
/// `STRONGROOM_RECORD=1` writes what is printed into the examples instead; read the difference.
@Suite("Examples")
struct ExampleTests {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    static let names: [String] = {
        let examples = root.appendingPathComponent("examples").path
        let names = try? FileManager.default.contentsOfDirectory(atPath: examples)
        // Ready-made files for schedulers are no tree of manifests.
        return (names ?? []).filter { !$0.hasPrefix(".") && $0 != "scheduling" }.sorted()
    }()

    static let isRecording = ProcessInfo.processInfo.environment["STRONGROOM_RECORD"] == "1"

    /// A copy of an example in a folder of its own.
    static func copy(of name: String, at path: String = "tree") throws -> Folder {
        let folder = try Folder()
        try folder.copy(root.appendingPathComponent("examples/\(name)"), to: path)
        return folder
    }

    /// The same under its own path.
    private func copy(of name: String) throws -> Folder {
        try Self.copy(of: name, at: "examples/\(name)")
    }

    @Test("are all there")
    func areThere() {
        #expect(Self.names.count >= 5)
    }

    @Test(
        "print the plan they promise, to the byte",
        arguments: names,
        ["text", "json", "markdown"]
    )
    func printTheirPlan(name: String, format: String) async throws {
        let folder = try copy(of: name)
        let before = try folder.contents()
        let command = ["plan", "examples/\(name)", "--format", format]
        let one = try await Program.run(command, in: folder)
        let other = try await Program.run(command, in: folder)
        let isBlind = one.err.contains("the Region does not answer")
        #expect(one.status == (isBlind ? 5 : 0))
        #expect(isBlind == (name == "region-lost"))
        #expect(one.out == other.out)
        #expect(isBlind || one.err == "", "nothing is to be said beside the result")
        #expect(try folder.contents() == before, "a plan writes nothing")
        let ending = ["text": "txt", "markdown": "md"][format] ?? format
        let path = "examples/\(name)/expected/plan.\(ending)"
        let golden = Self.root.appendingPathComponent(path)
        guard !Self.isRecording else { return try Data(one.out.utf8).write(to: golden) }
        #expect(one.out == (try folder.text(path)), "\(path)")
    }

    @Test("stand in the README as they are printed", arguments: names)
    func standInTheReadme(name: String) throws {
        let readme = try String(
            contentsOf: Self.root.appendingPathComponent("README.md"),
            encoding: .utf8
        )
        let parts = readme.components(separatedBy: "`strongroom plan examples/\(name)`").dropFirst()
        let path = "examples/\(name)/expected/plan.txt"
        let plan = try String(contentsOf: Self.root.appendingPathComponent(path), encoding: .utf8)
        for part in parts {
            // On a terminal the same words stand in other lines.
            let shown = Self.words(part.components(separatedBy: "```").dropFirst().first ?? "")
            #expect(!shown.isEmpty)
            let isCut = shown["..."] != nil
            let printed = Self.words(plan)
            let missing = shown.filter { $0.key != "..." && printed[$0.key, default: 0] < $0.value }
            #expect(missing == [:], "\(path)")
            #expect(isCut || shown == printed, "\(path)")
        }
    }

    private static func words(_ text: String) -> [Substring: Int] {
        let words = text.split(whereSeparator: \.isWhitespace)
        return Dictionary(words.map { ($0, 1) }, uniquingKeysWith: +)
    }

    @Test("are valid, and nothing is left to do once they are applied", arguments: names)
    func canBeApplied(name: String) async throws {
        let folder = try copy(of: name)
        let path = "examples/\(name)"
        #expect(try await Program.run(["validate", path], in: folder).status == 0)
        let plan = try await Program.run(["plan", path], in: folder).out
        let applied = try await Program.run(["apply", path, "--yes"], in: folder)
        let after = try await Program.run(["plan", path], in: folder).out
        // What was held, and can be done only now, was not done.
        let isLeftOver = plan.contains("! held") && after.contains("digest sha256:")
        #expect(applied.status == (isLeftOver ? 4 : Self.end(of: after)), "\(applied.err)")
        #expect(!applied.out.contains("refused") && !applied.out.contains("unsafe"))
        // What a budget per run held back is for the runs after it.
        for _ in 0..<3 where plan.contains("safety.deletions.") {
            _ = try await Program.run(["apply", path, "--yes"], in: folder)
        }
        let left = try await Program.run(["plan", path, "--detailed-exitcode"], in: folder)
        // Nothing can be done any more; what is still wanted waits, is held, or could not be read.
        #expect(!left.out.contains("\n  + ") && !left.out.contains("\n  - "), "\(left.out)")
        let isSettled = left.out.contains("No changes.")
        #expect(left.status == (isSettled ? 0 : left.out.contains("? not read") ? 5 : 2))
        // A cluster is remembered by the first run that finds it there.
        _ = try await Program.run(["reconcile", path], in: folder)
        let before = try contents(of: folder)
        let again = try await Program.run(["reconcile", path], in: folder)
        #expect(again.status == Self.end(of: left.out))
        #expect(try contents(of: folder) == before)
    }

    /// How a run ends that leaves such a plan behind.
    private static func end(of plan: String) -> Int32 {
        plan.contains("? not read") ? 5 : plan.contains("! held") ? 4 : 0
    }

    /// Every byte, apart from what says which run was the last.
    private func contents(of folder: Folder) throws -> [String: Data] {
        try folder.contents().filter { !$0.key.hasSuffix("state/run.json") }
    }

    @Test("are left alone by all of this", arguments: names)
    func areNotTouched(name: String) throws {
        let source = Self.root.appendingPathComponent("examples/\(name)")
        let names = try Folder.contents(of: source).keys
        #expect(!names.contains("state/lock"), "the example itself was opened for writing")
        #expect(!names.contains { $0.contains("jsonl") }, "the example itself was applied")
    }
}
