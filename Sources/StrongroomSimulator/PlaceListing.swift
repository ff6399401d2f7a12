public import CloudHSM
public import StrongroomModel

/// What one account's Region lists, made ready so that many pages can be read off it.
///
/// Pages come in order of id, backups on request in order of content time; a token names the last
/// entry of its page.
public struct PlaceListing: Sendable {
    /// The clusters, in order of id.
    public let clusters: [Cluster]

    private let backups: [ListedBackup]

    /// Makes what a place lists ready.
    ///
    /// - Parameters:
    ///   - groups: The groups as reads show them; those of other accounts are passed over.
    ///   - place: The account and Region.
    public init(of groups: some Sequence<ProtectionGroup>, at place: Place) {
        var clusters: [Cluster] = []
        var backups: [ListedBackup] = []
        for group in groups where group.id.home.account == place.account {
            if group.id.home == place, let cluster = group.cluster { clusters.append(cluster) }
            for backup in group.backups where backup.region == place.region {
                backups.append(ListedBackup(cluster: group.id.cluster, backup: backup))
            }
        }
        self.clusters = clusters.sorted { $0.id < $1.id }
        self.backups = backups.sorted { $0.backup.id < $1.backup.id }
    }

    /// A page of the place's clusters.
    ///
    /// - Parameter call: Which page.
    /// - Returns: The page.
    /// - Throws: The service's refusal of a size, or of a token that is of another listing.
    public func page(for call: DescribeClusters) throws(ServiceException) -> Answer {
        if let refusal = call.refusal() { throw refusal }
        var first = 0
        if let token = call.nextToken {
            let last = try ListingToken.read(token, of: "clusters", as: ClusterID.init(_:))
            first = clusters.partitioningIndex { $0.id > last }
        }
        let size = call.maxResults ?? DescribeClusters.largestPage
        let page = clusters[first...].page(of: size, where: call.lists)
        let token = page.next.map { ListingToken.write("clusters", $0.id) }
        return .clusters(page.entries, nextToken: token)
    }

    /// A page of the place's backups, copies included.
    ///
    /// - Parameter call: Which page.
    /// - Returns: The page.
    /// - Throws: The service's refusal of a size, or of a token that is of another listing.
    public func page(for call: DescribeBackups) throws(ServiceException) -> Answer {
        if let refusal = call.refusal() { throw refusal }
        let order = BackupOrder(call.sortAscending)
        let sorted = backups(in: order)
        var first = 0
        if let token = call.nextToken {
            let last = try ListingToken.read(token, of: order.rawValue, as: BackupKey.init(_:))
            first = sorted.partitioningIndex { order.precedes(last, BackupKey($0.backup)) }
        }
        let size = call.maxResults ?? DescribeBackups.largestPage
        let page = sorted[first...].page(of: size, where: call.lists)
        let token = page.next.map { ListingToken.write(order.rawValue, BackupKey($0.backup)) }
        return .backups(page.entries, nextToken: token)
    }

    private func backups(in order: BackupOrder) -> [ListedBackup] {
        guard order != .identity else { return backups }
        return backups.sorted { order.precedes(BackupKey($0.backup), BackupKey($1.backup)) }
    }
}

extension ArraySlice {
    /// The first entries that pass, and the last of them if more follow.
    fileprivate func page(
        of size: Int,
        where passes: (Element) -> Bool
    ) -> (entries: [Element], next: Element?) {
        var entries: [Element] = []
        for entry in self where passes(entry) {
            guard entries.count < size else { return (entries, entries.last) }
            entries.append(entry)
        }
        return (entries, nil)
    }
}

extension Array {
    /// The first index from which on a claim holds; it must not hold before one where it does not.
    fileprivate func partitioningIndex(where holds: (Element) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = low + (high - low) / 2
            if holds(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
