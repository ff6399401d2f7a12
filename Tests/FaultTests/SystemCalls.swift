import Foundation

/// A moment of a run: just before a system call that touches the state directory.
struct CallPoint: Sendable, CustomStringConvertible {
    let scene: Scene
    let call: String

    /// How many calls of that name a thread has to make, this one included.
    let count: Int

    /// Whether only calls on paths that existed before are counted.
    let isByPath: Bool

    var description: String {
        "\(scene.name), before \(call) number \(count)\(isByPath ? " on a known path" : "")"
    }

    /// The words that run a program under strace with a fault at this moment.
    ///
    /// - Parameters:
    ///   - fault: What happens then.
    ///   - log: Where the calls are written.
    ///   - tree: Where the scene's tree is.
    /// - Returns: What stands before the program.
    /// - Throws: When the scene cannot be read.
    func wrapper(_ fault: Fault, log: URL, tree: Tree) throws -> [String] {
        var words = ["strace", "-f", "-y", "-o", log.path]
        // Under --seccomp-bpf strace 6.1 delivers no signal.
        if case .error = fault { words.append("--seccomp-bpf") }
        words += ["-e", "trace=\(CallLog.traced.joined(separator: ","))"]
        words += ["-e", "inject=\(call):\(fault.text(count))"]
        if isByPath {
            words += try CallLog.pathWords(scene.statePaths(), in: tree.folder.url)
        }
        return words
    }
}

/// What is done to a run at a point.
enum Fault: Sendable {
    /// It is killed before the call is made.
    case kill
    /// The call fails, and if it persists, all later ones of that name.
    case error(String, persists: Bool)

    fileprivate func text(_ count: Int) -> String {
        switch self {
        case .kill: "signal=SIGKILL:when=\(count)"
        case .error("EINTR", persists: true): "error=EINTR:when=\(count)..\(count + 20)"
        case .error(let name, let persists): "error=\(name):when=\(count)\(persists ? "+" : "")"
        }
    }
}

/// The system calls of a run, as strace wrote them.
struct CallLog {
    /// A system call.
    struct Call {
        let thread: Substring
        let name: String
        fileprivate(set) var text: Substring

        /// Whether strace made it fail.
        var wasInjected: Bool { text.hasSuffix("(INJECTED)") }

        /// Whether it ended well.
        var wasDone: Bool { text.contains(" = ") && !text.contains(" = -1 ") }

        /// The descriptor's path, which strace adds in angle brackets.
        var path: Substring? {
            guard let open = text.firstIndex(of: "<"), let end = text.firstIndex(of: ">") else {
                return nil
            }
            return open < end ? text[text.index(after: open)..<end] : nil
        }

        /// Texts in quotes: the names of files, and the beginning of what is written.
        var quoted: [Substring] {
            text.split(separator: "\"", omittingEmptySubsequences: false)
                .enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
        }
    }

    /// The calls through which a run touches files and locks.
    static let traced = [
        "openat", "read", "write", "fsync", "fdatasync", "renameat", "unlinkat", "mkdirat",
        "flock", "fchmod", "close", "fstat", "newfstatat", "getdents64",
    ]

    /// Calls that change nothing, so that a kill before one is a kill before the next change.
    static let reading: Set = ["read", "fstat", "newfstatat", "getdents64"]

    let calls: [Call]

    /// Reads what strace wrote.
    init(_ file: URL) throws {
        let text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
        var calls: [Call] = []
        var unfinished: [Substring: Int] = [:]
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
            guard words.count == 2 else { continue }
            let rest = words[1].drop { $0 == " " }
            if rest.hasPrefix("<...") {
                // The end of a call that another thread's calls came into.
                guard let begun = unfinished.removeValue(forKey: words[0]) else { continue }
                calls[begun].text += rest
            } else if let bracket = rest.firstIndex(of: "("), rest.first?.isLetter == true {
                let name = String(rest[..<bracket])
                guard Self.traced.contains(name) else { continue }
                if rest.hasSuffix("<unfinished ...>") { unfinished[words[0]] = calls.count }
                calls.append(Call(thread: words[0], name: name, text: rest))
            }
        }
        self.calls = calls
    }

    /// The words that limit strace to calls on known paths.
    static func pathWords(_ paths: [String], in folder: URL) throws -> [String] {
        paths.flatMap { ["-P", folder.appendingPathComponent($0).path] }
    }

    /// The moments of a calm run at which strace can inject a fault.
    ///
    /// It counts in every thread for itself, so a call can be hit only if its thread is the first to
    /// have made so many; that leaves out few, all of the kind that changes nothing.
    static func points(of scenes: [Scene]) async throws -> [CallPoint] {
        var points: [CallPoint] = []
        for scene in scenes {
            points += try await reachable(in: scene, isByPath: true)
            points += try await reachable(in: scene, isByPath: false)
        }
        return points
    }

    private static func reachable(in scene: Scene, isByPath: Bool) async throws -> [CallPoint] {
        let tree = try scene.tree()
        let log = tree.folder.file("calls")
        var words = ["strace", "-f", "-y", "--seccomp-bpf", "-o", log.path]
        words += ["-e", "trace=\(traced.joined(separator: ","))"]
        if isByPath { words += try pathWords(scene.statePaths(), in: tree.folder.url) }
        let ended = try await Program.run(scene.command, in: tree.folder.url, under: words)
        guard ended.status == 0 else { throw Tool.Failed(command: scene.command, ended: ended) }
        var counts: [String: [Substring: Int]] = [:]
        var points: [CallPoint] = []
        for call in try CallLog(log).calls {
            let count = counts[call.name, default: [:]][call.thread, default: 0] + 1
            let isFirst = counts[call.name, default: [:]].values.allSatisfy { $0 < count }
            counts[call.name, default: [:]][call.thread] = count
            // The other kind of counting sees these two better.
            let isOnTemporary = (call.path ?? "").contains(".tmp.")
            guard isFirst, isByPath || isOnTemporary, call.text.contains("/tree/state") else {
                continue
            }
            points.append(
                CallPoint(scene: scene, call: call.name, count: count, isByPath: isByPath)
            )
        }
        return points
    }
}
