internal import CloudHSM
internal import StrongroomModel

/// A listing that was tried so often, and what its last outcome means to who wanted to read.
struct FailedListing {
    private let call: Call
    private let place: Place
    private let credentials: Credentials
    private let attempts: Int

    init(_ call: Call, at place: Place, _ credentials: Credentials, attempts: Int) {
        self.call = call
        self.place = place
        self.credentials = credentials
        self.attempts = attempts
    }

    /// Why it was given up; what is wrong with the call itself goes through as the service says it.
    func fault(of outcome: CallOutcome) -> any Error {
        switch outcome {
        case .answered: return unread("nothing", "nothing is wrong")
        case .refused(let exception, let name): return refusal(exception, name)
        case .throttled(let refusal):
            return unread(
                refusal.text,
                "AWS throttles the calls (\(refusal.name))",
                next: "run it again when fewer tools read this account"
            )
        case .sessionEnded(let refusal):
            return unread(
                "the session has ended, and a new one is not taken either: \(refusal.text)",
                reason: .ended(credentials.source, refusal.name)
            )
        case .unsigned(let refusal):
            return unread(
                refusal.text,
                reason: .refused(credentials.source, refusal.name)
            )
        case .clockOff(let text):
            return unread(
                "the signature's date is not taken: \(text); set this machine's clock right",
                "AWS does not take the date of our signatures: this machine's clock is off",
                next: "set this machine's clock right"
            )
        case .turnedAway(let text):
            return unread(
                text,
                "\(call.operation) was turned away: \(text)",
                next: UnreadReason.retrial
            )
        case .lost(let failure):
            let reason = failure.unreadReason
            return unread(
                "\(failure)",
                reason: UnreadReason(
                    reason.cause,
                    onPage: reason.page,
                    next: reason.next ?? UnreadReason.retrial,
                    from: reason.origin
                )
            )
        case .unclear(let status, let text): return unclear(status, text)
        }
    }

    private func refusal(_ exception: ServiceException, _ name: String) -> any Error {
        switch exception.kind {
        case .accessDenied:
            let clause = Self.policyClause(of: exception.message)
            let caller = credentials.identity?.arn ?? "the credentials from \(credentials.source)"
            return unread(
                "\(exception)",
                "AWS denied \(call.operation) to \(caller) (\(name))"
                    + clause,
                next: clause.contains("explicit deny")
                    ? "change the policy that denies it; strongroom permissions shows what is needed"
                    : "strongroom permissions"
            )
        case .service, .internalFailure:
            return unread(
                "\(exception)",
                "AWS reports a failure of its own (\(name))",
                next: UnreadReason.retrial
            )
        case .throttling:
            return unread(
                "\(exception)",
                "AWS throttles the calls (\(name))",
                next: "run it again later"
            )
        case .invalidRequest, .resourceNotFound, .tag, .resourceLimitExceeded: return exception
        }
    }

    /// What a denial says of the policy that is to be changed.
    ///
    /// The rest of it names the resource, which is another in every Region, and who asked. The words
    /// are those of the IAM User Guide, "Troubleshoot access denied error messages".
    private static func policyClause(of message: String) -> String {
        let starts = [" because no ", " because of ", " with an explicit deny "]
        let start = starts.compactMap { message.firstRange(of: $0)?.lowerBound }.min()
        return start.map { String(message[$0...]) } ?? ""
    }

    private func unclear(_ status: Int, _ text: String) -> CallFault {
        let isAnswer = (200...299).contains(status)
        return unread(
            "HTTP \(status): \(text)",
            isAnswer
                ? "the answer to \(call.operation) cannot be read: \(text)"
                : "\(call.operation) was answered with HTTP \(status), by AWS or something in between",
            next: UnreadReason.retrial
        )
    }

    private func unread(_ problem: String, _ cause: String, next: String? = nil) -> CallFault {
        unread(problem, reason: UnreadReason(cause, next: next))
    }

    private func unread(_ problem: String, reason: UnreadReason) -> CallFault {
        .unread(
            operation: call.operation,
            place: place,
            attempts: attempts,
            problem: problem,
            reason: reason
        )
    }
}
