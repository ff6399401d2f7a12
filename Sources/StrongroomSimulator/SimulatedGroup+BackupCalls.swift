internal import CloudHSM
internal import StrongroomModel

extension SimulatedGroup {
    /// The backup as a Region shows it; one that lies elsewhere is unknown there.
    private func backup(_ id: BackupID, in region: Region) -> Backup? {
        guard let backup = group.backup(id), backup.region == region else { return nil }
        return backup
    }

    mutating func perform(
        _ call: ModifyBackupAttributes,
        in region: Region
    ) throws(ServiceException) -> Answer {
        if let refusal = call.refusal(on: backup(call.backup, in: region)) { throw refusal }
        group.change(call.backup) { $0.neverExpires = call.neverExpires }
        return try listed(call.backup)
    }

    mutating func perform(
        _ call: DeleteBackup,
        in region: Region
    ) throws(ServiceException) -> Answer {
        if let refusal = call.refusal(on: backup(call.backup, in: region)) { throw refusal }
        delete(call.backup)
        return try listed(call.backup)
    }

    mutating func perform(
        _ call: RestoreBackup,
        in region: Region
    ) throws(ServiceException) -> Answer {
        let target = backup(call.backup, in: region)
        if let refusal = call.refusal(on: target, at: asOf) { throw refusal }
        group.change(call.backup) {
            $0.state = .ready
            $0.deletesAt = nil
        }
        return try listed(call.backup)
    }

    mutating func perform(
        _ call: CopyBackup,
        in region: Region,
        under settings: SimulatorSettings
    ) throws(ServiceException) -> Answer {
        let target = backup(call.backup, in: region)
        if let refusal = call.refusal(on: target) { throw refusal }
        guard let target else { throw .notFound(call.backup) }
        let tags = call.tags ?? target.tags
        beginCopy(of: target, to: call.destination, tags: tags, under: settings)
        return .destinationBackup(
            DestinationBackup(
                createdAt: target.createdAt,
                sourceRegion: target.region,
                sourceBackup: target.id,
                sourceCluster: group.id.cluster
            )
        )
    }

    /// Deletes a backup, restorable until the end of the window.
    mutating func delete(_ id: BackupID) {
        let end = DeletionWindow.end(ofDeletionAt: asOf)
        group.change(id) {
            $0.state = .pendingDeletion
            $0.deletesAt = end
        }
    }

    private func listed(_ id: BackupID) throws(ServiceException) -> Answer {
        guard let backup = group.backup(id) else { throw .notFound(id) }
        return .backup(ListedBackup(cluster: group.id.cluster, backup: backup))
    }
}

extension SimulatedGroup {
    /// A resource's tags as a Region shows them; `nil` if it is unknown there.
    func tags(of resource: TaggedResource, in region: Region) -> [String: String]? {
        switch resource {
        case .cluster(let id):
            guard id == group.id.cluster, region == group.id.home.region else { return nil }
            return group.livingCluster?.tags
        case .backup(let id):
            guard let backup = backup(id, in: region), backup.state != .deleted else { return nil }
            return backup.tags
        }
    }

    mutating func perform(
        _ call: TagResource,
        in region: Region
    ) throws(ServiceException) -> Answer {
        let current = tags(of: call.resource, in: region)
        if let refusal = call.refusal(given: current) { throw refusal }
        set(tags: (current ?? [:]).merging(call.tags) { _, new in new }, of: call.resource)
        return .empty
    }

    mutating func perform(
        _ call: UntagResource,
        in region: Region
    ) throws(ServiceException) -> Answer {
        let current = tags(of: call.resource, in: region)
        if let refusal = call.refusal(given: current) { throw refusal }
        set(tags: (current ?? [:]).filter { !call.keys.contains($0.key) }, of: call.resource)
        return .empty
    }

    private mutating func set(tags: [String: String], of resource: TaggedResource) {
        switch resource {
        case .cluster: group.cluster?.tags = tags
        case .backup(let id):
            group.change(id) { $0.details = ($0.details ?? BackupDetails()).with(tags: tags) }
        }
    }
}
