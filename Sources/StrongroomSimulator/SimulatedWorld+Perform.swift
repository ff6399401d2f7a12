public import CloudHSM
public import StrongroomModel

extension SimulatedWorld {
    /// Carries out one call, or refuses it as the service would.
    ///
    /// - Parameters:
    ///   - call: The call.
    ///   - place: The account and Region it goes to.
    /// - Returns: The service's answer; it shows the call's effect at once.
    /// - Throws: What the service would answer to an illegal call; nothing has changed then.
    public mutating func perform(
        _ call: Call,
        at place: Place
    ) throws(ServiceException) -> Answer {
        try perform(call, at: place, given: Surroundings(usage: nil, takenIDs: []))
    }

    /// Carries out one call in a world of which only some groups are at hand.
    mutating func perform(
        _ call: Call,
        at place: Place,
        given surroundings: Surroundings
    ) throws(ServiceException) -> Answer {
        switch call {
        case .createCluster(let request):
            return try create(request, at: place, given: surroundings)
        case .describeClusters(let call):
            return try Listing.page(of: views(), at: place, for: call)
        case .describeBackups(let call):
            return try Listing.page(of: views(), at: place, for: call)
        case .initializeCluster, .modifyCluster, .deleteCluster, .createHSM, .deleteHSM,
            .modifyBackupAttributes, .deleteBackup, .restoreBackup, .copyBackup, .tagResource,
            .untagResource, .listTags, .putResourcePolicy, .getResourcePolicy,
            .deleteResourcePolicy:
            return try change(by: call, at: place, given: surroundings)
        }
    }

    private func views() -> [ProtectionGroup] { groups.keys.compactMap(observe) }

    private mutating func change(
        by call: Call,
        at place: Place,
        given surroundings: Surroundings
    ) throws(ServiceException) -> Answer {
        guard let target = call.target else {
            throw .invalid("\(call.operation) takes a cluster or a backup")
        }
        guard let id = group(of: target, at: place), var group = groups[id] else {
            throw .notFound(target)
        }
        group.advance(to: now, under: settings)
        var source = CloneSource.usable
        if case .createHSM(let request) = call {
            if request.refusal(on: group.group.cluster) == nil {
                try requireQuota(of: .hsm, at: place, given: surroundings)
            }
            if group.needsCloneSource { source = cloneSource(of: group) }
        }
        let answer = try group.perform(call, at: place, cloning: source, under: settings)
        groups[id] = group
        return answer
    }

    /// The group a call concerns, if it is known in the place.
    func group(of target: TaggedResource, at place: Place) -> GroupID? {
        switch target {
        case .cluster(let cluster):
            let id = GroupID(home: place, cluster: cluster)
            return groups[id] == nil ? nil : id
        case .backup(let backup): return group(holding: backup, at: place)
        }
    }

    private func group(holding backup: BackupID, at place: Place) -> GroupID? {
        groups.first { id, group in
            id.home.account == place.account && group.holds(backup, at: now, under: settings)
        }?.key
    }

    private func cloneSource(of clone: SimulatedGroup) -> CloneSource {
        guard
            let id = clone.memory.source, let backup = clone.group.cluster?.sourceBackup,
            var group = groups[id]
        else { return .usable }
        group.advance(to: now, under: settings)
        return group.group.backup(backup)?.isReady == true ? .usable : .gone
    }
}

extension SimulatedGroup {
    /// Whether a backup lies in the group, also one that was made since it was last looked at.
    func holds(_ backup: BackupID, at now: Timestamp, under settings: SimulatorSettings) -> Bool {
        if group.backup(backup) != nil { return true }
        guard asOf < now else { return false }
        var present = self
        present.advance(to: now, under: settings)
        return present.group.backup(backup) != nil
    }
}

extension Call {
    /// The resource whose group the call concerns; `nil` where it makes one or lists a place.
    var target: TaggedResource? {
        switch self {
        case .initializeCluster(let call): .cluster(call.cluster)
        case .modifyCluster(let call): .cluster(call.cluster)
        case .deleteCluster(let call): .cluster(call.cluster)
        case .createHSM(let call): .cluster(call.cluster)
        case .deleteHSM(let call): .cluster(call.cluster)
        case .modifyBackupAttributes(let call): .backup(call.backup)
        case .deleteBackup(let call): .backup(call.backup)
        case .restoreBackup(let call): .backup(call.backup)
        case .copyBackup(let call): .backup(call.backup)
        case .tagResource(let call): call.resource
        case .untagResource(let call): call.resource
        case .listTags(let call): call.resource
        case .putResourcePolicy(let call): call.resource.tagged
        case .getResourcePolicy(let call): call.resource.tagged
        case .deleteResourcePolicy(let call): call.resource.tagged
        case .createCluster, .describeClusters, .describeBackups: nil
        }
    }
}

extension ResourceARN {
    /// The cluster or backup whose group holds the resource; `nil` for an HSM, which takes no policy.
    fileprivate var tagged: TaggedResource? {
        switch resource {
        case .cluster(let id): .cluster(id)
        case .backup(let id): .backup(id)
        case .hsm: nil
        }
    }
}
