import Foundation

/// A system call that fails in a run.
struct FailingCall: Sendable, CustomStringConvertible {
    let point: CallPoint
    let error: String
    let persists: Bool

    var description: String { "\(point), \(error)\(persists ? " from then on" : "")" }

    /// The errors that each call can meet on a machine.
    private static let errors: [String: [String]] = [
        "openat": ["EIO", "ENOSPC", "EDQUOT", "EROFS", "EMFILE", "EINTR", "EACCES"],
        "read": ["EIO", "EINTR"],
        "write": ["EIO", "ENOSPC", "EDQUOT", "EINTR"],
        "fsync": ["EIO", "ENOSPC", "EDQUOT", "EROFS", "EINTR"],
        "renameat": ["EIO", "ENOSPC", "EDQUOT", "EROFS", "EACCES"],
        "unlinkat": ["EIO", "EROFS", "EACCES"],
        "mkdirat": ["EIO", "ENOSPC", "EDQUOT", "EROFS", "EACCES"],
        "flock": ["EIO", "EINTR"],
        "fchmod": ["EIO", "EROFS"],
        "close": ["EIO", "ENOSPC", "EDQUOT", "EINTR"],
        "fstat": ["EIO", "EACCES"],
        "newfstatat": ["EIO", "EACCES"],
        "getdents64": ["EIO", "EINTR"],
    ]

    private static let codes: [String: Int32] = [
        "EIO": EIO, "ENOSPC": ENOSPC, "EDQUOT": EDQUOT, "EROFS": EROFS, "EMFILE": EMFILE,
        "EINTR": EINTR, "EACCES": EACCES,
    ]

    /// Every way a call can fail at a point.
    static func all(at point: CallPoint) -> [FailingCall] {
        (errors[point.call] ?? []).flatMap { error in
            [false, true].map { FailingCall(point: point, error: error, persists: $0) }
        }
    }

    /// Lets it happen.
    ///
    /// - Parameter asksAgain: Whether a plan is asked for even where the world is a calm run's.
    /// - Returns: What was wrong afterwards; `nil` if the run never came to the call.
    /// - Throws: When the run cannot be made.
    func harms(asksAgain: Bool = true) async throws -> [Harm]? {
        let tree = try point.scene.tree()
        let file = tree.folder.file("calls")
        let ended = try await Program.run(
            point.scene.command,
            in: tree.folder.url,
            under: try point.wrapper(.error(error, persists: persists), log: file, tree: tree)
        )
        let log = try CallLog(file)
        let injected = log.calls.filter(\.wasInjected)
        guard injected.contains(where: { $0.text.contains("/tree/state") }) else { return nil }
        let aftermath = Aftermath(tree: tree, scene: point.scene)
        var harms = try aftermath.wrongAtOnce(after: ended)
        harms += try wrongReport(ended, log, aftermath)
        // A world that is as it was needs no run to show where the next one ends.
        let look = try tree.look(afterFault: true)
        let isUntouched = look.contents == point.scene.before.contents
        guard !isUntouched || ended.status == 0 else { return harms }
        return harms + (try await aftermath.wrongInTheEnd(asksAgain: asksAgain))
    }

    private func wrongReport(
        _ ended: Ended,
        _ log: CallLog,
        _ aftermath: Aftermath
    ) throws -> [Harm] {
        let doubt = Doubt(log)
        var harms = doubt.breaches.map { Harm(kind: .falseSuccess, text: $0) }
        if ended.status == 0 {
            harms += doubt.files.sorted()
                .map { Harm(kind: .falseSuccess, text: "\($0) may not be stored") }
            if aftermath.scene.command == Scene.recovery {
                harms += aftermath.differences(in: try aftermath.tree.look())
                    .filter { !StateLook.isTemporary($0.text) }
                    .map { Harm(kind: .falseSuccess, text: "exit code 0, but \($0.text)") }
            }
        } else if ended.status >= 128 {
            harms.append(Harm(kind: .crash, text: "ended by a signal: \(ended.err)"))
        } else if !namesTheCause(ended, log) {
            harms.append(Harm(kind: .unclear, text: "\(ended.status): \(ended.err)"))
        }
        return harms
    }

    /// Whether the message names the error and a file of the state.
    private func namesTheCause(_ ended: Ended, _ log: CallLog) -> Bool {
        // Where nothing can be written any more, no message can be either.
        let isMute = log.calls.contains {
            $0.name == "write" && $0.wasInjected && !$0.text.contains("/tree/state")
        }
        guard !isMute, let code = Self.codes[error] else { return isMute }
        let reason = String(cString: strerror(code))
        return ended.err.contains("tree/state")
            && (ended.err.contains("(errno \(code))") || ended.err.contains(reason))
    }
}
