import StrongroomModel

/// A cluster's `ensure` and `reason`: whether the cluster is to be there.
struct WrittenPresence {
    /// Where it is written; where nothing is, the cluster's name.
    let span: Span

    /// Whether the cluster is to be deleted, and so much of the reason as could be read.
    let isAbsent: Bool

    private let reason: String?

    private let finalBackup: FinalBackup

    private enum Word: String, CaseIterable, Sendable {
        case present, absent
    }

    /// Says nothing, which means that the cluster is to be there.
    init(at span: Span) {
        self.span = span
        isAbsent = false
        reason = nil
        finalBackup = .keep
    }

    /// Reads `ensure`, `reason` and `finalBackup`.
    ///
    /// Absence needs a reason, and only absence leaves a final backup.
    init(of fields: Fields<WrittenCluster.Key>, default span: Span) {
        let ensure = fields[.ensure]?.choice(Word.self)
        isAbsent = ensure?.value == .absent
        reason = fields[.reason]?.value(.reason)?.value
        finalBackup = fields[.finalBackup]?.choice(FinalBackup.self)?.value ?? .keep
        self.span = ensure?.span ?? span
        if isAbsent, fields[.reason] == nil {
            fields[.ensure]?.report(AbsentWithoutReason())
        }
        // A word that could not be read has been noted, and may have been meant as absent.
        if fields[.ensure] == nil || ensure?.value == .present, let field = fields[.finalBackup] {
            field.findings.report(FinalBackupOfPresent(), at: field.keySpan)
        }
    }

    /// Whether the cluster is to be there, as the other rooms know it.
    var desired: Presence {
        isAbsent ? .absent(reason: reason ?? "", finalBackup: finalBackup) : .present
    }
}

/// A tombstone without a reason.
struct AbsentWithoutReason: Mistake {
    let rule = "absent-without-reason"
    let message = "ensure: absent deletes the cluster, but no reason is given"
    let help = "add reason: and say in a few words why it is to go"
}

/// A final backup of a cluster that is to stay.
struct FinalBackupOfPresent: Mistake {
    let rule = "final-backup-without-absent"
    let message = "finalBackup says what is left of a deleted cluster, but this one is to stay"
    let help = "remove finalBackup, or add ensure: absent and a reason"
}
