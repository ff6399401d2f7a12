import Foundation
import Glibc
import Testing

/// A command that waits for somebody, and is stopped: nothing was done then, and it says so.
@Suite("A stopped wait", .timeLimit(.minutes(5)))
struct StoppedWaitTests {
    private static let line = "stopped; this run sent nothing that is not listed above\n"

    /// What is carried out: a plan made now, or one that was saved.
    static let plans: [[String]] = [[], ["p.json"]]

    @Test("130, 143: for an answer", arguments: [SIGINT, SIGTERM], plans)
    func forAnAnswer(signal: Int32, plan: [String]) async throws {
        let tree = try await Tree()
        try await tree.done("plan", "tree", "-o", "p.json")
        let before = try tree.effects()
        let terminal = try PseudoTerminal()
        let run = try Program.start(
            ["apply", "tree"] + plan,
            in: tree.folder,
            person: terminal.program
        )
        try terminal.program.close()
        let shown = terminal.shown(until: "for yes: ")
        // What is typed and not ended is no answer.
        try terminal.type("ye")
        _ = terminal.shown(until: "ye")
        kill(run.pid, signal)
        let end = terminal.shown(until: Self.line.replacing("\n", with: "\r\n"))
        let ended = try await run.end()
        #expect(ended.status == 128 + signal, "\(shown)\(end)")
        #expect(end.hasSuffix("\r\n" + Self.line.replacing("\n", with: "\r\n")), "\(end)")
        #expect(ended.out == "")
        #expect(try tree.effects(since: before) == 0)
        #expect(try await tree.run("apply", "tree", "--yes").status == 0, "the lock is free")
    }

    /// What is typed, and what the run ends with; the last is the end of the input.
    static let replies: [(String, Int32)] = [("yes\n", 0), ("no\n", 1), ("\u{4}", 1)]

    @Test("the answer counts that is typed", arguments: replies)
    func answers(typed: String, status: Int32) async throws {
        let tree = try await Tree()
        let terminal = try PseudoTerminal()
        let run = try Program.start(["apply", "tree"], in: tree.folder, person: terminal.program)
        try terminal.program.close()
        _ = terminal.shown(until: "for yes: ")
        try terminal.type(typed)
        let end = terminal.shown(until: "the end of all")
        #expect(try await run.end().status == status, "\(end)")
    }

    /// A command that waits for the lock, and what it ends with when it is stopped; `nil` for the
    /// signal's own code.
    struct Waiting: Sendable, CustomTestStringConvertible {
        let words: [String]
        var status: Int32?

        var testDescription: String { words.joined(separator: " ") }
    }

    static let waiting = [
        Waiting(words: ["apply", "tree", "--yes"]), Waiting(words: ["reconcile", "tree"]),
        Waiting(words: ["reconcile", "tree", "--every", "5m"], status: 0),
        Waiting(words: ["resolve", "abcdef", "--done", "--reason", "seen", "tree"]),
        Waiting(words: ["observe", "tree"]), Waiting(words: ["state", "repair", "tree", "--yes"]),
    ]

    @Test("130, 143: for the lock", arguments: [SIGINT, SIGTERM], waiting)
    func forTheLock(signal: Int32, command: Waiting) async throws {
        let tree = try await Tree(.whole)
        let path = tree.folder.file("tree/state/lock").path
        let lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        defer { close(lock) }
        try #require(flock(lock, LOCK_EX) == 0)
        let before = try tree.contents()
        let run = try Program.start(command.words + ["--lock-timeout", "600"], in: tree.folder)
        while !run.hasOpen("/state/lock") { try await Task.sleep(for: .milliseconds(10)) }
        kill(run.pid, signal)
        let ended = try await run.end()
        #expect(ended.status == command.status ?? 128 + signal, "\(ended.out)\(ended.err)")
        let unsaid =
            "what you said is not recorded; strongroom status tells how it stands\n"
        #expect(ended.err == (command.words[0] == "resolve" ? unsaid : "") + Self.line)
        #expect(try tree.contents() == before)
    }
}

extension Started {
    /// Whether the program has a file open whose path ends so.
    fileprivate func hasOpen(_ end: String) -> Bool {
        let folder = "/proc/\(pid)/fd"
        let numbers = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return numbers.contains { number in
            let path = try? FileManager.default.destinationOfSymbolicLink(
                atPath: "\(folder)/\(number)"
            )
            return path?.hasSuffix(end) ?? false
        }
    }
}
