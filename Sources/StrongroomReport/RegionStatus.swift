public import CloudHSM
internal import StrongroomModel

/// The backups of a cluster that lie in one Region.
public struct RegionStatus: Hashable, Sendable, Codable {
    /// Whether the newest content is as young as asked.
    public enum Freshness: String, Hashable, Sendable, Codable, CaseIterable {
        /// It is.
        case fresh
        /// It is not, or there is none.
        case stale
        /// Nothing is asked.
        case unmanaged
        /// Something is asked, and the Region was not read.
        case unread
    }

    /// The Region.
    public let region: Region

    /// Whether it is the cluster's own.
    public let isHome: Bool

    /// Whether the Region was read: where not, the counts say what was seen, and no more.
    public let isRead: Bool

    /// Whether copies lie there although the manifest asks for none: they are kept, never cleaned.
    public let isOrphaned: Bool

    /// Backups that are READY.
    public let ready: Int

    /// How many must always be READY; absent where that is unmanaged, and before activation.
    public let floor: Int?

    /// When the newest READY content was taken.
    public let newest: Timestamp?

    /// When the oldest READY content was taken.
    public let oldest: Timestamp?

    /// How old the newest may become, in seconds; absent where that is unmanaged, and
    /// before activation.
    public let maxAgeSeconds: Int?

    /// Whether the newest is as young as asked.
    public let freshness: Freshness

    /// Backups or copies that are being made.
    public let inProgress: Int

    /// Backups that are pending deletion.
    public let pendingDeletion: Int

    /// When the first of them is gone for ever.
    public let firstDeadline: Timestamp?

    /// Looks at every Region that has backups or is to have some, home first.
    static func all(
        of group: ProtectionGroup?,
        home: Region,
        desired: DesiredCluster?,
        unread: UnreadRegions,
        now: Timestamp
    ) -> [RegionStatus] {
        let copies = desired?.copies ?? []
        // Before activation there is nothing that could be backed up.
        let hasBackups = group?.cluster?.isActivated ?? false
        let named = Set((desired?.recoveryPoints ?? []).flatMap { $0.regions.map(\.value) })
        let others = Set((group?.backups ?? []).map(\.region))
            .union(copies.map(\.region.value)).subtracting([home]).sorted()
        let own = RegionStatus(
            home,
            isHome: true,
            isListed: true,
            isRead: !unread.contains(home),
            of: group,
            floor: hasBackups ? desired?.backups.floor : nil,
            maxAge: isBeforeActivation(group) ? nil : desired?.backups.maxAge?.value,
            now: now
        )
        return [own]
            + others.map { region in
                let asked = copies.first { $0.region.value == region }
                return RegionStatus(
                    region,
                    isHome: false,
                    isListed: asked != nil || named.contains(region) || desired == nil,
                    isRead: !unread.contains(region),
                    of: group,
                    floor: hasBackups ? asked?.floor : nil,
                    maxAge: isBeforeActivation(group) ? nil : asked?.maxAge?.value,
                    now: now
                )
            }
    }

    private static func isBeforeActivation(_ group: ProtectionGroup?) -> Bool {
        guard let group else { return true }
        return group.livingCluster.map { !$0.isActivated } ?? false
    }

    private init(
        _ region: Region,
        isHome: Bool,
        isListed: Bool,
        isRead: Bool,
        of group: ProtectionGroup?,
        floor: Int?,
        maxAge: Duration?,
        now: Timestamp
    ) {
        let all = (group?.backups ?? []).filter { $0.region == region }
        let whole = all.filter(\.isReady).map(\.createdAt)
        let leaving = all.filter { $0.state == .pendingDeletion }
        self.region = region
        self.isHome = isHome
        self.isRead = isRead
        isOrphaned = !isListed && all.contains { $0.isReady && $0.isCopy }
        ready = whole.count
        self.floor = floor
        newest = whole.max()
        oldest = whole.min()
        maxAgeSeconds = maxAge.map { Int($0.components.seconds) }
        inProgress = all.count { $0.state == .createInProgress }
        pendingDeletion = leaving.count
        firstDeadline = leaving.compactMap(\.deletesAt).min()
        if maxAge != nil, !isRead {
            freshness = .unread
        } else if let maxAge {
            freshness = newest.map { now - $0 <= maxAge } == true ? .fresh : .stale
        } else {
            freshness = .unmanaged
        }
    }
}
