import Foundation
import Testing

/// A run under a saved plan that was cut short goes on under it.
@Suite("A saved plan that was cut short")
struct ResumedPlanTests {
    /// After how many minutes the first run gives up waiting: every stage of making a cluster.
    static let minutes = Array(1...10)

    @Test("is gone on with to its end, and nothing is done twice", arguments: minutes)
    func isGoneOnWith(minutes: Int) async throws {
        let tree = try await Tree()
        try await tree.done("plan", "tree", "-o", "plan.json")
        let first = try await tree.run(
            "apply",
            "plan.json",
            "tree",
            "--yes",
            "--timeout",
            "\(minutes)"
        )
        #expect(!first.out.contains("result: 2 done"), "it was cut short")
        let second = try await tree.run("apply", "plan.json", "tree", "--yes")
        #expect(second.status == 0, "\(second.err)")
        #expect(second.err.contains("going on under plan.json"))
        let third = try await tree.run("apply", "plan.json", "tree", "--yes")
        #expect(third.status == 6)
        #expect(third.err.contains("was used on"))
        let journal = try tree.journal()
        #expect(journal.matches(of: /"operation":"CreateCluster"/).count == 1)
        #expect(journal.matches(of: /"operation":"CreateHsm"/).count == 1)
        #expect(journal.matches(of: /"kind":"planBegun"/).count == 1)
        #expect(journal.matches(of: /"kind":"planEnded"/).count == 1)
        let clusters = try tree.contents().keys.filter { $0.hasSuffix(".json") }
            .filter { $0.contains("/cluster-") && $0.hasSuffix(".json") }
        #expect(clusters.count == 1)
        #expect(try await tree.done("plan", "tree").out.contains("1 unchanged") == false)
    }

    @Test("is not gone on with a day later")
    func isNotGoneOnWithTooLate() async throws {
        let tree = try await Tree()
        try await tree.done("plan", "tree", "-o", "plan.json")
        try await tree.done("apply", "plan.json", "tree", "--yes", "--timeout", "1")
        try await tree.done("simulate", "advance", "24h", "tree")
        let ended = try await tree.run("apply", "plan.json", "tree", "--yes")
        #expect(ended.status == 6)
        #expect(ended.err.contains("holds for 24 h"))
    }

    @Test("leaves its digest with every call that was made under it")
    func leavesItsDigest() async throws {
        let tree = try await Tree()
        try await tree.done("plan", "tree", "-o", "plan.json")
        let digest = try await tree.digest().dropFirst("sha256:".count)
        try await tree.done("apply", "plan.json", "tree", "--yes")
        let lines = try tree.journal().split(separator: "\n").filter { $0.contains("\"intent\":{") }
        #expect(lines.count == 2)
        #expect(lines.allSatisfy { $0.contains("\"approval\":\"\(digest)\"") })
    }

    @Test("is refused where the journal's common part is damaged: it may have been used")
    func isRefusedByADamagedJournal() async throws {
        let tree = try await Tree(.created)
        try await tree.done("simulate", "sign", "payments", "tree")
        try await tree.done("plan", "tree", "-o", "plan.json")
        try tree.folder.replace(
            "\"CreateCluster\"",
            with: "\"CreateClustre\"",
            in: "tree/state/journal/fleet.jsonl"
        )
        let before = try tree.effects()
        let ended = try await tree.run("apply", "plan.json", "tree", "--yes")
        #expect(ended.status == 6 || ended.status == 10, "\(ended.err)")
        #expect(try tree.effects() == before)
    }
}

extension Tree {
    /// Every line of the journal.
    fileprivate func journal() throws -> String {
        try contents().filter { $0.key.hasSuffix(".jsonl") }.sorted { $0.key < $1.key }
            .map { String(decoding: $0.value, as: UTF8.self) }.joined()
    }
}
