import Foundation
import Testing

/// Manifests with mistakes: each is placed, all are said at once, and nothing is begun.
@Suite("Bad manifests")
struct BadManifestTests {
    /// One mistake.
    struct Mistake: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let old: String
        let new: String

        init(_ description: String, _ old: String, _ new: String) {
            testDescription = description
            self.old = old
            self.new = new
        }
    }

    static let mistakes: [Mistake] = [
        Mistake("an unknown key", "hsms: 2 ", "hmss: 2 "),
        Mistake("a value out of range", "retentionDays: 90 ", "retentionDays: 400 "),
        Mistake("a word that is none", "mode: FIPS", "mode: SAFE"),
        Mistake("a number that is text", "hsms: 2 ", "hsms: two "),
        Mistake("an equal key", "  hsms: 2 ", "  hsms: 2\n  hsms: 3 "),
        Mistake("a tab", "  hsms: 2 ", "\thsms: 2 "),
        Mistake("an anchor", "hsms: 2 ", "hsms: &count 2 "),
        Mistake("an alias", "hsms: 2 ", "hsms: *count "),
        Mistake("a tag", "hsms: 2 ", "hsms: !!int 2 "),
        Mistake("a merge key", "  hsms: 2 ", "  <<: {}\n  hsms: 2 "),
        Mistake("a Boolean where a word is meant", "mode: FIPS", "mode: no"),
        Mistake("an unknown Region", "region: us-east-1\n", "region: us-middle-1\n"),
        Mistake("a zone elsewhere", "us-east-1b:", "eu-west-1b:"),
        Mistake("a copy at home", "{ region: eu-west-1,", "{ region: us-east-1,"),
        Mistake("a copy outside the fleet", "{ region: eu-west-1,", "{ region: eu-west-2,"),
        Mistake("a copy in another partition", "{ region: eu-west-1,", "{ region: us-gov-west-1,"),
        Mistake("no mode", "  mode: FIPS\n", ""),
        Mistake("a span without a unit", "maxAge: 26h ", "maxAge: 26 "),
        Mistake("an id that is none", "# clusterId: cluster-2ndsmpk7w5q", "clusterId: cluster-1"),
        Mistake("another version", "strongroom/v1", "strongroom/v2"),
        Mistake("another kind", "kind: Cluster", "kind: Clutser"),
        Mistake("broken YAML", "hsms: 2 ", "hsms: [2 "),
        Mistake(
            "a floor beyond the retention",
            "retentionDays: 30 }",
            "retentionDays: 30, keepAtLeast: 200 }"
        ),
        Mistake(
            "a clone of itself",
            "  hsms: 2 ",
            "  restoreFrom: { cluster: payments }\n  hsms: 2 "
        ),
        Mistake("a tombstone without a reason", "  hsms: 2 ", "  ensure: absent\n  hsms: 2 "),
    ]

    private static let manifest = "tree/clusters/payments.yaml"

    @Test("end every command with 65, and say where", arguments: mistakes)
    func endWith65(mistake: Mistake) async throws {
        let tree = try await Tree()
        try tree.folder.replace(mistake.old, with: mistake.new, in: Self.manifest)
        let before = try tree.contents()
        let validated = try await tree.run("validate", "tree")
        #expect(validated.status == 65)
        #expect(validated.out.contains("  --> \(Self.manifest):"), "\(validated.out)")
        #expect(validated.out.contains("= help: "), "\(validated.out)")
        let json = try await tree.run("validate", "tree", "--format", "json")
        #expect(json.status == 65)
        let document = try JSONSerialization.jsonObject(with: Data(json.out.utf8))
        #expect(document is [String: Any])
        for words in [["plan", "tree"], ["apply", "tree", "--yes"], ["reconcile", "tree"]] {
            let ended = try await Program.run(words, in: tree.folder)
            #expect(ended.status == 65)
            #expect(ended.out == "")
            #expect(ended.err.contains(Self.manifest))
        }
        #expect(try tree.contents() == before)
    }

    @Test("are all said at once")
    func allAtOnce() async throws {
        let tree = try await Tree()
        try tree.folder.replace("hsms: 2 ", with: "hmss: 2 ", in: Self.manifest)
        try tree.folder.replace("mode: FIPS", with: "mode: SAFE", in: Self.manifest)
        try tree.folder.replace("perRun: 10", with: "perRun: -1", in: "tree/fleet.yaml")
        let ended = try await tree.run("validate", "tree")
        #expect(ended.out.components(separatedBy: "  --> ").count >= 4, "\(ended.out)")
    }

    @Test("include those that are not there: never no clusters")
    func nothingRead() async throws {
        let folder = try Folder()
        try FileManager.default.createDirectory(
            at: folder.file("empty"),
            withIntermediateDirectories: false
        )
        for path in ["empty", "missing", "."] {
            let ended = try await Program.run(["plan", path], in: folder)
            #expect(ended.status == 65, "\(path): \(ended.err)")
        }
        #expect(try await Program.run(["plan", "-"], in: folder).status == 65)
    }

    @Test("twice the same name, or two fleets, are mistakes")
    func twice() async throws {
        let tree = try await Tree()
        let text = try tree.folder.text(Self.manifest)
        try tree.folder.write(text, to: "tree/clusters/again.yaml")
        let names = try await tree.run("validate", "tree")
        #expect(names.status == 65)
        #expect(names.out.contains("tree/clusters/payments.yaml"))
        try FileManager.default.removeItem(at: tree.folder.file("tree/clusters/again.yaml"))
        try tree.folder.write(try tree.folder.text("tree/fleet.yaml"), to: "tree/fleet2.yaml")
        #expect(try await tree.run("validate", "tree").status == 65)
    }

    @Test("that are not UTF-8, or too large, are refused")
    func unreadable() async throws {
        let tree = try await Tree()
        try tree.folder.write(Data([0x61, 0x3A, 0x20, 0xFF, 0xFE, 0x0A]), to: Self.manifest)
        #expect(try await tree.run("validate", "tree").status == 65)
        let comment = String(repeating: "# much\n", count: 200_000)
        try tree.folder.write(comment, to: Self.manifest)
        #expect(try await tree.run("validate", "tree").status == 65)
    }
}
