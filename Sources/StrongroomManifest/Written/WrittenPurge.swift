import StrongroomModel

private enum PurgeKey: String, ManifestKey {
    case materialRemovedAt, reason, includePinned
}

extension Field {
    /// Material whose backups must go; nil, and noted, if something is missing.
    func purge() -> Spanned<DesiredPurge>? {
        guard let fields = Fields<PurgeKey>(of: self) else { return nil }
        let moment =
            fields.required(.materialRemovedAt, example: "2026-11-20T09:00:00Z")?.timestamp()
        let reason = fields.required(.reason, example: "\"expired keys\"")?.value(.reason)
        let pinned = fields[.includePinned]?.boolean()
        guard let moment, let reason else { return nil }
        let purge = DesiredPurge(
            materialRemovedAt: moment.value,
            reason: reason.value,
            includePinned: pinned?.value ?? false
        )
        return Spanned(purge, at: keySpan)
    }
}
