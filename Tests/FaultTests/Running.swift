import Foundation
import Synchronization

/// What a program left behind.
struct Ended: Sendable {
    /// The exit code; of a run that a signal ended, 128 and its number, as shells say.
    let status: Int32
    let out: String
    let err: String

    /// Whether kill -9 ended it.
    var wasKilled: Bool { status == 128 + SIGKILL }

    /// Everything it printed.
    var text: String { out + err }
}

/// A program that was started, in a process group of its own, so that its helpers die with it.
final class Running: Sendable {
    /// Its process number.
    let pid: pid_t

    private let streams: Folder
    private let isReaped = Mutex(false)

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - command: The program, by path or by name, and its arguments.
    ///   - folder: Where it is started.
    ///   - environment: What is set besides PATH, HOME and TMPDIR.
    ///   - streams: Where its output goes; a folder of its own if `nil`.
    /// - Throws: When it cannot be started.
    init(
        _ command: [String],
        in folder: URL,
        environment: [String: String] = [:],
        streams: Folder? = nil
    ) throws {
        let streams = try streams ?? Folder()
        self.streams = streams
        let base = [
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": folder.path,
            // One worker thread: then every run makes its calls in the same order.
            "LIBDISPATCH_COOPERATIVE_POOL_STRICT": "1",
            "STRONGROOM_ALLOW_VOLATILE_STATE": "1",
        ]
        let words = base.merging(environment) { _, new in new }.map { "\($0.key)=\($0.value)" }
        pid = try Self.spawn(command, in: folder, environment: words, streams: streams)
    }

    /// Sends a signal to the program and its helpers, unless it has ended already.
    ///
    /// - Parameter number: The signal.
    /// - Returns: Whether it was still there.
    @discardableResult
    func signal(_ number: Int32) -> Bool {
        isReaped.withLock { isReaped in !isReaped && killpg(pid, number) == 0 }
    }

    /// Whether the program has stopped: by SIGSTOP, or because it has ended.
    var isStopped: Bool {
        let text = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)
        // The state stands behind the name, which is in parentheses.
        guard let state = text?.split(separator: ")").last?.split(separator: " ").first else {
            return true
        }
        return state == "T" || state == "Z"
    }

    /// What it has printed so far.
    func outputSoFar() throws -> String { try streams.text("out") + streams.text("err") }

    /// Waits for the end.
    ///
    /// - Returns: What the program left behind.
    /// - Throws: When its output cannot be read.
    func end() async throws -> Ended {
        let status = await withCheckedContinuation { continuation in
            Thread.detachNewThread { continuation.resume(returning: self.reap()) }
        }
        return Ended(
            status: status,
            out: try streams.text("out"),
            err: try streams.text("err")
        )
    }

    private func reap() -> Int32 {
        var info = siginfo_t()
        // Waits without taking it away, so that its number is nobody else's while a signal is sent.
        while waitid(P_PID, id_t(pid), &info, WEXITED | WNOWAIT) != 0, errno == EINTR {}
        return isReaped.withLock { isReaped in
            isReaped = true
            var status: Int32 = 0
            while waitpid(pid, &status, 0) != pid, errno == EINTR {}
            let signal = status & 0x7f
            return signal == 0 ? (status >> 8) & 0xff : 128 + signal
        }
    }
}

extension Running {
    /// A program could not be started.
    struct NotStarted: Error, CustomStringConvertible {
        let command: [String]
        let code: Int32
        var description: String { "cannot start \(command): \(String(cString: strerror(code)))" }
    }

    private static func spawn(
        _ command: [String],
        in folder: URL,
        environment: [String],
        streams: Folder
    ) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        let flags = O_WRONLY | O_CREAT | O_APPEND
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, streams.file("out").path, flags, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, streams.file("err").path, flags, 0o600)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var usual = sigset_t()
        sigemptyset(&usual)
        posix_spawnattr_setsigmask(&attributes, &usual)
        posix_spawnattr_setflags(
            &attributes,
            Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK)
        )
        var pid: pid_t = 0
        // env goes to the folder and then becomes the program, under the same number.
        let code = withCStrings(["/usr/bin/env", "-C", folder.path] + command) { arguments in
            withCStrings(environment) { environment in
                posix_spawn(&pid, "/usr/bin/env", &actions, &attributes, arguments, environment)
            }
        }
        guard code == 0 else { throw NotStarted(command: command, code: code) }
        return pid
    }

    private static func withCStrings<Value>(
        _ texts: [String],
        _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Value
    ) -> Value {
        var pointers: [UnsafeMutablePointer<CChar>?] = texts.map { strdup($0) }
        pointers.append(nil)
        defer { for pointer in pointers { free(pointer) } }
        return pointers.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else {
                preconditionFailure("an array that was appended to has an address")
            }
            return body(base)
        }
    }
}
