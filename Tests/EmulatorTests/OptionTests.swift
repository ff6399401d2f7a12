import Foundation
import Testing

/// How the emulator is started, and what it says when it cannot be.
@Suite("Starting the emulator")
struct OptionTests {
    @Test("the first line says where it listens, and the development key is stated")
    func greeting() async throws {
        let emulator = try await Emulator()
        let lines = try emulator.greeting().split(separator: "\n")
        #expect(lines.first?.hasPrefix("listening on http://127.0.0.1:") == true)
        #expect(lines.contains { $0.contains("AWS_ACCESS_KEY_ID=") })
        let ended = try await emulator.end(SIGINT)
        #expect(ended.status == 0)
        #expect(ended.err.isEmpty, "\(ended.err)")
    }

    @Test("an address that others can reach gets a warning")
    func warning() async throws {
        let emulator = try await Emulator("--host", "0.0.0.0")
        #expect(try await emulator.end().err.hasPrefix("warning: others can reach 0.0.0.0"))
    }

    @Test("given keys are not printed, and must be in a file that is its owner's only")
    func keyFile() async throws {
        let folder = try Folder()
        try folder.write("# ours\nOURS:very-secret-words:111122223333\n", to: "keys")
        let emulator = try await Emulator("--access-key-file", folder.path("keys"))
        let ended = try await emulator.end()
        #expect(!(ended.out + ended.err).contains("very-secret-words"))
        #expect(!ended.out.contains("AWS_SECRET_ACCESS_KEY"))
    }

    @Test(
        "what cannot be is refused with its reason, and no secret",
        arguments: [
            (["--access-key-file", "open"], "make it yours only: chmod 600"),
            (["--access-key-file", "broken"], "broken:2: write ID:SECRET"),
            (["--access-key-file", "empty"], "has no key"),
            (["--access-key-file", "missing"], "No such file"),
            (["--access-key", "just-an-id"], "write a key as ID:SECRET"),
            (["--access-key", "ID:very-secret-words:12"], "write a key as ID:SECRET"),
            (["--tls-certificate", "broken"], "go together"),
            (["--tls-certificate", "broken", "--tls-key", "broken"], "cannot use"),
            (["--state", "missing/state"], "missing"),
            (["--speed", "0"], "--speed takes a number above 0"),
            (["--speed", "nan"], "--speed takes a number above 0"),
            (["--port", "70000"], "--port takes 0 to 65535"),
            (["--throttle", "2"], "take 0 to 1"),
            (["--fill", "99"], "--fill takes 1 to"),
            (["--subnet", "subnet-1=mars"], "write it like subnet-0a1b2c3d=us-east-1a"),
            (["--instant", "--read-lag", "30s"], "leave --read-lag out"),
            (["--start", "yesterday"], "is not a moment"),
        ]
    )
    func refused(options: [String], reason: String) async throws {
        let folder = try Folder()
        try folder.write("OURS:very-secret-words\n", to: "open", mode: 0o644)
        try folder.write("OURS:very-secret-words\nvery-secret-words\n", to: "broken")
        try folder.write("# nothing\n", to: "empty")
        let files = ["open", "broken", "empty", "missing", "missing/state"]
        let words = options.map { files.contains($0) ? folder.path($0) : $0 }
        let port = options.contains("--port") ? [] : ["--port", "0"]
        let ended = try await Emulator.failing(words + port)
        #expect(ended.status == 1 || ended.status == 64, "\(ended)")
        #expect(ended.err.contains(reason), "\(ended.err)")
        #expect(
            !ended.err.replacing("ID:very-secret-words:12", with: "").contains("very-secret-words")
        )
    }

    @Test(
        "every call that was answered is told on request, refused ones too",
        .enabled(if: Clients.areThere, Clients.missing)
    )
    func callLog() async throws {
        let emulator = try await Emulator("--log-calls")
        try await Clients.run("one.py", emulator.url, "describe_clusters")
        try await Clients.run(
            "one.py",
            emulator.url,
            "delete_backup",
            #"{"BackupId": "backup-aaaaaaaaaaa"}"#
        )
        let lines = try await emulator.end().err.split(separator: "\n")
        #expect(
            lines == [
                "call DescribeClusters 000000000000 us-east-1 200 -",
                "call DeleteBackup 000000000000 us-east-1 400 CloudHsmResourceNotFoundException",
            ]
        )
    }

    @Test("a port that is taken is named")
    func portTaken() async throws {
        let emulator = try await Emulator()
        let port = try #require(emulator.url.split(separator: ":").last.map(String.init))
        let ended = try await Emulator.failing(["--port", port])
        #expect(ended.status == 1)
        #expect(ended.err.hasPrefix("error: cannot listen on 127.0.0.1:\(port)"), "\(ended.err)")
    }

    @Test("the help says how to use it")
    func help() async throws {
        let ended = try await Emulator.failing(["--help"])
        #expect(ended.status == 0)
        for words in [
            "/_strongroom/activate?cluster=", "AWS_ENDPOINT_URL", "x-strongroom-world-time",
        ] {
            #expect(ended.out.contains(words))
        }
    }
}
