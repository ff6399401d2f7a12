internal import CloudHSM
internal import StrongroomModel

/// What a call must know of groups that are not at hand.
struct Surroundings {
    /// What the place's groups use; counted from the world's own groups if `nil`.
    var usage: CountedUsage?

    /// Groups that exist beside the world's own, whose ids are not to be given again.
    let takenIDs: Set<GroupID>

    /// The same, were every group that could not be counted as large as a group can be.
    var atMost: Surroundings {
        var most = self
        most.usage = usage.map { CountedUsage(known: $0.atMost, uncounted: []) }
        return most
    }
}

/// What of a place's quotas is used, as far as its groups can be read.
struct CountedUsage {
    /// What the groups use that can be read.
    let known: Usage

    /// Why others cannot be, one reason for each.
    let uncounted: [UnreadReason]

    /// What is used if each of the others has all that a cluster can have.
    var atMost: Usage {
        let most = Usage(clusters: 1, hsms: Quotas.hsmsPerCluster)
        return uncounted.reduce(known) { sum, _ in sum + most }
    }
}

/// How much of its quotas a place uses.
struct Usage: Hashable, Sendable {
    var clusters = 0
    var hsms = 0

    static func + (left: Usage, right: Usage) -> Usage {
        Usage(clusters: left.clusters + right.clusters, hsms: left.hsms + right.hsms)
    }
}

/// How much of its place's quotas a group uses, and until when its cluster counts.
struct GroupUsage: Hashable, Sendable {
    private let hsms: Int
    private let existsUntil: Timestamp?

    init(_ group: SimulatedGroup) {
        let cluster = group.group.livingCluster
        hsms = cluster?.presentHSMs.count ?? 0
        let end = group.memory.pending.first { $0.change == .clusterDeleted }?.due
        existsUntil = cluster == nil ? Timestamp(milliseconds: .min) : end
    }

    func usage(at now: Timestamp) -> Usage {
        Usage(clusters: existsUntil.map { now < $0 } ?? true ? 1 : 0, hsms: hsms)
    }
}

extension SimulatedWorld {
    /// What a place may have so many of.
    enum Limited {
        case cluster
        case hsm
    }

    /// Refuses what would go beyond a quota; which exception the service uses is unknown (fact
    /// sheet, section 20, row 9).
    func requireQuota(
        of limited: Limited,
        at place: Place,
        given surroundings: Surroundings
    ) throws(ServiceException) {
        let usage = surroundings.usage?.known ?? usage(at: place)
        switch limited {
        case .cluster where usage.clusters >= settings.quotas.clusters:
            throw .invalid("the quota of \(settings.quotas.clusters) clusters is used up")
        case .hsm where usage.hsms >= settings.quotas.hsms:
            throw .invalid("the quota of \(settings.quotas.hsms) HSMs is used up")
        case .cluster, .hsm: break
        }
    }

    private func usage(at place: Place) -> Usage {
        groups.values.lazy.filter { $0.group.id.home == place }
            .map { GroupUsage($0).usage(at: self.now) }
            .reduce(Usage(), +)
    }

    mutating func create(
        _ request: CreateCluster,
        at place: Place,
        given surroundings: Surroundings
    ) throws(ServiceException) -> Answer {
        var source: SimulatedGroup?
        if let backup = request.sourceBackup {
            source = group(of: .backup(backup), at: place).flatMap { groups[$0] }
            source?.advance(to: now, under: settings)
        }
        let cloned = request.sourceBackup.flatMap { source?.group.backup($0) }
        let local = cloned.flatMap { $0.region == place.region ? $0 : nil }
        if let refusal = request.refusal(cloning: local) { throw refusal }
        guard request.subnets.keys.allSatisfy({ $0.region == place.region }) else {
            throw .invalid("the subnets do not lie in \(place.region)")
        }
        try requireQuota(of: .cluster, at: place, given: surroundings)
        let id = newGroupID(for: request, at: place, apartFrom: surroundings.takenIDs)
        var group = SimulatedGroup(
            creating: request,
            as: id,
            from: source,
            at: now,
            under: settings
        )
        guard let cluster = group.group.cluster else {
            preconditionFailure("a new group has its cluster")
        }
        var happenings = Happenings(group: id)
        group.settle(under: settings, telling: &happenings)
        if settings.readLag > .zero {
            group.hide(from: ProtectionGroup(id: id, cluster: nil), under: settings)
        }
        groups[id] = group
        return .cluster(cluster)
    }

    private func newGroupID(
        for request: CreateCluster,
        at place: Place,
        apartFrom taken: Set<GroupID>
    ) -> GroupID {
        var bits = Fingerprint(seed: settings.seed, request: request, at: place)
        while true {
            let id = GroupID(home: place, cluster: ClusterID(bits: bits.bits))
            if groups[id] == nil, !taken.contains(id) { return id }
            bits.mix(1)
        }
    }
}
