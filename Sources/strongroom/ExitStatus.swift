import ArgumentParser

/// What the exit code of every command means.
enum ExitStatus: Int32 {
    /// Done, or nothing to do.
    case done = 0
    /// Something failed.
    case failure = 1
    /// There are differences; only on request.
    case differences = 2
    /// Some steps were carried out, others were not.
    case partlyApplied = 3
    /// A safety rule, or a decision that is owed, holds something that is wanted.
    case refusedBySafety = 4
    /// Something that is wanted rests on what the service did not let be read.
    case unread = 5
    /// The saved plan no longer fits.
    case planStale = 6
    /// The state directory, or a part of it, cannot be read or written.
    case stateUnreadable = 10
    /// The manifests have mistakes, or there are none.
    case manifestsInvalid = 65
    /// Somebody else holds the lock, or the service asks to come back later.
    case tryLater = 75
    /// Stopped cleanly by SIGINT.
    case interrupted = 130
    /// Stopped cleanly by SIGTERM.
    case terminated = 143

    /// Every code in the order in which it applies.
    ///
    /// Of several that would, the first is the command's (docs/exit-codes.md). Wrong usage, 64, comes
    /// before all of them.
    static let precedence: [ExitStatus] = [
        .manifestsInvalid, .tryLater, .stateUnreadable, .interrupted, .terminated, .planStale,
        .failure, .partlyApplied, .unread, .refusedBySafety, .differences, .done,
    ]

    /// The codes as every command's help lists them, in the order in which they apply.
    ///
    /// - Parameter statuses: Those the command has besides 1, 10 and 65.
    /// - Returns: The lines.
    static func help(_ statuses: ExitStatus...) -> String {
        let all = Set(statuses + [.failure, .stateUnreadable, .manifestsInvalid])
        let lines = precedence.filter(all.contains).map { status in
            "  \(status.rawValue)".padded(to: 6) + status.meaning
        }
        return "EXIT CODES (the first that applies; see docs/exit-codes.md):\n"
            + (["  64".padded(to: 6) + "wrong usage"] + lines).joined(separator: "\n")
    }

    private var meaning: String {
        switch self {
        case .done: "done, or nothing to do; what waits for its turn counts as done"
        case .failure: "nothing was carried out that was tried, or no result could be written"
        case .differences: "something that is wanted is not there (with --detailed-exitcode)"
        case .partlyApplied: "some calls failed or were refused, others were carried out"
        case .refusedBySafety:
            "a rule, a freeze, a budget, a doubt or an owed decision holds something"
        case .unread:
            "something wanted, or a Region of the fleet, could not be read from the service"
        case .planStale: "the saved plan no longer fits the manifests or the fleet"
        case .stateUnreadable: "the state directory, or a part of it, is damaged or not there"
        case .manifestsInvalid: "the manifests have mistakes, or none were read"
        case .tryLater: "another run has the state: try later"
        case .interrupted: "stopped by SIGINT; a call under way was seen through"
        case .terminated: "stopped by SIGTERM; a call under way was seen through"
        }
    }

    /// The one of two codes that applies first.
    ///
    /// - Parameter other: Another code that applies; `nil` if none does.
    /// - Returns: The command's code.
    func or(_ other: ExitStatus?) -> ExitStatus {
        Self.precedence.first { $0 == self || $0 == other } ?? self
    }

    /// Ends the command with this code, unless it is the good one.
    func exit() throws {
        guard self != .done else { return }
        throw ExitCode(rawValue)
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(width - count, 0))
    }
}
