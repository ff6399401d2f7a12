import Foundation
import Testing

/// A run that a person or a scheduler asks to stop.
@Suite("Signals")
struct SignalTests {
    @Test(
        "stop an apply between two calls, and the next run goes on",
        arguments: [SIGINT, SIGTERM]
    )
    func stopCleanly(signal: Int32) async throws {
        let tree = try await wideTree()
        let talk = try NarrowPipe()
        let run = try Program.start(
            ["apply", "tree", "--yes"],
            in: tree.folder,
            talk: talk.writing
        )
        try talk.closeWriting()
        // The run has begun to act, and cannot say all it has to say before somebody reads on.
        #expect(try talk.read(until: "  started\n"))
        kill(run.pid, signal)
        let rest = try talk.readToEnd()
        let ended = try await run.end()
        #expect(ended.status == 128 + signal, "\(rest)")
        // The round is through and only told of still: no call is under way.
        #expect(rest.contains("stopping\n") && !rest.contains("present call"), "\(rest)")
        #expect(ended.out.contains("(stopped before the end)"), "\(ended.out)")
        #expect(try await tree.run("apply", "tree", "--yes").status == 0)
        let left = try await tree.run("plan", "tree")
        let waiting = "plan: nothing to do now, \(2 * Self.width) waiting"
        #expect(left.out.contains(waiting), "\(left.out)")
        let clusters = try tree.contents().keys.filter {
            $0.contains("/cluster-") && $0.hasSuffix(".json")
        }
        #expect(clusters.count == Self.width, "no cluster was made twice")
    }

    private static let width = 60

    /// A tree with so many clusters, each in an account of its own, that its progress does not fit
    /// into a small pipe.
    private func wideTree() async throws -> Tree {
        let tree = try await Tree()
        let path = "tree/clusters/payments.yaml"
        let manifest = try tree.folder.text(path)
        try FileManager.default.removeItem(at: tree.folder.file(path))
        var accounts: [String] = []
        for number in 100..<(100 + Self.width) {
            accounts.append(#"    - { name: a\#(number), id: "111122223\#(number)" }"#)
            try tree.folder.write(
                manifest.replacingOccurrences(of: "payments", with: "payments-\(number)")
                    .replacingOccurrences(of: "spec:\n", with: "spec:\n  account: a\(number)\n"),
                to: "tree/clusters/payments-\(number).yaml"
            )
        }
        try tree.folder.replace(
            "  service: simulator",
            with: "  accounts:\n\(accounts.joined(separator: "\n"))\n  service: simulator",
            in: "tree/fleet.yaml"
        )
        return tree
    }
}

/// A pipe that holds one page, so that who writes to it waits for who reads.
private struct NarrowPipe {
    let writing: FileHandle
    private let reading: FileHandle

    init() throws {
        let pipe = Pipe()
        writing = pipe.fileHandleForWriting
        reading = pipe.fileHandleForReading
        // F_SETPIPE_SZ, which Glibc's module does not name.
        guard fcntl(writing.fileDescriptor, 1031, 4096) > 0 else { throw POSIXError(.EINVAL) }
    }

    /// Leaves the end for writing to the program alone.
    func closeWriting() throws { try writing.close() }

    /// Reads on until a text was read; false if the end came first.
    func read(until text: String) throws -> Bool {
        var seen = ""
        while let data = try reading.read(upToCount: 64), !data.isEmpty {
            seen += String(decoding: data, as: UTF8.self)
            if seen.contains(text) { return true }
        }
        return false
    }

    /// Reads what is left.
    func readToEnd() throws -> String {
        String(decoding: try reading.readToEnd() ?? Data(), as: UTF8.self)
    }
}
