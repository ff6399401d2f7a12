public import CloudHSM
public import StrongroomModel

/// Why a one-time override does not count.
public enum OverrideDocumentError: Error, Hashable, Sendable {
    /// It is longer than any override is.
    case tooLong
    /// It is no strict JSON, or a key or value in it is not what the format says.
    case faulty(DocumentFault)
    /// It has another format.
    case otherFormat(String)
    /// It names no approver, or no reason.
    case nobody
    /// Its signature does not fit.
    case badSignature
    /// None of the trusted keys signed it.
    case untrusted
    /// It counts no more.
    case expired(Timestamp, now: Timestamp)
    /// It was used.
    case used(at: Timestamp)
    /// It is for another plan.
    case otherPlan(String, now: String?)
    /// Its group is not in the plan, or not by that name only.
    case noGroup(String, count: Int)
    /// The plan holds nothing of that rule there.
    case nothingHeld(RuleOverride.Rule, in: String)
}

extension OverrideDocumentError: CustomStringConvertible {
    /// What is wrong and what to do next.
    public var description: String { DocumentFault.sentence(problem, advice) }

    private var problem: String {
        switch self {
        case .tooLong: "the override is longer than 64 KiB"
        case .faulty(let fault): "the override cannot be read: \(SafeText.terminal("\(fault)"))"
        case .otherFormat(let format):
            "the override has the format \(SafeText.terminal(format)),"
                + " and this version reads \(OverrideDocument.format)"
        case .nobody: "the override names no approver or no reason"
        case .badSignature: "the override's signature does not fit what it says"
        case .untrusted: "no key that is trusted here signed the override"
        case .expired(let end, let now):
            "the override counted until \(end), and the service's clock says \(now)"
        case .used(let at): "the override was used on \(at)"
        case .otherPlan(let plan, let now):
            "the override is for the plan \(SafeText.terminal(plan)),"
                + " and the plan made now is \(now ?? "without a digest")"
        case .noGroup(let group, 0): "no cluster of the plan is called \(SafeText.terminal(group))"
        case .noGroup(let group, let count):
            "\(count) clusters of the plan are called \(SafeText.terminal(group)),"
                + " or it does not exist yet"
        case .nothingHeld(let rule, let group):
            "the plan holds nothing of \(SafeText.terminal(group)) by the rule \(rule.rawValue)"
        }
    }

    private var advice: String {
        switch self {
        case .tooLong, .faulty, .otherFormat, .nobody:
            "write it as schemas/override.md says"
        case .badSignature, .untrusted: "have it signed by a key that --trusted-key names"
        case .expired, .used, .otherPlan: "have a new one written for the plan made now"
        case .noGroup: "name the cluster by its id"
        case .nothingHeld: "no override is needed"
        }
    }
}
