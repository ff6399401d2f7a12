import StrongroomModel

/// A cluster's `restoreFrom`: what to clone at creation.
struct WrittenSource {
    /// Where `restoreFrom` is written.
    let span: Span

    /// The name of the cluster whose backup it is.
    let cluster: Spanned<String>

    /// The recovery point; nil means the newest READY backup.
    let recoveryPoint: Spanned<String>?

    /// What to do while the source's home Region cannot be read; nil means to hold.
    let whenRegionLost: Spanned<LostRegionResponse>?

    private enum Key: String, ManifestKey {
        case cluster, recoveryPoint, whenRegionLost
    }

    /// Reads `restoreFrom`; nil, and noted, if it names no cluster.
    init?(of field: Field) {
        guard let fields = Fields<Key>(of: field) else { return nil }
        let cluster = fields.required(.cluster, example: "payments")?.value(.name)
        recoveryPoint = fields[.recoveryPoint]?.value(.name)
        let response = fields[.whenRegionLost]
        whenRegionLost = response?.choice(LostRegionResponse.self)
        if whenRegionLost?.value == .useNewestCopy, fields[.recoveryPoint] != nil {
            response?.report(NewestCopyOfRecoveryPoint())
        }
        guard let cluster else { return nil }
        self.cluster = cluster
        span = field.keySpan
    }
}

/// A clone that is to be made of one certain backup, and of whichever copy is the newest.
struct NewestCopyOfRecoveryPoint: Mistake {
    let rule = "newest-copy-of-recovery-point"
    let message =
        "whenRegionLost: useNewestCopy and a recoveryPoint cannot both be given: "
        + "the newest copy need not be that recovery point"
    let help = "write whenRegionLost: hold, or remove the recoveryPoint"
}
