import Foundation
import Testing

/// A plan that was saved, read, and applied later.
@Suite("Saved plans")
struct SavedPlanTests {
    private func planned() async throws -> Tree {
        let tree = try await Tree()
        try await tree.done("plan", "tree", "-o", "plan.json")
        return tree
    }

    @Test("are carried out once, and not a second time")
    func areCarriedOutOnce() async throws {
        let tree = try await planned()
        #expect(try await tree.run("apply", "tree", "--plan", "plan.json", "--yes").status == 0)
        let again = try await tree.run("apply", "tree", "--plan", "plan.json", "--yes")
        #expect(again.status == 6)
        #expect(again.err.contains("was used on"))
    }

    @Test("are named among the manifests, or by --plan")
    func areNamedAmongTheManifests() async throws {
        let tree = try await planned()
        let both = try await tree.run("apply", "plan.json", "tree", "--plan", "plan.json", "--yes")
        #expect(both.status == 64)
        #expect(try await tree.run("apply", "plan.json", "tree", "--yes").status == 0)
    }

    @Test("in which everything is held are not done, and not used up")
    func inWhichAllIsHeld() async throws {
        let tree = try await Tree(.whole)
        try tree.folder.replace("mode: FIPS", with: "mode: NON_FIPS", in: Self.manifest)
        let plan = try await tree.done("plan", "tree", "-o", "plan.json")
        #expect(plan.out.contains("1 held"))
        for _ in 0..<2 {
            let ended = try await tree.run("apply", "plan.json", "tree", "--yes")
            #expect(ended.status == 4, "\(ended.err)")
            #expect(ended.err.contains("1 held") && !ended.err.contains("every step"))
        }
    }

    @Test("tell what is held and waits beside them")
    func besideWhatIsHeld() async throws {
        let tree = try await Tree(.whole)
        try tree.folder.replace("mode: FIPS", with: "mode: NON_FIPS", in: Self.manifest)
        try tree.folder.replace("hsms: 2 ", with: "hsms: 3 ", in: Self.manifest)
        try await tree.done("plan", "tree", "-o", "plan.json")
        let ended = try await tree.run("apply", "plan.json", "tree", "--yes")
        #expect(ended.status == 4, "\(ended.err)")
        #expect(ended.out.contains("1 done, 1 held"), "\(ended.out)")
    }

    private static let manifest = "tree/clusters/payments.yaml"

    @Test("keep the digest that somebody read before a run that did nothing")
    func keepTheirDigest() async throws {
        let folder = try ExampleTests.copy(of: "recovery-point")
        let digest = try await digest(in: folder)
        let asked = try await Program.run(["apply", "tree"], in: folder)
        #expect(asked.status == 1, "nobody agreed: \(asked.err)")
        let later = try await self.digest(in: folder)
        let apply = ["apply", "tree", "--yes", "--digest"]
        let ended = try await Program.run(apply + [digest], in: folder)
        #expect(ended.status == 0, "\(ended.err)")
        for digest in [digest, later] {
            let again = try await Program.run(apply + [digest], in: folder)
            #expect(again.status == 6, "one plan is carried out once: \(again.err)")
        }
    }

    private func digest(in folder: Folder) async throws -> String {
        let lines = try await Program.run(["plan", "tree"], in: folder).out.split(separator: "\n")
        let line = try #require(lines.last { $0.hasPrefix("digest ") })
        return String(line.dropFirst("digest ".count))
    }

    @Test("can be agreed to by their digest, once")
    func areAgreedToByDigest() async throws {
        let tree = try await planned()
        let digest = try await tree.digest()
        #expect(try tree.folder.text("plan.json").contains(#""digest" : "\#(digest)""#))
        #expect(try await tree.run("apply", "--digest", digest, "tree", "--yes").status == 0)
        let again = try await tree.run("apply", "--digest", digest, "tree", "--yes")
        #expect(again.status == 6)
        #expect(again.err.contains("was used on"))
        let file = try await tree.run("apply", "plan.json", "tree", "--yes")
        #expect(file.status == 6, "the file is the same agreement")
        let cut = try await tree.run("apply", "--digest", String(digest.prefix(30)), "tree")
        #expect(cut.status == 64)
        #expect(cut.err.contains("takes a whole digest"), "\(cut.err)")
        #expect(cut.err.contains("the line of strongroom plan that begins with digest"))
    }

