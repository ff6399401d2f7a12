import Foundation
import Testing

/// What goes wrong is said in sentences, and never as a programmer's error.
@Suite("Plain words")
struct PlainWordsTests {
    private func isPlain(_ text: String) -> Bool {
        ["NSCocoaErrorDomain", "NSPOSIXErrorDomain", "DecodingError", "Swift.", "UserInfo"]
            .allSatisfy { !text.contains($0) }
    }

    @Test("say where a tree cannot be written", arguments: ["/proc/foo", "file/tree"])
    func initialising(directory: String) async throws {
        let folder = try Folder()
        try folder.write("", to: "file")
        let ended = try await Program.run(["init", directory], in: folder)
        #expect(ended.status == 1)
        #expect(isPlain(ended.err), "\(ended.err)")
        #expect(ended.err.contains("cannot write \(directory)/"), "\(ended.err)")
        #expect(ended.err.contains("choose a directory"), "\(ended.err)")
    }

    @Test("say where adopted manifests cannot be written")
    func adopting() async throws {
        let folder = try await Strangers().folder
        try folder.write("", to: "file")
        let ended = try await Program.run(["adopt", "tree", "-o", "file/new"], in: folder)
        #expect(ended.status == 1, "\(ended.out)\(ended.err)")
        #expect(isPlain(ended.err), "\(ended.err)")
        #expect(ended.err.contains("file/new: Not a directory"), "\(ended.err)")
    }

    @Test(
        "say what is wrong with an override",
        arguments: [
            ("{", "override.json: the override cannot be read: line 1, column 2: "),
            ("{}", #"line 1, column 1: the key "format" is missing"#),
            (#"{"format": 3}"#, "line 1, column 12 (format): text in double quotes is expected"),
            ("{\"rule\": 1,\n \"rule\": 2}", "line 2, column 2 (rule): the key"),
            (#"{"rule": 1,}"#, "line 1, column 11: broken JSON: nothing follows this comma"),
        ]
    )
    func overriding(text: String, words: String) async throws {
        let tree = try await Tree()
        try tree.folder.write(text, to: "override.json")
        let ended = try await tree.run("apply", "tree", "--yes", "--override", "override.json")
        #expect(ended.status == 4)
        #expect(isPlain(ended.err), "\(ended.err)")
        #expect(ended.err.contains(words), "\(ended.err)")
    }
}

/// What the surroundings make impossible is said before anything is written.
@Suite("Surroundings")
struct SurroundingsTests {
    @Test(
        "of which a name is not UTF-8 are said to be that, and not missing",
        arguments: ["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "STRONGROOM_ANCHOR"]
    )
    func nameOfAnotherEncoding(variable: String) async throws {
        let tree = try await Tree()
        try tree.folder.replace(
            "service: simulator",
            with: "service: aws\n  accounts: [{ name: prod, id: \"111122223333\" }]",
            in: "tree/fleet.yaml"
        )
        try tree.folder.replace("./state", with: "./observed", in: "tree/fleet.yaml")
        let ended = try await tree.run(
            "observe",
            "tree",
            shell: #"export \#(variable)="$(printf '/x\377')";"#
        )
        #expect(ended.status != 0)
        #expect(ended.err.contains("not UTF-8"), "\(ended.err)")
        #expect(!ended.err.contains("no such file"), "\(ended.err)")
    }

    @Test("that do not last are refused by init, which names the way and leaves nothing behind")
    func memoryDisk() async throws {
        let folder = try Folder()
        let directory = "/dev/shm/strongroom-\(UUID().uuidString)"
        try #require(FileManager.default.fileExists(atPath: "/dev/shm"))
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let refused = try await Program.run(["init", directory], in: folder)
        #expect(refused.status == 1)
        #expect(refused.err.contains("--allow-volatile-state"), "\(refused.err)")
        #expect(!FileManager.default.fileExists(atPath: directory))
        let made = try await Program.run(["init", directory, "--allow-volatile-state"], in: folder)
        #expect(made.status == 0, "\(made.err)")
    }
}
