public import CloudHSM
public import StrongroomModel

/// Why a call could not be made, or a listing not be read, in the end.
public enum CallFault: Error, Hashable, Sendable {
    /// The fleet has no credentials for an account.
    case noCredentials(AccountID)
    /// A listing was given up: what the last attempt met, and the reason, the same for every place
    /// that it strikes.
    case unread(
        operation: String,
        place: Place,
        attempts: Int,
        problem: String,
        reason: UnreadReason
    )
    /// A call that changes something was given to the reader of listings.
    case notReading(operation: String)
    /// Bytes that are no signed call.
    case notSigned
}

extension CallFault: CustomStringConvertible {
    /// What failed, where, and how often it was tried.
    public var description: String {
        switch self {
        case .noCredentials(let account):
            "there are no credentials for account \(account); name the account in the fleet"
        case .unread(let operation, let place, let attempts, let problem, _):
            "\(operation) in \(place) failed"
                + (attempts == 1 ? "" : " \(attempts) times, the last time so") + ": \(problem)"
        case .notReading(let operation):
            "\(operation) changes something and is not sent as a listing is"
        case .notSigned: "the bytes are no call that was signed here"
        }
    }
}

extension CallFault: ReadingFailure {
    /// Why nothing was read.
    public var unreadReason: UnreadReason {
        switch self {
        case .unread(_, _, _, _, let reason): reason
        case .noCredentials:
            UnreadReason(
                "the fleet has no credentials for it",
                next: "name the account in the fleet"
            )
        case .notReading, .notSigned: UnreadReason("\(self)")
        }
    }
}
