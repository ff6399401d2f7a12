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
            ("{", "it is not valid JSON"), ("{}", "the key format is missing"),
            (#"{"format": 3}"#, "the value of format cannot be used"),
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
