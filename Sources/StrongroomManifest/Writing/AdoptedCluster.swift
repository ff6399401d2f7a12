public import CloudHSM
public import StrongroomModel

/// What a manifest can hold of a cluster that exists, so that nothing is to be changed by it.
///
/// Certificates, signing requests and passwords are not looked at.
public struct AdoptedCluster: Sendable {
    /// The cluster's id.
    public let id: ClusterID

    /// Where it lives.
    public let home: Place

    /// What its manifest is to call it.
    public var name: String

    /// What is left out of the manifest, and why.
    public let omissions: [Omission]

    /// The names its tags suggest, the best first.
    let suggestedNames: [String]

    let account: String?
    let observedAt: Timestamp
    let hsmType: HSMType
    let mode: ClusterMode?
    let networkType: NetworkType?
    let subnets: [AvailabilityZone: SubnetID]
    let tags: [String: String]
    let hsms: DesiredHSMs?
    let retention: RetentionPeriod?
    let copyRegions: [Region]
    let recoveryPoints: [AdoptedRecoveryPoint]

    /// Looks at a group; it is `nil` if the group has no living cluster.
    ///
    /// - Parameters:
    ///   - group: The group as observed.
    ///   - account: What manifests call its account; `nil` where they need not say.
    ///   - now: When it was observed.
    public init?(of group: ProtectionGroup, account: String?, at now: Timestamp) {
        guard let cluster = group.livingCluster else { return nil }
        let tags = AdoptedTags(cluster.tags)
        let points = AdoptedRecoveryPoint.all(in: group)
        id = group.id.cluster
        home = group.id.home
        name = "\(group.id.cluster)".lowercased()
        suggestedNames = [OwnershipTag.cluster, "Name"].compactMap { cluster.tags[$0] }
        self.account = account
        observedAt = now
        hsmType = cluster.hsmType
        mode = cluster.mode
        networkType = cluster.networkType
        subnets = cluster.subnets
        self.tags = tags.kept
        let unpinned = cluster.presentHSMs.isEmpty ? group.unpinnedNewest : nil
        hsms = unpinned == nil ? cluster.hsmsAsFound : nil
        retention = cluster.retention.writable
        copyRegions = Set(group.backups.lazy.filter { $0.isCopy && $0.isReady }.map(\.region))
            .subtracting([group.id.home.region]).sorted()
        recoveryPoints = points.kept
        omissions =
            tags.omissions + (unpinned.map { [.parking($0)] } ?? [])
            + (retention == nil ? [.retention(cluster.retention)] : []) + points.omissions
    }
}

/// Something of a cluster that its manifest does not say.
///
/// Its words may hold foreign text and are not yet safe to show.
public enum Omission: Hashable, Sendable, CustomStringConvertible {
    /// That there is no HSM: to ask for none is to have the newest backup pinned.
    case parking(BackupID)
    /// A retention policy that exists and cannot be asked for.
    case retention(RetentionPolicy)
    /// A tag that may hold a secret.
    case secretTag(key: String)
    /// The record of a recovery point that a manifest cannot nominate as it is.
    case recoveryPoint(name: String, why: String)

    /// What is left out, and why.
    public var description: String {
        switch self {
        case .parking(let newest):
            "that there is no HSM: to have \(newest) pinned, the newest backup, write hsms: 0"
        case .retention(.unmanaged): "the retention, which the service does not manage"
        case .retention(let policy):
            "the retention of \(policy): only \(RetentionPeriod.acceptedDays.lowerBound) to "
                + "\(RetentionPeriod.acceptedDays.upperBound) days can be asked for"
        case .secretTag(let key): "the tag \(key), which may hold a secret"
        case .recoveryPoint(let name, let why): "the recovery point \(name): \(why)"
        }
    }
}

extension RetentionPolicy {
    /// The period, if a manifest can ask for it.
    fileprivate var writable: RetentionPeriod? {
        switch self {
        case .days(let days): RetentionPeriod(days: days)
        case .unmanaged: nil
        }
    }
}

extension ProtectionGroup {
    /// The backup that a parked cluster is resumed from, if it is READY and not pinned.
    fileprivate var unpinnedNewest: BackupID? {
        guard let newest = newestOwnBackup, newest.isReady, !newest.neverExpires else { return nil }
        return newest.id
    }
}

extension Cluster {
    /// Its present HSMs: in all where they are spread evenly over the zones, else in each zone.
    fileprivate var hsmsAsFound: DesiredHSMs {
        let present = presentHSMs
        var counts = subnets.mapValues { _ in 0 }
        for hsm in present {
            guard let zone = hsm.zone, let count = counts[zone] else {
                return .total(present.count)
            }
            counts[zone] = count + 1
        }
        let isEven = (counts.values.max() ?? 0) - (counts.values.min() ?? 0) <= 1
        return isEven ? .total(present.count) : .perZone(counts)
    }
}