    @Test("are refused by a digest that is not theirs")
    func areRefusedByAnotherDigest() async throws {
        let tree = try await planned()
        let digest = "sha256:" + String(repeating: "0", count: 64)
        let ended = try await tree.run("apply", "--digest", digest, "tree", "--yes")
        #expect(ended.status == 6)
        #expect(ended.err.contains(try await tree.digest()))
    }

    @Test("can be read by their owner only, and are written through no link")
    func areTheirOwners() async throws {
        let tree = try await Tree()
        let saved = try await tree.run("plan", "tree", "-o", "plan.json", shell: "umask 000;")
        #expect(saved.status == 0)
        let path = tree.folder.file("plan.json").path
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        try tree.folder.write("mine", to: "elsewhere")
        try FileManager.default.createSymbolicLink(
            at: tree.folder.file("link.json"),
            withDestinationURL: tree.folder.file("elsewhere")
        )
        #expect(try await tree.run("plan", "tree", "-o", "link.json").status == 1)
        #expect(try tree.folder.text("elsewhere") == "mine")
    }

    @Test("hold the bytes that plan prints")
    func holdWhatIsPrinted() async throws {
        let tree = try await planned()
        let printed = try await tree.done("plan", "tree", "--format", "json").out
        #expect(try tree.folder.text("plan.json") == printed)
    }

    @Test("are refused once the manifests say something else")
    func staleManifest() async throws {
        let tree = try await planned()
        try tree.folder.replace("FIPS", with: "NON_FIPS", in: "tree/clusters/payments.yaml")
        try await refused(tree)
    }

    @Test("are refused once the world has moved on")
    func staleWorld() async throws {
        let tree = try await Tree(.whole)
        try tree.folder.replace("hsms: 2 ", with: "hsms: 3 ", in: "tree/clusters/payments.yaml")
        try await tree.done("plan", "tree", "-o", "plan.json")
        try tree.folder.replace("hsms: 3 ", with: "hsms: 4 ", in: "tree/clusters/payments.yaml")
        try await refused(tree)
    }

    @Test("are refused a day later")
    func expired() async throws {
        let tree = try await planned()
        try await tree.done("simulate", "advance", "24h", "tree")
        try await refused(tree)
    }

    @Test("are refused when a single value was changed")
    func tampered() async throws {
        let tree = try await planned()
        try tree.folder.replace("us-east-1a", with: "us-east-1b", in: "plan.json")
        try await refused(tree)
    }

    @Test("are refused when they are no plan at all", arguments: ["", "{}", "[1]", "not json"])
    func noPlan(text: String) async throws {
        let tree = try await planned()
        try tree.folder.write(text, to: "plan.json")
        try await refused(tree)
    }

    @Test("are refused when cut off anywhere", arguments: [1, 100, 500, 1_000])
    func truncated(length: Int) async throws {
        let tree = try await planned()
        let whole = try Data(contentsOf: tree.folder.file("plan.json"))
        try tree.folder.write(whole.prefix(length), to: "plan.json")
        try await refused(tree)
    }

    @Test("that are not there are a failure")
    func missing() async throws {
        let tree = try await Tree()
        let ended = try await tree.run("apply", "tree", "--plan", "none.json", "--yes")
        #expect(ended.status == 1)
        #expect(ended.err.contains("none.json"))
    }

    @Test("that cannot be saved are a failure, and say where")
    func unsaveable() async throws {
        let tree = try await Tree()
        let ended = try await tree.run("plan", "tree", "-o", "no/such/folder/plan.json")
        #expect(ended.status == 1)
        #expect(ended.err.contains("no/such/folder/plan.json"))
    }

    private func refused(_ tree: Tree) async throws {
        let before = try tree.effects()
        let ended = try await tree.run("apply", "tree", "--plan", "plan.json", "--yes")
        #expect(ended.status == 6, "\(ended.err)")
        #expect(ended.err.contains("plan.json"))
        #expect(try tree.effects() == before, "nothing is sent")
    }
}
