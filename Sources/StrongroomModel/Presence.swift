/// Whether a cluster is to be there.
public enum Presence: Hashable, Sendable {
    /// It is.
    case present
    /// It is to be deleted, for a reason.
    case absent(reason: String)
}
