internal import CloudHSM

/// How often and after which pause a listing is asked for again.
///
/// Source: AWS SDKs and Tools Reference Guide, "Retry behavior", standard mode: full jitter over
/// 1, 2, 4... seconds, at most 20; five attempts (fact sheet, section 17).
public struct RetryRule: Hashable, Sendable {
    /// How often a request is sent at most.
    public var attempts: Int

    /// The longest pause.
    public var longestPause: Duration

    /// Sets a rule.
    ///
    /// - Parameters:
    ///   - attempts: How often a request is sent at most, 1 or more.
    ///   - longestPause: The longest pause.
    public init(attempts: Int = 5, longestPause: Duration = .seconds(20)) {
        self.attempts = attempts
        self.longestPause = longestPause
    }

    /// What to do after an attempt.
    enum Next: Hashable {
        case giveUp
        case atOnce
        case afterPause
    }

    /// The pause after an attempt.
    ///
    /// - Parameters:
    ///   - attempt: Which one failed, from 1.
    ///   - share: A random number, 0 to 1.
    /// - Returns: How long to wait.
    func pause(after attempt: Int, share: Double) -> Duration {
        let doubled = Duration.seconds(1 << min(max(attempt - 1, 0), 16))
        return min(doubled, longestPause) * share
    }

    /// Whether the same listing may fare better the next time.
    func next(after outcome: CallOutcome, attempt: Int) -> Next {
        guard attempt < attempts else { return .giveUp }
        switch outcome {
        case .answered, .unsigned, .turnedAway: return .giveUp
        case .throttled: return .afterPause
        case .sessionEnded, .clockOff:
            // With a new session or date it works at once, or never.
            return attempt < 3 ? .atOnce : .giveUp
        case .refused(let exception, _):
            return exception.certainlyNotDone ? .giveUp : .afterPause
        case .lost(let failure): return failure.kind.isPassing ? .afterPause : .giveUp
        case .unclear(let status, _):
            // A success that cannot be read may have been cut short on the way.
            let isPassing =
                (200...299).contains(status) || [408, 500, 502, 503, 504].contains(status)
            return isPassing ? .afterPause : .giveUp
        }
    }
}

extension HTTPFailure.Kind {
    /// Whether it may be over by the next attempt.
    fileprivate var isPassing: Bool {
        switch self {
        case .unknownHost, .refused, .unreachable, .tls, .timeout, .connectionLost, .other: true
        case .untrusted, .answerTooLong, .malformedRequest, .cancelled, .shutDown: false
        }
    }
}
