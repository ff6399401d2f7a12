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
    /// A safety rule refused something that is wanted.
    case refusedBySafety = 4
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

    /// The codes as every command's help lists them.
    static func help(_ statuses: ExitStatus...) -> String {
        let lines = (statuses + [.stateUnreadable, .manifestsInvalid]).map { status in
            "  \(status.rawValue)".padded(to: 6) + status.meaning
        }
        return "EXIT CODES:\n"
            + (lines + ["  64".padded(to: 6) + "wrong usage"])
            .joined(separator: "\n")
    }

    private var meaning: String {
        switch self {
        case .done: "done, or nothing to do"
        case .failure: "something failed"
        case .differences: "there are differences (with --detailed-exitcode)"
        case .partlyApplied: "partly applied: some steps were not carried out"
        case .refusedBySafety: "a safety rule holds something that is wanted"
        case .planStale: "the saved plan no longer fits the manifests or the world"
        case .stateUnreadable: "the state, or a part of it, cannot be read or written"
        case .manifestsInvalid: "the manifests have mistakes, or none were read"
        case .tryLater: "somebody else holds the lock: try later"
        case .interrupted: "stopped by SIGINT, between two calls"
        case .terminated: "stopped by SIGTERM, between two calls"
        }
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
