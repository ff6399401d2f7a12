import Foundation
import Testing

/// The ready-made files for cron, systemd and GitHub Actions: every command in them is one that the
/// program knows and carries out.
@Suite("Scheduling")
struct SchedulingTests {
    /// A command of one of the files.
    struct Command: CustomTestStringConvertible, Sendable {
        let file: String
        let words: [String]
        var testDescription: String { "\(file): \(words.joined(separator: " "))" }
    }

    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("examples/scheduling")

    static let commands: [Command] = [
        "strongroom.service", "strongroom-loop.service", "crontab", "github-actions.yml",
        "github-actions-aws.yml",
    ].flatMap { file in
        let text = (try? String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8))
        return (text ?? "").split(separator: "\n").compactMap { command(in: $0, of: file) }
    }

    /// The words behind the program's name, up to what the shell does with them.
    private static func command(in line: Substring, of file: String) -> Command? {
        guard !line.hasPrefix("#") else { return nil }
        let starts = ["ExecStart=/usr/local/bin/strongroom ", "&& strongroom ", "run: strongroom "]
        guard let start = starts.compactMap({ line.range(of: $0) }).first else { return nil }
        let words = line[start.upperBound...].split(separator: " ")
            .prefix { !["||", ">", "&&"].contains($0) }
        // systemd reads %% as %.
        return Command(
            file: file,
            words: words.map { $0.replacingOccurrences(of: "%%", with: "%") }
        )
    }

    @Test("every file has a command")
    func everyFileHasACommand() {
        #expect(Set(Self.commands.map(\.file)).count == 5)
        #expect(Self.commands.count == 11)
    }

    @Test("do what they say", arguments: commands.filter { !$0.words.contains("--every") })
    func areCarriedOut(_ command: Command) async throws {
        let tree = try await Tree(.whole)
        let shell = "cd tree;"
        let ended = try await Program.run(command.words, in: tree.folder, shell: shell)
        #expect(ended.status == 0, "\(ended.err)")
        #expect(ended.err.isEmpty || command.words.first == "apply", "\(ended.err)")
    }

    @Test(
        "stay until they are sent SIGTERM",
        arguments: commands.filter { $0.words.contains("--every") }
    )
    func stay(_ command: Command) async throws {
        let tree = try await Tree(.created)
        let run = try Program.start(
            command.words + ["--verbose"],
            in: tree.folder,
            shell: "cd tree;"
        )
        while try !tree.folder.text("tree/state/run.json").contains("\"Tick\"") {
            try await Task.sleep(for: .milliseconds(20))
        }
        kill(run.pid, SIGTERM)
        let ended = try await run.end()
        #expect(ended.status == 0, "\(ended.err)")
    }

    @Test("leave quietly while another run has the state")
    func leaveQuietly() async throws {
        let tree = try await Tree(.whole)
        let holder = try Program.start(
            [
                "-c",
                "flock -x tree/state/lock sh -c 'touch held; while [ -e held ]; do sleep 0.02; done'",
            ],
            in: tree.folder,
            program: "/bin/sh"
        )
        while !FileManager.default.fileExists(atPath: tree.folder.file("held").path) {
            try await Task.sleep(for: .milliseconds(10))
        }
        let ended = try await tree.run("reconcile", "tree")
        #expect(ended.status == 75, "\(ended.err)")
        try FileManager.default.removeItem(at: tree.folder.file("held"))
        _ = try await holder.end()
        #expect(try await tree.run("reconcile", "tree").status == 0)
    }

    @Test("a deadline that is over begins no call, and the next tick goes on")
    func aDeadlineEndsATick() async throws {
        let tree = try await Tree()
        let late = try await tree.run("reconcile", "tree", "--deadline", "1m")
        #expect(late.status == 0, "\(late.err)")
        #expect(try await tree.run("reconcile", "tree", "--deadline", "0m").status == 64)
        #expect(try await tree.run("reconcile", "tree", "--jitter", "20%").status == 64)
        #expect(
            try await tree.run("reconcile", "tree", "--every", "1m", "--jitter", "2").status == 64
        )
    }
}
