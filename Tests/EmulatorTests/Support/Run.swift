import Foundation

/// A program that was started.
final class Run: Sendable {
    /// What a run left behind.
    struct Ended: Sendable {
        /// The exit code; of a run that a signal ended, 128 and its number, as shells say.
        let status: Int32
        let out: String
        let err: String
    }

    private let folder: Folder
    private let ended: AsyncStream<Int32>

    /// Its process number.
    let pid: Int32

    /// Starts a program whose streams go to files, so that no pipe can fill up.
    ///
    /// - Parameters:
    ///   - program: Its path.
    ///   - arguments: What is typed behind its name.
    ///   - environment: What is set besides PATH and HOME.
    /// - Throws: When it cannot be started.
    init(_ program: String, _ arguments: [String], environment: [String: String] = [:]) throws {
        folder = try Folder()
        try folder.write("", to: "out")
        try folder.write("", to: "err")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        let own = ProcessInfo.processInfo.environment
        process.environment = [
            "PATH": own["PATH"] ?? "/usr/bin:/bin", "HOME": own["HOME"] ?? folder.url.path,
        ].merging(environment) { _, new in new }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: folder.url.appending(path: "out"))
        process.standardError = try FileHandle(forWritingTo: folder.url.appending(path: "err"))
        let (ended, end) = AsyncStream.makeStream(of: Int32.self)
        self.ended = ended
        process.terminationHandler = { process in
            let isSignal = process.terminationReason == .uncaughtSignal
            end.yield(process.terminationStatus + (isSignal ? 128 : 0))
            end.finish()
        }
        try process.run()
        pid = process.processIdentifier
    }

    /// What it wrote so far.
    func soFar() throws -> (out: String, err: String) {
        (try folder.text("out"), try folder.text("err"))
    }

    /// Waits for its end.
    func end() async throws -> Ended {
        var status: Int32 = -1
        for await code in ended { status = code }
        return Ended(status: status, out: try folder.text("out"), err: try folder.text("err"))
    }
}
