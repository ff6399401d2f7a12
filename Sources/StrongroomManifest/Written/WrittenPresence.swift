import StrongroomModel

/// A cluster's `ensure` and `reason`: whether the cluster is to be there.
struct WrittenPresence {
    /// Where it is written; where nothing is, the cluster's name.
    let span: Span

    /// Whether the cluster is to be deleted, and so much of the reason as could be read.
    let isAbsent: Bool

    private let reason: String?

    private enum Word: String, CaseIterable, Sendable {
        case present, absent
    }

    /// Says nothing, which means that the cluster is to be there.
    init(at span: Span) {
        self.span = span
        isAbsent = false
        reason = nil
    }

    /// Reads `ensure` and `reason`.
    ///
    /// Absence needs a reason.
    init(of fields: Fields<WrittenCluster.Key>, default span: Span) {
        let ensure = fields[.ensure]?.choice(Word.self)
        isAbsent = ensure?.value == .absent
        reason = fields[.reason]?.value(.reason)?.value
        self.span = ensure?.span ?? span
        if isAbsent, fields[.reason] == nil {
            fields[.ensure]?.report(AbsentWithoutReason())
        }
    }

    /// Whether the cluster is to be there, as the other rooms know it.
    var desired: Presence {
        isAbsent ? .absent(reason: reason ?? "", finalBackup: .keep) : .present
    }
}

/// A tombstone without a reason.
struct AbsentWithoutReason: Mistake {
    let rule = "absent-without-reason"
    let message = "ensure: absent deletes the cluster, but no reason is given"
    let help = "add reason: and say in a few words why it is to go"
}
