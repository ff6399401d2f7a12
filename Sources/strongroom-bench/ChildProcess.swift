import Foundation

/// What running a program once took.
struct Cost: Hashable, Sendable {
    /// From its start to its end, in seconds.
    let wall: Double

    /// User and system time of all its threads, in seconds.
    let cpu: Double

    /// The most memory it had resident, in bytes.
    let peak: Int
}

/// A program run as a child, measured by what the kernel says of it when it has ended.
struct ChildProcess {
    let arguments: [String]

    /// Why a run does not count.
    enum Failure: Error, CustomStringConvertible {
        case notStarted(String, errno: Int32)
        case ended([String], status: Int32, output: String)
        case printed([String], expected: String, output: String)

        var description: String {
            switch self {
            case .notStarted(let program, let code):
                "cannot run \(program): \(String(cString: strerror(code)))"
            case .ended(let arguments, let status, let output):
                "\(arguments.joined(separator: " ")) ended with status \(status):\n\(output)"
            case .printed(let arguments, let expected, let output):
                "\(arguments.joined(separator: " ")) did not print \"\(expected)\":\n\(output)"
            }
        }
    }

    /// Runs the program to its end.
    ///
    /// - Parameters:
    ///   - output: The file that takes what it prints.
    ///   - expected: What must be among it; a run that did something else is not worth measuring.
    /// - Returns: What it took.
    /// - Throws: ``Failure``.
    func run(printingTo output: URL, expecting expected: String) throws -> Cost {
        var usage = rusage()
        var status: Int32 = 0
        let clock = ContinuousClock()
        let start = clock.now
        let child = try spawn(printingTo: output.path)
        while wait4(child, &status, 0, &usage) < 0, errno == EINTR {}
        let wall = clock.now - start
        let text = (try? String(contentsOf: output, encoding: .utf8)) ?? ""
        guard status == 0 else {
            throw Failure.ended(arguments, status: status >> 8, output: shortened(text))
        }
        guard text.contains(expected) else {
            throw Failure.printed(arguments, expected: expected, output: shortened(text))
        }
        return Cost(
            wall: wall / .seconds(1),
            cpu: seconds(usage.ru_utime) + seconds(usage.ru_stime),
            peak: usage.ru_maxrss * 1024
        )
    }

    private func spawn(printingTo output: String) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        let flags = O_WRONLY | O_CREAT | O_TRUNC
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output, flags, 0o600)
        posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO)
        let environment = ProcessInfo.processInfo.environment.map { "\($0.key)=\($0.value)" }
        var child: pid_t = 0
        let program = arguments[0]
        let code = withCStrings(arguments) { arguments in
            withCStrings(environment) { environment in
                posix_spawnp(&child, program, &actions, nil, arguments, environment)
            }
        }
        guard code == 0 else { throw Failure.notStarted(program, errno: code) }
        return child
    }

    /// Lends texts as C has them: addresses, and a null after the last.
    private func withCStrings<Value>(
        _ texts: [String],
        _ body: ([UnsafeMutablePointer<CChar>?]) -> Value
    ) -> Value {
        let copies: [UnsafeMutablePointer<CChar>?] = texts.map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        return body(copies + [nil])
    }

    private func seconds(_ time: timeval) -> Double {
        Double(time.tv_sec) + Double(time.tv_usec) / 1_000_000
    }

    private func shortened(_ text: String) -> String {
        text.count > 2_000 ? "…" + text.suffix(2_000) : text
    }
}
