import Foundation
import Testing

/// The state directory checked and mended by hand.
@Suite("State care")
struct StateCommandTests {
    @Test("verifies a sound state with 0 and a damaged one with 10, and changes neither")
    func verifies() async throws {
        let tree = try await Tree(.created)
        let sound = try tree.contents()
        let ended = try await tree.run("state", "verify", "tree")
        #expect(ended.status == 0 && ended.out.contains("nothing damaged"), "\(ended.out)")
        #expect(try tree.contents() == sound)
        try tree.folder.write("?", to: "tree/state/index.json")
        let damaged = try tree.contents()
        for words in [["state", "verify", "tree"], ["state", "verify", "--state", "tree/state"]] {
            let ended = try await Program.run(words, in: tree.folder)
            #expect(ended.status == 10 && ended.out.contains("index.json"), "\(ended.out)")
        }
        #expect(try tree.contents() == damaged)
    }

    @Test("proposes each mend with what it loses, and does it with --yes only")
    func repairs() async throws {
        let tree = try await Tree(.created)
        try tree.folder.write("?", to: "tree/state/index.json")
        try tree.folder.write("?", to: "tree/state/journal/fleet.jsonl")
        let damaged = try tree.contents()
        let proposed = try await tree.run("state", "repair", "tree")
        #expect(proposed.status == 10)
        #expect(proposed.out.contains("would set fleet.jsonl aside"), "\(proposed.out)")
        #expect(proposed.out.contains("lost by it: the records from the damage on"))
        #expect(try tree.contents() == damaged)
        let done = try await tree.run("state", "repair", "tree", "--yes")
        #expect(done.status == 0 && done.out.contains("nothing damaged"), "\(done.out)")
        #expect(try tree.contents().keys.contains { $0.contains("journal.damaged-") })
        #expect(try await tree.run("plan", "tree").status == 0)
    }
}
