import Foundation
import Testing

/// The built emulator at work.
final class Emulator: Sendable {
    private let run: Run

    /// Where it listens.
    let url: String

    /// A built program of the package, beside this test program.
    static func path(of name: String) throws -> String {
        let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let path = URL(fileURLWithPath: tests).deletingLastPathComponent()
            .appendingPathComponent(name).path
        return try #require(
            FileManager.default.isExecutableFile(atPath: path) ? path : nil,
            "\(path) is not there: build the package first"
        )
    }

    /// Starts an emulator on a free port and waits until it listens.
    ///
    /// - Parameter options: Its options.
    /// - Throws: When it does not listen.
    convenience init(_ options: String...) async throws {
        try await self.init(options)
    }

    /// Starts an emulator on a free port and waits until it listens.
    ///
    /// - Parameter options: Its options.
    /// - Throws: When it does not listen.
    init(_ options: [String]) async throws {
        run = try Run(Self.path(of: "strongroom-emulator"), options + ["--port", "0"])
        var url: String?
        // Long enough for the busiest machine; an emulator that ended says why at once.
        for _ in 0..<3_000 where url == nil {
            let line = try run.soFar().out.split(separator: "\n").first ?? ""
            if line.hasPrefix("listening on "), try run.soFar().out.contains("signatures") {
                url = String(line.dropFirst("listening on ".count))
            } else if kill(run.pid, 0) != 0 {
                break
            } else {
                try await Task.sleep(for: .milliseconds(20))
            }
        }
        let talk = try run.soFar()
        self.url = try #require(url, "the emulator does not listen: \(talk)")
    }

    deinit { kill(run.pid, SIGKILL) }

    /// What it said when it began.
    func greeting() throws -> String { try run.soFar().out }

    /// How often it answered an operation, if it was told to log its calls.
    func calls(of operation: String) throws -> Int {
        try run.soFar().err.split(separator: "\n").count { $0.hasPrefix("call \(operation) ") }
    }

    /// Ends it with a signal.
    @discardableResult
    func end(_ signal: Int32 = SIGTERM) async throws -> Run.Ended {
        kill(run.pid, signal)
        return try await run.end()
    }

    /// Runs an emulator that is to end by itself.
    static func failing(_ options: [String]) async throws -> Run.Ended {
        try await Run(path(of: "strongroom-emulator"), options).end()
    }
}
