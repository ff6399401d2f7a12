import Foundation
import Testing

/// A newcomer's way from nothing to a fleet that is as it should be.
@Suite("A newcomer's way")
struct JourneyTests {
    @Test("leads from init to no changes")
    func leadsToNoChanges() async throws {
        let tree = try await Tree(.activated)
        let plan = try await tree.done("plan", "tree")
        #expect(plan.out.contains("+ add HSM"))
        let applied = try await tree.done("apply", "tree", "--yes")
        #expect(applied.out.contains("result: 2 done"))
        let left = try await tree.done("plan", "tree", "--detailed-exitcode")
        #expect(left.out.hasPrefix("No changes."))
        let repeated = try await tree.done("apply", "tree", "--yes")
        #expect(!repeated.out.contains("done"), "nothing is done twice")
    }

    @Test("is shown by init in commands that can be typed as they stand")
    func nextStepsCanBeTyped() async throws {
        let folder = try Folder()
        let begun = try await Program.run(["init", "tree"], in: folder)
        let lines = begun.out.components(separatedBy: "\n").filter { $0.contains(" strongroom ") }
        #expect(lines.count == 7)
        for line in lines {
            // What it does stands two spaces or more behind the command.
            let typed = line.trimmingCharacters(in: .whitespaces).components(separatedBy: "  ")[0]
            var command = typed.split(separator: " ").dropFirst().map(String.init)
            if command.first == "apply" { command.append("--yes") }
            let ended = try await Program.run(command, in: folder)
            #expect(ended.status == 0, "\(command.joined(separator: " ")): \(ended.err)")
        }
    }

    @Test("begins only in a folder that is empty or not there")
    func beginsInAnEmptyFolder() async throws {
        let folder = try Folder()
        try folder.write("mine", to: "full/notes.txt")
        try FileManager.default.createDirectory(
            at: folder.file("empty"),
            withIntermediateDirectories: false
        )
        let refused = try await Program.run(["init", "full"], in: folder)
        #expect(refused.status == 1)
        #expect(refused.err.contains("full is not empty"))
        #expect(try folder.contents() == ["full/notes.txt": Data("mine".utf8)])
        #expect(try await Program.run(["init", "empty"], in: folder).status == 0)
        #expect(try await Program.run(["plan", "empty"], in: folder).status == 0)
        #expect(try await Program.run(["init", "full/notes.txt"], in: folder).status == 1)
    }

    @Test("can be gone tick by tick")
    func canBeGoneByTicks() async throws {
        let tree = try await Tree()
        var quiet = 0
        for _ in 0..<12 where quiet < 2 {
            let tick = try await tree.done("reconcile", "tree")
            quiet = tick.out.contains("started") || tick.out.contains("done") ? 0 : quiet + 1
            try await tree.done("simulate", "advance", "10m", "tree")
        }
        let left = try await tree.run("plan", "tree", "--detailed-exitcode")
        #expect(left.status == 2)
        #expect(left.out.contains("plan: nothing to do now, 2 waiting"), "\(left.out)")
        let silent = try await tree.done("reconcile", "tree")
        #expect(silent.out == "")
        #expect(
            silent.err.hasPrefix("It is a person's turn: payments, initialisation:"),
            "cron tells who has to do something: \(silent.err)"
        )
        let before = try tree.contents()
        try await tree.done("reconcile", "tree")
        #expect(try tree.contents() == before, "a tick with nothing to do writes nothing")
    }
}
