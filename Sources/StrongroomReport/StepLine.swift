internal import CloudHSM
internal import StrongroomModel

extension StepStatus {
    /// The status in one word or two.
    var word: String {
        switch self {
        case .waiting: "waiting"
        case .notReached: "not reached"
        case .started: "started"
        case .done: "done"
        case .refused: "refused"
        case .unsafe: "unsafe"
        case .inDoubt: "in doubt"
        }
    }

    /// Why, where there is something to say; safe to show.
    var reason: String? {
        switch self {
        case .started, .done: nil
        case .waiting(let words), .refused(let words), .unsafe(let words), .inDoubt(let words):
            words.isEmpty ? nil : SafeText.terminal(words)
        case .notReached(let hindrance): SafeText.terminal(hindrance.words)
        }
    }

    /// The status and its reason while the run goes on.
    var progress: String {
        let word =
            switch self {
            case .waiting: reason == nil ? "to come" : "waits"
            case .notReached, .started, .done, .refused, .unsafe, .inDoubt: self.word
            }
        return reason.map { "\(word): \($0)" } ?? word
    }

    /// The ink the status is shown in.
    var ink: Ink {
        switch self {
        case .waiting: .faint
        case .notReached: .bad
        case .started: .waiting
        case .done: .good
        case .refused, .unsafe, .inDoubt: .bad
        }
    }

    /// Whether a person has to look at it.
    var isTrouble: Bool {
        switch self {
        case .waiting, .started, .done: false
        case .notReached, .refused, .unsafe, .inDoubt: true
        }
    }
}

extension StepReport {
    /// The change with its symbol, safe to show; ages are as of a moment.
    ///
    /// - Parameter now: The moment that ages are given for.
    /// - Returns: Such as `+ add HSM us-east-1b`.
    func change(at now: Timestamp) -> String {
        let words = ActionWords(step.action, at: now)
        return "\(step.action.kind.symbol) \(SafeText.terminal(words.phrase))"
    }

    /// What people call the step's cluster, safe to show.
    var title: String { SafeText.terminal(subject.title) }
}

extension Hindrance {
    /// Why, in words.
    fileprivate var words: String {
        switch self {
        case .unread(let reason): "what it rests on cannot be read: \(reason)"
        case .notSent(let words), .unmet(let words): words
        case .stopped: "the run was stopped before it came to this step"
        }
    }
}
