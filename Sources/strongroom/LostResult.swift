import Glibc
import Synchronization

/// A result that could not be written to standard output.
struct LostResult {
    /// What the result was about.
    enum Subject {
        /// What there is, or would be done.
        case answer
        /// What a run did.
        case run
    }

    /// The first one that nobody was told of yet: the process has one standard output, whoever shows
    /// results on it, and is asked for its losses where a command ends.
    private static let first = Mutex<LostResult?>(nil)

    let subject: Subject

    private let code: Int32

    /// Why, in the system's words.
    var reason: String { String(cString: strerror(code)) }

    /// Keeps that a result was lost.
    ///
    /// A reader that went away wants no more of it: nothing is lost then.
    ///
    /// - Parameters:
    ///   - subject: What it was about.
    ///   - code: The system's reason.
    static func note(_ subject: Subject, because code: Int32) {
        guard code != EPIPE else { return }
        first.withLock { $0 = $0 ?? LostResult(subject: subject, code: code) }
    }

    /// The first one since this was last asked; `nil` if everything was written.
    static func take() -> LostResult? {
        first.withLock { lost in
            defer { lost = nil }
            return lost
        }
    }
}

extension Terminal {
    /// Ends a command, and says first if its result did not get out.
    ///
    /// - Parameter status: Its code, if everything could be written.
    /// - Throws: The exit code, unless it is the good one.
    func end(_ status: ExitStatus) throws {
        guard let lost = LostResult.take() else { return try status.exit() }
        say("error: the result could not be written to standard output: \(lost.reason)")
        switch lost.subject {
        case .answer: break
        case .run:
            say("       the run itself was carried out, and nothing of it is undone")
            say("       next: strongroom status, or strongroom plan")
        }
        try status.or(.failure).exit()
    }
}
