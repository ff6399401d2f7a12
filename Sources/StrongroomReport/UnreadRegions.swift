internal import CloudHSM
internal import StrongroomModel

/// The Regions of one cluster in which nobody could look: what is not seen there is not missing.
struct UnreadRegions {
    private let regions: Set<Region>

    /// Whether the cluster itself could not be read, and so nothing of it anywhere.
    private let isAll: Bool

    /// Gathers what could not be read.
    ///
    /// - Parameters:
    ///   - group: The cluster as observed; `nil` where there is none to be seen.
    ///   - plan: Its plan, which says whether there may be one all the same.
    ///   - places: The places that could not be read whole, and why.
    init(
        of group: ProtectionGroup?,
        under plan: GroupPlan,
        places: [Place: UnreadReason]
    ) {
        let account = plan.subject.home.account
        regions = Set(places.keys.filter { $0.account == account }.map(\.region))
        isAll = group == nil && plan.notes.contains { $0.kind == .unread }
    }

    /// Whether a Region could not be read.
    func contains(_ region: Region) -> Bool { isAll || regions.contains(region) }

    /// The Regions where nothing can be proven.
    ///
    /// - Parameter known: The Regions the cluster is known to have something in.
    /// - Returns: In order.
    func all(besides known: [Region]) -> [Region] {
        (isAll ? regions.union(known) : regions).sorted()
    }
}
