import Foundation
import Testing

/// Stand-ins for what happens outside the API.
@Suite("simulate")
struct SimulateTests {
    @Test("advance tells what happened, and plans see it")
    func advance() async throws {
        let tree = try await Tree(.whole)
        let ended = try await tree.done("simulate", "advance", "3d", "tree")
        #expect(ended.out.contains("daily backup"))
        #expect(ended.err.contains("2026-11-23T"))
        let plan = try await tree.run("plan", "tree", "--detailed-exitcode")
        #expect(plan.status == 2, "the copy is stale by now")
        #expect(plan.out.contains("> copy"))
    }

    @Test("sign and activate refuse what is not their turn")
    func outOfTurn() async throws {
        let tree = try await Tree()
        let before = try tree.contents()
        for words in [
            ["simulate", "sign", "payments", "tree"], ["simulate", "sign", "nobody", "tree"],
            ["simulate", "activate", "payments", "tree"],
            ["simulate", "activate", "cluster-aaaaaaaaaaa", "tree"],
            ["simulate", "change-material", "payments", "tree"],
            ["simulate", "replace-hsm", "hsm-aaaaaaaaaaa", "tree"],
            ["simulate", "degrade-hsm", "hsm-aaaaaaaaaaa", "tree"],
        ] {
            let ended = try await Program.run(words, in: tree.folder)
            #expect(ended.status == 1, "\(words): \(ended.err)")
            #expect(ended.err.hasPrefix("error: "))
        }
        #expect(try tree.contents() == before)
    }

    @Test("a replaced HSM is the same HSM to a plan")
    func replace() async throws {
        let tree = try await Tree(.whole)
        let hsm = try #require(try tree.hsms().first)
        let ended = try await tree.done("simulate", "replace-hsm", hsm, "tree")
        #expect(ended.err.contains(hsm))
        #expect(try !tree.hsms().contains(hsm))
        #expect(try await tree.run("plan", "tree", "--detailed-exitcode").status == 0)
    }

    @Test("a degraded HSM is waited for, and nothing is removed meanwhile")
    func degrade() async throws {
        let tree = try await Tree(.whole)
        let hsm = try #require(try tree.hsms().first)
        // One that fails right after its creation never was in service, and is made anew.
        try await tree.done("simulate", "advance", "2h", "tree")
        try await tree.done("simulate", "degrade-hsm", hsm, "tree")
        let plan = try await tree.run("plan", "tree", "--detailed-exitcode")
        #expect(plan.status == 2)
        #expect(plan.out.contains("DEGRADED"))
        try await tree.done("simulate", "advance", "1h", "tree")
        #expect(try await tree.run("plan", "tree").out.contains("No changes."))
    }

    @Test("changed material makes later backups another generation")
    func material() async throws {
        let tree = try await Tree(.whole)
        let ended = try await tree.done("simulate", "change-material", "payments", "tree")
        #expect(ended.err.contains("generation 2") || ended.out.contains("generation 2"))
    }
}

extension Tree {
    /// The ids of the cluster's HSMs.
    func hsms() throws -> [String] {
        try folder.text(try groupFile()).components(separatedBy: #""HsmId" : ""#).dropFirst()
            .compactMap { $0.split(separator: "\"").first.map(String.init) }
    }
}
