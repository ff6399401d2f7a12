internal import CSpawn
internal import CloudHSM
internal import Foundation
internal import Glibc

/// Runs a program to its end: no shell, no environment but the one given, no open files of ours
/// but the three standard ones, limited time and output.
package struct HelperProcess: Sendable {
    /// What a program gave.
    package struct Result: Sendable {
        /// Its exit status; `nil` if a signal ended it.
        package let status: Int32?
        package let output: [UInt8]
        /// The beginning of what it said on standard error.
        let complaint: [UInt8]
    }

    /// Why there is no result.
    enum Fault: Error, Hashable, Sendable {
        case notStarted(errno: Int32)
        case tooSlow(Duration)
        case tooMuchOutput(Int)
    }

    /// The program's path and its arguments, the first of which is its name.
    let path: String
    let arguments: [String]

    /// All of its environment.
    let environment: [String: String]

    /// How long it may take.
    let timeLimit: Duration

    /// How much it may write, in bytes.
    var outputLimit = 64 << 10

    /// How much of standard error is kept, in bytes; the rest is read and dropped.
    private static let complaintLimit = 4 << 10

    /// How long what a program started may go on writing once the program itself has ended.
    private static let grace = Duration.milliseconds(200)

    /// How often it is looked whether the program has ended, in milliseconds.
    private static let lookEvery: Int32 = 5

    /// Describes a program that is to be run.
    package init(
        path: String,
        arguments: [String],
        environment: [String: String],
        timeLimit: Duration
    ) {
        self.path = path
        self.arguments = arguments
        self.environment = environment
        self.timeLimit = timeLimit
    }

    /// Runs the program on a thread of its own: waiting for it would hold up other tasks.
    ///
    /// - Returns: What it gave.
    /// - Throws: ``Fault``; whatever it started in its process group is killed then.
    package func run() async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(with: Swift.Result { try self.runBlocking() })
            }
        }
    }

    private func runBlocking() throws -> Result {
        let output = try Pipe.make()
        defer { close(output.reading) }
        let complaint: Pipe
        do {
            complaint = try Pipe.make()
        } catch {
            close(output.writing)
            throw error
        }
        defer { close(complaint.reading) }
        let child: pid_t
        do {
            defer {
                close(output.writing)
                close(complaint.writing)
            }
            child = try start(output: output.writing, complaint: complaint.writing)
        }
        let read = Swift.Result { () throws -> (output: [UInt8], complaint: [UInt8]) in
            let deadline = ContinuousClock.now + timeLimit
            return try readAll(output.reading, complaint.reading, of: child, until: deadline)
        }
        // What it left behind in its group would otherwise go on. Until it is waited for, the number
        // is its own, so nobody else's group can be hit.
        kill(-child, SIGKILL)
        let status = Self.status(of: child)
        let (kept, complaints) = try read.get()
        return Result(status: status, output: kept, complaint: complaints)
    }
}

extension HelperProcess {
    private func start(output: Int32, complaint: Int32) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        posix_spawn_file_actions_adddup2(&actions, complaint, 2)
        cspawn_close_from(&actions, 3)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // A group of its own, so that all of it can be killed; signals as a new program expects.
        let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
        posix_spawnattr_setflags(&attributes, Int16(flags))
        posix_spawnattr_setpgroup(&attributes, 0)
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        var all = sigset_t()
        sigfillset(&all)
        posix_spawnattr_setsigdefault(&attributes, &all)
        let names = arguments.map { strdup($0) } + [nil]
        let variables =
            environment.sorted { $0.key < $1.key }
            .map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { (names + variables).forEach { free($0) } }
        var child = pid_t()
        let error = posix_spawn(&child, path, &actions, &attributes, names, variables)
        guard error == 0 else { throw Fault.notStarted(errno: error) }
        return child
    }

    /// Reads both pipes until the program has ended, and what it wrote is read.
    ///
    /// What it started may hold the pipes open for longer: that is waited for a moment only.
    private func readAll(
        _ output: Int32,
        _ complaint: Int32,
        of child: pid_t,
        until deadline: ContinuousClock.Instant
    ) throws -> (output: [UInt8], complaint: [UInt8]) {
        var kept: [Int32: [UInt8]] = [output: [], complaint: []]
        var open = [output, complaint]
        var buffer = [UInt8](repeating: 0, count: 1 << 14)
        var end: ContinuousClock.Instant?
        while true {
            if end == nil, Self.hasEnded(child) { end = .now + Self.grace }
            if end != nil, open.isEmpty { break }
            guard ContinuousClock.now < deadline || end != nil else {
                throw Fault.tooSlow(timeLimit)
            }
            var waits = open.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            let ready = poll(&waits, nfds_t(waits.count), Self.lookEvery)
            if let end, end < .now { break }
            guard ready > 0 else { continue }
            for wait in waits where wait.revents != 0 {
                let count = read(wait.fd, &buffer, buffer.count)
                if count < 0 && errno == EINTR { continue }
                guard count > 0 else {
                    open.removeAll { $0 == wait.fd }
                    continue
                }
                if wait.fd == output || kept[wait.fd, default: []].count < Self.complaintLimit {
                    kept[wait.fd, default: []] += buffer.prefix(count)
                }
                guard kept[output, default: []].count <= outputLimit else {
                    throw Fault.tooMuchOutput(outputLimit)
                }
            }
        }
        return (kept[output, default: []], kept[complaint, default: []])
    }

    /// Whether a program has ended; its status is left for later.
    private static func hasEnded(_ child: pid_t) -> Bool {
        var info = siginfo_t()
        let found = waitid(P_PID, id_t(child), &info, WEXITED | WNOHANG | WNOWAIT)
        return found == 0 && info._sifields._sigchld.si_pid == child
    }

    /// The exit status of a program that has ended or was killed; `nil` if a signal ended it.
    private static func status(of child: pid_t) -> Int32? {
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0 && errno == EINTR {}
        return status & 0x7F == 0 ? (status >> 8) & 0xFF : nil
    }
}

/// Two ends of a pipe that no other program inherits.
private struct Pipe {
    let reading: Int32
    let writing: Int32

    static func make() throws -> Pipe {
        var ends: [Int32] = [0, 0]
        guard cspawn_pipe(&ends) == 0 else {
            throw HelperProcess.Fault.notStarted(errno: errno)
        }
        // Numbers up to 2 would be overwritten in the child before they are used.
        guard ends[0] > 2, ends[1] > 2 else {
            ends.forEach { _ = close($0) }
            throw HelperProcess.Fault.notStarted(errno: EBADF)
        }
        return Pipe(reading: ends[0], writing: ends[1])
    }
}
