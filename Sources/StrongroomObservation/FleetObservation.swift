public import CloudHSM
public import StrongroomModel

/// What one reading of every account and Region of a fleet shows.
public struct FleetObservation: Hashable, Sendable {
    /// When the reading began, by the service's clock.
    public let at: Timestamp

    /// Every group of which anything was seen, in order of id.
    public let groups: [ProtectionGroup]

    /// The places that were not read whole, and why, naming the page.
    public let unreadPlaces: [Place: UnreadReason]

    /// The groups that were not read as one thing, and why; what is shown of them is the reading
    /// under which least harm is done, and nothing may be planned from it.
    public var unreadGroups: [GroupID: UnreadReason] {
        contradictions.mapValues { UnreadReason(Unread.contradiction($0).description) }
    }

    /// What two pages say differently of a group.
    let contradictions: [GroupID: String]

    /// Joins what was read.
    init(
        at: Timestamp,
        groups: [ProtectionGroup],
        unreadPlaces: [Place: UnreadReason],
        contradictions: [GroupID: String]
    ) {
        self.at = at
        self.groups = groups.sorted { $0.id < $1.id }
        self.unreadPlaces = unreadPlaces
        self.contradictions = contradictions
    }

    /// One of its groups, as a look at that group alone would show it.
    ///
    /// - Parameters:
    ///   - id: The group.
    ///   - group: What was read of it; `nil` if nothing is listed.
    ///   - leftOut: The places that planning began without, which are left out of every look.
    /// - Returns: The group; empty if nothing of it is listed.
    /// - Throws: `PartlyRead` if a place of its account was not read whole; ``Unread`` if pages
    ///   contradict each other, or nothing of it is seen.
    func look(
        at id: GroupID,
        in group: ProtectionGroup?,
        leaving leftOut: [Place: UnreadReason]
    ) throws -> ProtectionGroup {
        if let reason = contradictions[id] { throw Unread.contradiction(reason) }
        let gaps = unreadPlaces.filter {
            $0.key.account == id.home.account && leftOut[$0.key] == nil
        }
        return try (group ?? ProtectionGroup(id: id, cluster: nil)).leaving(leftOut)
            .whole(but: gaps)
    }

    /// One of its groups, for planning.
    ///
    /// - Parameter id: The group.
    /// - Returns: What was read of it, and which Regions of its account were not read whole: what
    ///   lies there was not seen, though some of it may be listed. `nil` if nothing was read of it.
    public func group(_ id: GroupID) -> ProtectionGroup? {
        var (low, high) = (groups.startIndex, groups.endIndex)
        while low < high {
            let middle = low + (high - low) / 2
            if groups[middle].id < id { low = middle + 1 } else { high = middle }
        }
        guard low < groups.endIndex, groups[low].id == id else { return nil }
        var group = groups[low]
        group.unreadRegions = unreadPlaces.regions(of: id.home.account)
        return group
    }

    /// The same with the clusters that were there before and of which only backups are listed now:
    /// they are gone, and whose they were tells their name.
    ///
    /// - Parameter clusters: The cluster of a group as it was last seen.
    /// - Returns: The observation; such a cluster is DELETED in it. Where its home was not read,
    ///   nobody knows.
    public func remembering(_ clusters: (GroupID) -> Cluster?) -> FleetObservation {
        FleetObservation(
            at: at,
            groups: groups.map { group in
                guard
                    group.cluster == nil, unreadPlaces[group.id.home] == nil,
                    var cluster = clusters(group.id)
                else { return group }
                cluster.state = .deleted
                cluster.hsms = []
                var group = group
                group.cluster = cluster
                return group
            },
            unreadPlaces: unreadPlaces,
            contradictions: contradictions
        )
    }

    /// Which groups exist, and which places were not read whole.
    public var inventory: Inventory {
        Inventory(groups: groups.map(\.id), unreadPlaces: unreadPlaces)
    }
}
