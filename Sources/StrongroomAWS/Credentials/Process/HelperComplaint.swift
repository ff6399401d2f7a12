internal import Glibc

/// What a helper said as it failed, made fit for a message.
///
/// People need it ("the session has expired, sign in again"), but a helper may print what it should
/// not: anything that looks like a key is left out, as are control characters.
struct HelperComplaint: CustomStringConvertible {
    /// Empty, or a colon and the last line with text in it.
    let description: String

    /// Reads what a program wrote on standard error.
    init(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        let lines = text.split { $0.isNewline }.filter { $0.contains { !$0.isWhitespace } }
        guard let line = lines.last else {
            description = ""
            return
        }
        let words = line.split(whereSeparator: \.isWhitespace).prefix(30)
        description =
            ": "
            + words.map { Self.isLikeAKey($0) ? "<redacted>" : escaped(String($0)) }
            .joined(separator: " ")
    }

    /// Whether a word has a long run of the characters that keys and tokens are made of; a path with
    /// short names in it is none.
    private static func isLikeAKey(_ word: Substring) -> Bool {
        word.split { !($0.isLetter || $0.isNumber || "+/=_-.".contains($0)) }.contains { run in
            let isPath =
                run.hasPrefix("/") && run.split(separator: "/").allSatisfy { $0.count < 16 }
            return run.count >= 16 && !isPath
                && (run.contains(where: \.isNumber) || run.count >= 32)
        }
    }
}

extension HelperProcess.Fault: CustomStringConvertible {
    /// What went wrong with the program.
    var description: String {
        switch self {
        case .notStarted(let number): "cannot be started: \(String(cString: strerror(number)))"
        case .tooSlow(let limit): "did not end within \(limit) and was killed"
        case .tooMuchOutput(let limit): "printed more than \(limit) bytes and was killed"
        }
    }
}

/// Whether this process may run a file.
///
/// - Parameter path: The path.
/// - Returns: `true` if it may.
package func isExecutable(_ path: String) -> Bool {
    access(path, X_OK) == 0
}
