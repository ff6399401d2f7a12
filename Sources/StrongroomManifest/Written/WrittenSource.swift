/// A cluster's `restoreFrom`: what to clone at creation.
struct WrittenSource {
    /// Where `restoreFrom` is written.
    let span: Span

    /// The name of the cluster whose backup it is.
    let cluster: Spanned<String>

    /// The recovery point; nil means the newest READY backup.
    let recoveryPoint: Spanned<String>?

    private enum Key: String, ManifestKey {
        case cluster, recoveryPoint
    }

    /// Reads `restoreFrom`; nil, and noted, if it names no cluster.
    init?(of field: Field) {
        guard let fields = Fields<Key>(of: field) else { return nil }
        let cluster = fields.required(.cluster, example: "payments")?.value(.name)
        recoveryPoint = fields[.recoveryPoint]?.value(.name)
        guard let cluster else { return nil }
        self.cluster = cluster
        span = field.keySpan
    }
}
