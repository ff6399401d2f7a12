public import CloudHSM

/// How many HSMs a cluster is to have.
public enum DesiredHSMs: Hashable, Sendable {
    /// So many in all, spread over the zones; 0 parks.
    case total(Int)
    /// So many in each zone; a mapped zone that is not named gets none.
    case perZone([AvailabilityZone: Int])

    /// How many in all.
    public var count: Int {
        switch self {
        case .total(let count): count
        case .perZone(let counts): counts.values.reduce(0, +)
        }
    }
}
