import Foundation
import Testing

/// What plans and status say of who brought something about.
@Suite("Causes")
struct CauseTests {
    @Test("a plan tells an edited manifest from a person's hand")
    func editAndDrift() async throws {
        let tree = try await Tree(.whole)
        try await tree.done("apply", "tree", "--yes")
        try tree.folder.replace("hsms: 2", with: "hsms: 3", in: Self.manifest)
        let edited = try await tree.done("plan", "tree")
        #expect(edited.out.contains("[edit]") && !edited.out.contains("[drift]"))
        try tree.folder.replace("hsms: 3", with: "hsms: 2", in: Self.manifest)

        let copy = try #require(try tree.backups(in: "eu-west-1").first)
        try await tree.done("simulate", "delete-backup", copy, "tree")
        // Reads lag a little behind the call.
        try await tree.done("simulate", "advance", "10m", "tree")
        let drifted = try await tree.done("plan", "tree")
        #expect(drifted.out.contains("> copy"), "\(drifted.out)")
        #expect(drifted.out.contains("[drift]") && !drifted.out.contains("[edit]"))
        let status = try await tree.done("status", "tree")
        #expect(status.out.contains("noticed"))
        #expect(status.out.contains(copy) && status.out.contains("restorable until"))
        let json = try await tree.done("plan", "tree", "--format", "json")
        #expect(json.out.contains(#""cause" : "drift""#))
    }

    @Test("what the service did is told once by reconcile, and needs nothing")
    func replacedHSM() async throws {
        let tree = try await Tree(.whole)
        try await tree.done("reconcile", "tree")
        let hsm = try #require(try tree.hsms().first)
        try await tree.done("simulate", "replace-hsm", hsm, "tree")
        let status = try await tree.done("status", "tree")
        #expect(status.out.contains("since the last run"))
        #expect(status.out.contains(hsm) && status.out.contains("was replaced by the service"))
        let told = try await tree.done("reconcile", "tree")
        #expect(told.err.contains("\(hsm) was replaced by the service"))
        #expect(told.err.contains("No changes."))
        let silent = try await tree.done("reconcile", "tree")
        #expect(silent.out == "" && silent.err == "")
        #expect(try await !tree.done("status", "tree").out.contains("since the last run"))
    }

    @Test("a memory that cannot be read costs the causes only, and is left as it is")
    func damagedMemory() async throws {
        let tree = try await Tree(.whole)
        try await tree.done("reconcile", "tree")
        try tree.folder.replace("hsms: 2", with: "hsms: 3", in: Self.manifest)
        try tree.folder.write("{", to: "tree/state/seen.json")
        let plan = try await tree.run("plan", "tree")
        #expect(plan.status == 10, "a part of the state directory is damaged")
        #expect(plan.out.contains("+ add HSM") && !plan.out.contains("[edit]"))
        #expect(plan.err.contains("seen.json") && plan.err.contains("without causes"))
        let applied = try await tree.run("apply", "tree", "--yes")
        #expect(applied.status == 10 && applied.out.contains("1 done"), "\(applied.out)")
        #expect(try tree.folder.text("tree/state/seen.json") == "{")
    }

    @Test("a saved plan leaves the memory of what it does not carry out")
    func savedPlan() async throws {
        let tree = try await Tree(.whole)
        try await tree.done("apply", "tree", "--yes")
        let one = try tree.folder.text(Self.manifest)
        let other = one.replacingOccurrences(of: "name: payments", with: "name: orders")
            .replacingOccurrences(of: "payments.crt", with: "orders.crt")
        try tree.folder.write(other, to: "tree/clusters/orders.yaml")
        let frozen = "hsms: 3\n  freeze: { reason: audit, until: 2026-12-20T09:00:00Z }"
        try tree.folder.replace("hsms: 2", with: frozen, in: Self.manifest)
        let planned = try await tree.done("plan", "tree", "-o", "p.json")
        #expect(planned.out.contains("new cluster") && planned.out.contains("! held"))
        let applied = try await tree.run("apply", "tree", "p.json", "--yes")
        #expect(applied.status == 4, "\(applied.out)\(applied.err)")
        let memory = try tree.folder.text("tree/state/seen.json")
        #expect(memory.contains(#""payments""#) && memory.contains(#""Open""#), "\(memory)")
        let left = try await tree.done("plan", "tree")
        #expect(left.out.contains("! held") && left.out.contains("[edit]"), "\(left.out)")
        #expect(!left.out.contains("[drift]") && !left.out.contains("[service]"), "\(left.out)")
    }

    @Test("plan and status write nothing")
    func readers() async throws {
        let tree = try await Tree(.whole)
        let hsm = try #require(try tree.hsms().first)
        try await tree.done("simulate", "replace-hsm", hsm, "tree")
        let before = try tree.contents()
        try await tree.done("plan", "tree")
        try await tree.done("status", "tree")
        #expect(try tree.contents() == before)
    }

    @Test("delete-backup refuses what is not listed")
    func unknownBackup() async throws {
        let tree = try await Tree(.whole)
        let before = try tree.contents()
        let ended = try await tree.run("simulate", "delete-backup", "backup-aaaaaaaaaaa", "tree")
        #expect(ended.status == 1 && ended.err.contains("is not listed"))
        #expect(try tree.contents() == before)
    }

    private static let manifest = "tree/clusters/payments.yaml"
}

extension Tree {
    /// The ids of the cluster's backups in a Region, oldest first.
    fileprivate func backups(in region: String) throws -> [String] {
        try folder.text(try groupFile()).components(separatedBy: "\n")
            .filter { $0.contains(#""Region":"\#(region)""#) }
            .compactMap { line in
                line.components(separatedBy: #""BackupId":""#).last?.split(separator: "\"").first
                    .map(String.init)
            }
    }
}
