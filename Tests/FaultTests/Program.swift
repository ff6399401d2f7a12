import Foundation

/// The built program, run as a user runs it.
enum Program {
    /// The built program: beside this test program, or where STRONGROOM_BINARY says.
    static func path() throws -> String {
        if let path = ProcessInfo.processInfo.environment["STRONGROOM_BINARY"] { return path }
        let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let path = URL(fileURLWithPath: tests).deletingLastPathComponent()
            .appendingPathComponent("strongroom").path
        guard FileManager.default.isExecutableFile(atPath: path) else { throw NotThere(path: path) }
        return path
    }

    /// The program is not built.
    struct NotThere: Error, CustomStringConvertible {
        let path: String
        var description: String { "\(path) is not there: build the package first" }
    }

    /// Starts the program.
    ///
    /// - Parameters:
    ///   - arguments: What is typed behind its name.
    ///   - folder: Where it is typed.
    ///   - wrapper: A program before it, such as strace, and its arguments.
    ///   - environment: What is set besides the usual.
    /// - Returns: The run.
    /// - Throws: When it cannot be started.
    static func start(
        _ arguments: [String],
        in folder: URL,
        under wrapper: [String] = [],
        environment: [String: String] = [:]
    ) throws -> Running {
        try Running(wrapper + [path()] + arguments, in: folder, environment: environment)
    }

    /// Runs the program to its end.
    static func run(
        _ arguments: [String],
        in folder: URL,
        under wrapper: [String] = [],
        environment: [String: String] = [:]
    ) async throws -> Ended {
        try await start(arguments, in: folder, under: wrapper, environment: environment).end()
    }
}

/// A program of the system.
enum Tool {
    /// Runs it to its end; it has to end well.
    @discardableResult
    static func run(_ command: String..., in folder: URL) async throws -> Ended {
        let ended = try await Running(command, in: folder).end()
        guard ended.status == 0 else { throw Failed(command: command, ended: ended) }
        return ended
    }

    /// A tool or command that had to end well did not.
    struct Failed: Error, CustomStringConvertible {
        let command: [String]
        let ended: Ended
        var description: String {
            "\(command.joined(separator: " ")) ended with \(ended.status): \(ended.text)"
        }
    }

    /// Whether a tool is installed.
    static func isThere(_ name: String) -> Bool {
        ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"]
            .contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(name)") }
    }
}
