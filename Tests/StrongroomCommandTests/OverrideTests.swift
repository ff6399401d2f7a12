import Foundation
import Testing

/// A person's leave to go beyond a limit, once.
@Suite("A one-time override")
struct OverrideTests {
    /// A tree whose manifest asks for a shorter retention, held because no backup may be deleted.
    private func held() async throws -> Tree {
        let tree = try await Tree(.whole)
        try await tree.done("simulate", "advance", "20d", "tree")
        try await tree.done("apply", "tree", "--yes")
        try tree.folder.replace("perRun: 10, perDay: 20", with: "perRun: 0, perDay: 0", in: fleet)
        try tree.folder.replace("retentionDays: 90 ", with: "retentionDays: 14 ", in: manifest)
        let plan = try await tree.done("plan", "tree").out
        try #require(plan.contains("safety.deletions.perRun"), "\(plan)")
        return tree
    }

    private let fleet = "tree/fleet.yaml"
    private let manifest = "tree/clusters/payments.yaml"

    private func write(
        _ tree: Tree,
        plan: String? = nil,
        expires: String = "2027-01-01T00:00:00Z",
        rule: String = "deletion-budget",
        reason: String = "the audit wants them gone"
    ) async throws {
        let digest =
            if let plan { plan } else { try await tree.digest() }
        try tree.folder.write(
            """
            {"format": "strongroom-override/1", "rule": "\(rule)", "group": "payments",
             "plan": "\(digest)", "expires": "\(expires)", "approver": "security", "reason": "\(reason)"}
            """,
            to: "override.json"
        )
    }

    private func apply(_ tree: Tree, _ more: String...) async throws -> Program.Ended {
        let arguments = ["apply", "tree", "--yes", "--override", "override.json"] + more
        return try await Program.run(arguments, in: tree.folder)
    }

    @Test("lifts the limit it names for one run, and is recorded with who gave it")
    func liftsTheLimit() async throws {
        let tree = try await held()
        try await write(tree)
        let ended = try await apply(tree)
        #expect(ended.status == 0, "\(ended.err)")
        #expect(ended.out.contains("done         ~ retention 90 days → 14 days"), "\(ended.out)")
        let journal = try tree.folder.text("tree/state/journal/fleet.jsonl")
        #expect(journal.contains(#""kind":"override""#))
        #expect(journal.contains(#""approver":"security""#))
        let again = try await apply(tree)
        #expect(again.status == 4)
        #expect(again.err.contains("was used on"))
    }

    @Test("is refused for another plan than the one that was read")
    func isForOnePlan() async throws {
        let tree = try await held()
        try await write(tree)
        try tree.folder.replace("retentionDays: 14 ", with: "retentionDays: 13 ", in: manifest)
        try await refused(tree, because: "is for the plan")
    }

    @Test("is refused once it has expired")
    func expires() async throws {
        let tree = try await held()
        try await write(tree, expires: "2026-11-21T00:00:00Z")
        try await refused(tree, because: "counted until")
    }

    @Test("is refused for a rule that nobody can go beyond, or that holds nothing")
    func isForOneRule() async throws {
        let tree = try await held()
        try await write(tree, rule: "freeze")
        try await refused(tree, because: "cannot be read")
        try await write(tree, rule: "creation-budget")
        try await refused(tree, because: "holds nothing")
    }

    @Test("is asked for a signature where a key is named")
    func isSigned() async throws {
        let tree = try await held()
        try await tree.done("keygen", "--out", "key")
        try await write(tree)
        let unsigned = try await apply(tree, "--trusted-key", "key.pub.pem")
        #expect(unsigned.status == 4)
        try await tree.done("sign", "override.json", "--key", "key.pem")
        try tree.folder.replace("security", with: "m.poe", in: "override.json")
        try await refused(tree, because: "signature does not fit")
        try tree.folder.replace("m.poe", with: "security", in: "override.json")
        #expect(try await apply(tree, "--trusted-key", "key.pub.pem").status == 0)
    }

    @Test("is called an override where it cannot be signed", arguments: ["rule", "rules"])
    func isNotSigned(key: String) async throws {
        let tree = try await Tree()
        try await tree.done("keygen", "--out", "key")
        try await write(tree, plan: "sha256:0")
        try tree.folder.replace(#""group""#, with: "\"\(key)\": 1, \"group\"", in: "override.json")
        let ended = try await tree.run("sign", "override.json", "--key", "key.pem")
        #expect(ended.status == 6)
        let words = "override.json: the override cannot be read: line 1, column "
        #expect(ended.err.contains(words), "\(ended.err)")
    }

    @Test("does not go with a saved plan, which says itself what is agreed to")
    func doesNotGoWithASavedPlan() async throws {
        let tree = try await Tree()
        try await tree.done("plan", "tree", "-o", "plan.json")
        #expect(try await apply(tree, "--plan", "plan.json").status == 64)
    }

    private func refused(_ tree: Tree, because words: String) async throws {
        let before = try tree.effects()
        let ended = try await apply(tree)
        #expect(ended.status == 4, "\(ended.err)")
        #expect(ended.err.contains(words), "\(ended.err)")
        #expect(try tree.effects() == before, "nothing is sent")
    }
}
