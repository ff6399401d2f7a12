public import CloudHSM
public import StrongroomModel

/// A group of which nothing can be shown; what was read of one in part is ``PartlyRead``.
public enum Unread: Error, Hashable, Sendable {
    /// Its home does not answer, and nothing of it is seen elsewhere.
    case home(Place, UnreadReason)
    /// Two pages say different things of it.
    case contradiction(String)
    /// It was asked for, and nothing was said of it.
    case overlooked(ClusterID)
}

extension Unread: CustomStringConvertible {
    /// What was not read, and why.
    public var description: String {
        switch self {
        case .home(let place, let reason):
            "nothing of it is seen outside \(place), which was not read whole: \(reason)"
        case .contradiction(let text): "two pages contradict each other: \(text)"
        case .overlooked(let cluster): "\(cluster) was asked for and not looked at"
        }
    }
}

extension Unread: ReadingFailure {
    /// Why the group was not read.
    public var unreadReason: UnreadReason {
        switch self {
        case .home(_, let reason): reason
        case .contradiction, .overlooked: UnreadReason("\(self)")
        }
    }
}
