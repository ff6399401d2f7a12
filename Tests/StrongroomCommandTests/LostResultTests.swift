import Foundation
import Testing

/// Results that cannot be written, and readers that go away.
@Suite("Lost results")
struct LostResultTests {
    /// How standard output takes nothing, as a shell says it, and the system's reason.
    struct Stream: Sendable, CustomTestStringConvertible {
        let shell: String
        let reason: String

        var testDescription: String { reason }
    }

    static let streams = [
        Stream(shell: "exec >/dev/full;", reason: "No space left on device"),
        Stream(shell: "exec >&-;", reason: "Bad file descriptor"),
    ]

    /// Both streams lead to a reader that has gone.
    private let noReader = "mkfifo p; exec 3<>p 4>p 3<&- 1>&4 2>&4;"

    static let readings = [
        ["plan", "tree"], ["plan", "tree", "--detailed-exitcode"], ["status", "tree"],
        ["plan", "tree", "--format", "json"], ["plan", "tree", "--format", "markdown"],
        ["status", "tree", "--format", "json"], ["validate", "tree"], ["state", "verify", "tree"],
        ["permissions", "tree"], ["adopt", "tree", "-o", "-"], ["keygen"], ["--help"],
        ["plan", "--help"], ["--version"],
    ]

    @Test("are an error of what reads", arguments: readings, streams)
    func readingLost(words: [String], stream: Stream) async throws {
        let tree = try await Tree(.whole)
        if words[0] == "adopt" {
            let manifest = tree.folder.file("tree/clusters/payments.yaml")
            try FileManager.default.removeItem(at: manifest)
        }
        let ended = try await Program.run(words, in: tree.folder, shell: stream.shell)
        #expect(ended.status == 1, "\(words): \(ended.err)")
        let line = "error: the result could not be written to standard output: \(stream.reason)\n"
        #expect(ended.err.contains(line), "\(words): \(ended.err)")
        #expect(!ended.err.contains("the run itself"))
    }

    /// Where no plan can be written, and why not.
    static let places = [
        ("/dev/full", "it is no regular file"), ("full/p.json", "File too large"),
        ("nowhere/p.json", "there is no directory nowhere"),
    ]

    @Test("of plan -o are no file to be used, and say so", arguments: places)
    func planLost(path: String, reason: String) async throws {
        let tree = try await Tree(.whole)
        try tree.folder.write("", to: "full/README")
        // No plan can be written, and its error can, as on a full disk.
        let shell = path == "full/p.json" ? "trap '' XFSZ; ulimit -f 1;" : nil
        let ended = try await tree.run("plan", "tree", "-o", path, shell: shell)
        #expect(ended.status == 1, "\(ended.err)")
        let line =
            "error: the plan was not written to \(path), so that file cannot be used: \(reason)"
        #expect(ended.err.contains(line), "\(ended.err)")
        #expect(!ended.err.contains("restore"), "\(ended.err)")
    }

    @Test("leave a run carried out, and say so", arguments: ["apply", "reconcile"], streams)
    func runLost(command: String, stream: Stream) async throws {
        let tree = try await Tree(.whole)
        try tree.folder.replace("hsms: 2 ", with: "hsms: 3 ", in: "tree/clusters/payments.yaml")
        let words = command == "apply" ? ["apply", "tree", "--yes"] : ["reconcile", "tree"]
        let ended = try await Program.run(words, in: tree.folder, shell: stream.shell)
        #expect(ended.status == 1, "\(ended.err)")
        #expect(ended.err.contains("could not be written to standard output: \(stream.reason)\n"))
        #expect(ended.err.contains("the run itself was carried out"), "\(ended.err)")
        #expect(ended.err.contains("strongroom status"), "\(ended.err)")
        #expect(try await tree.done("status", "tree").out.contains("of 3"))
        #expect(try await tree.run("state", "verify", "tree").status == 0)
    }

    @Test("keep a code that comes before theirs", arguments: streams)
    func earlierCode(stream: Stream) async throws {
        let tree = try await Tree()
        try tree.folder.replace("mode: FIPS", with: "mode: SAFE", in: "tree/clusters/payments.yaml")
        let invalid = try await tree.run("validate", "tree", shell: stream.shell)
        #expect(invalid.status == 65)
        #expect(invalid.err.contains(stream.reason))
        try FileManager.default.removeItem(at: tree.folder.file("tree/state/index.json"))
        let damaged = try await tree.run(
            "state",
            "verify",
            "--state",
            "tree/state",
            shell: stream.shell
        )
        #expect(damaged.status == 10)
        #expect(damaged.err.contains(stream.reason))
    }

    @Test("are none where the reader has gone", arguments: readings)
    func readerOfAnAnswer(words: [String]) async throws {
        let tree = try await Tree(.whole)
        let read = try await Program.run(words, in: tree.folder)
        if words[0] == "keygen" { try tree.folder.removeKeys() }
        let unread = try await Program.run(words, in: tree.folder, shell: noReader)
        #expect(unread.status == read.status, "\(words): \(read.err)")
    }

    @Test("end no run where the reader has gone", arguments: ["apply", "reconcile"])
    func readerOfARun(command: String) async throws {
        let tree = try await Tree(.whole)
        try tree.folder.replace("hsms: 2 ", with: "hsms: 3 ", in: "tree/clusters/payments.yaml")
        let words = command == "apply" ? ["apply", "tree", "--yes"] : ["reconcile", "tree"]
        let ended = try await Program.run(words, in: tree.folder, shell: noReader)
        #expect(ended.status == 0)
        #expect(try await tree.done("status", "tree").out.contains("of 3"))
    }
}

extension Folder {
    /// Removes the keys that `keygen` wrote, which it would not overwrite.
    fileprivate func removeKeys() throws {
        for name in ["strongroom-key.pem", "strongroom-key.pub.pem"] {
            try FileManager.default.removeItem(at: file(name))
        }
    }
}
