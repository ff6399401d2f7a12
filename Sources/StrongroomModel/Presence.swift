/// Whether a cluster is to be there.
public enum Presence: Hashable, Sendable {
    /// It is.
    case present
    /// It is to be deleted, for a reason.
    case absent(reason: String, finalBackup: FinalBackup)
}

/// What is to be left of a cluster that is deleted.
public enum FinalBackup: String, Hashable, Sendable, CaseIterable {
    /// Its last backup, pinned.
    case keep
    /// Nothing: it was never activated, and has none.
    case none
}
