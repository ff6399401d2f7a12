public import CloudHSM

/// Why a saved plan is refused.
public enum PlanDocumentError: Error, Hashable, Sendable {
    /// It is no strict JSON, or a key or value in it is not what the format says.
    case faulty(DocumentFault)
    /// It is JSON, but no plan.
    case notAPlan
    /// A later version wrote it, in this format.
    case newerFormat(String)
    /// The digest in the file is not that of what the file says.
    case altered(stated: String, found: String)
    /// It says the same, but is not written as we write it: the first line that differs.
    case rewritten(line: Int, text: String)
    /// It does not say what it is for.
    case unbound
    /// It is not for here and now: one sentence per difference.
    case elsewhere([String])
    /// Its signature does not fit.
    case invalidSignature
    /// Nobody signed it, and only signed plans are taken.
    case unsigned
    /// Another key signed it than those that are trusted.
    case untrusted(keyID: String)
    /// It was made too long ago.
    case expired(made: Timestamp, now: Timestamp)
    /// It was made in the future.
    case ahead(made: Timestamp, now: Timestamp)
}

extension PlanDocumentError: CustomStringConvertible {
    /// What is wrong and what to do next.
    public var description: String { DocumentFault.sentence(problem, advice) }

    private var problem: String {
        switch self {
        case .faulty(let fault): "the saved plan cannot be read: \(SafeText.terminal("\(fault)"))"
        case .notAPlan: "the file is no saved plan: it has no \"format\" of ours"
        case .newerFormat(let format):
            "the saved plan has the format \(SafeText.terminal(format)),"
                + " and this version reads \(PlanDocument.format)"
        case .altered(let stated, let found):
            "the saved plan was altered: it states the digest \(SafeText.terminal(stated)),"
                + " but has \(found)"
        case .rewritten(let line, let text):
            "line \(line) of the saved plan is not as strongroom wrote it:"
                + " \(SafeText.terminal(text).cut(to: 60))"
        case .unbound: "the saved plan does not say what it is for"
        case .elsewhere(let differences):
            "the saved plan is not for here and now: "
                + SafeText.terminal(differences.joined(separator: "; "))
        case .invalidSignature: "the saved plan's signature does not fit what it says"
        case .unsigned: "nobody signed the saved plan, and only signed plans are trusted here"
        case .untrusted(let keyID):
            "the saved plan was signed by the key \(SafeText.terminal(keyID)),"
                + " which is not trusted here"
        case .expired(let made, let now):
            "the plan was made \(Ages.words(now - made)) ago, at \(made), and holds for"
                + " \(Ages.words(PlanDocument.lifetime))"
        case .ahead(let made, let now):
            "the plan was made at \(made), but the service's clock says \(now)"
        }
    }

    private var advice: String {
        switch self {
        case .faulty, .notAPlan, .unbound, .elsewhere, .expired:
            "make a new one: strongroom plan -o plan.json"
        case .newerFormat: "use the version of strongroom that wrote it, or plan again"
        case .unsigned: "sign it: strongroom plan --sign KEY -o plan.json"
        case .untrusted: "give --trusted-key the public half of that key, if you trust it"
        case .altered, .rewritten, .invalidSignature:
            "use the file exactly as strongroom plan -o wrote it, or plan again"
        case .ahead: "check the clocks, then plan again"
        }
    }
}
