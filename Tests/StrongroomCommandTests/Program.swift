import Foundation

/// The built program, run as a user runs it.
enum Program {
    /// What a run left behind.
    struct Ended: Sendable {
        /// The exit code; of a run that a signal ended, 128 and its number, as shells say.
        let status: Int32
        let out: String
        let err: String
    }

    /// Why the program could not be run.
    struct NotFound: Error, CustomStringConvertible {
        let path: String
        var description: String { "\(path) is not there: build the package first" }
    }

    /// The built program: beside this test program, or where STRONGROOM_BINARY says.
    static func path() throws -> String {
        if let path = ProcessInfo.processInfo.environment["STRONGROOM_BINARY"] { return path }
        let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let path = URL(fileURLWithPath: tests).deletingLastPathComponent()
            .appendingPathComponent("strongroom").path
        guard FileManager.default.isExecutableFile(atPath: path) else { throw NotFound(path: path) }
        return path
    }

    /// Runs the program to its end.
    ///
    /// - Parameters:
    ///   - arguments: What is typed behind its name.
    ///   - folder: Where it is typed.
    ///   - input: What standard input holds.
    ///   - environment: What is set besides PATH and HOME.
    ///   - shell: A shell's words before the program, such as `ulimit -f 1;`.
    /// - Returns: What it left behind.
    /// - Throws: When it cannot be started.
    static func run(
        _ arguments: [String],
        in folder: Folder,
        input: String = "",
        environment: [String: String] = [:],
        shell: String? = nil
    ) async throws -> Ended {
        try await Turnstile.shared.through {
            let started = try start(
                arguments,
                in: folder,
                input: input,
                environment: environment,
                shell: shell
            )
            return try await started.end()
        }
    }

    /// Starts the program.
    ///
    /// - Parameters:
    ///   - arguments: What is typed behind its name.
    ///   - folder: Where it is typed.
    ///   - input: What standard input holds.
    ///   - environment: What is set besides PATH and HOME.
    ///   - shell: A shell's words before the program.
    ///   - talk: Where standard error goes instead of a file.
    ///   - person: A terminal that standard input comes from and standard error goes to.
    ///   - other: Another program to start instead.
    /// - Returns: The run.
    /// - Throws: When it cannot be started.
    static func start(
        _ arguments: [String],
        in folder: Folder,
        input: String = "",
        environment: [String: String] = [:],
        shell: String? = nil,
        talk: FileHandle? = nil,
        person: FileHandle? = nil,
        program other: String? = nil
    ) throws -> Started {
        let process = Process()
        let program = try other ?? path()
        if let shell {
            process.executableURL = URL(fileURLWithPath: "/bin/sh")
            process.arguments = ["-c", "\(shell) exec \"$0\" \"$@\"", program] + arguments
        } else {
            process.executableURL = URL(fileURLWithPath: program)
            process.arguments = arguments
        }
        process.currentDirectoryURL = folder.url
        let home = ["PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": folder.url.path]
        process.environment = home.merging(environment) { _, new in new }
        let files = try StreamFiles(input: input)
        process.standardInput = person ?? files.input
        process.standardOutput = files.out
        process.standardError = talk ?? person ?? files.err
        return try Started(process, files)
    }
}

/// A run that was started.
final class Started: Sendable {
    private let files: StreamFiles
    private let ended: AsyncStream<Int32>

    /// Its process number.
    let pid: Int32

    init(_ process: Process, _ files: StreamFiles) throws {
        self.files = files
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

    /// Waits for the end.
    ///
    /// - Returns: What the run left behind.
    /// - Throws: When its output cannot be read.
    func end() async throws -> Program.Ended {
        var status: Int32 = -1
        for await code in ended { status = code }
        return try files.ended(status)
    }

    /// What it has written so far.
    ///
    /// - Returns: That; the status means nothing yet.
    /// - Throws: When it cannot be read.
    func soFar() throws -> Program.Ended { try files.ended(-1) }
}

/// The files a run's streams go to, so that no pipe can fill up.
final class StreamFiles: Sendable {
    private let folder: Folder
    let input: FileHandle
    let out: FileHandle
    let err: FileHandle

    init(input text: String) throws {
        folder = try Folder()
        try folder.write(text, to: "in")
        try folder.write("", to: "out")
        try folder.write("", to: "err")
        input = try FileHandle(forReadingFrom: folder.file("in"))
        out = try FileHandle(forWritingTo: folder.file("out"))
        err = try FileHandle(forWritingTo: folder.file("err"))
    }

    /// What was written; the files are closed, because thousands of runs would keep too many open.
    func ended(_ status: Int32) throws -> Program.Ended {
        for file in [input, out, err] { try file.close() }
        return Program.Ended(
            status: status,
            out: try folder.text("out"),
            err: try folder.text("err")
        )
    }
}
