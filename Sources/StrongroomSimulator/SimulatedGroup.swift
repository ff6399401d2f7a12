public import CloudHSM
public import StrongroomModel

/// One protection group as the simulated service knows it: what is true, and what is on its way.
public struct SimulatedGroup: Hashable, Sendable {
    /// What is true at ``asOf``; reads may lag behind it.
    public package(set) var group: ProtectionGroup

    /// What the service knows of it beside.
    package internal(set) var memory: SimulatorMemory

    /// The moment the group has been brought to.
    public var asOf: Timestamp { memory.asOf }

    /// The group as a read shows it at ``asOf``: calls may not show yet.
    public var view: ProtectionGroup {
        guard memory.unseen.contains(where: { $0.until > memory.asOf }) else { return group }
        var shown = group
        for call in memory.unseen.reversed() where call.until > memory.asOf {
            call.hide(in: &shown)
        }
        return shown
    }

    /// Which material the cluster holds now; nothing before its activation.
    public var material: Material? { memory.materials.last?.material }

    /// Which material a backup or copy holds.
    ///
    /// - Parameter id: The backup.
    /// - Returns: The material, or `nil` if the backup is not listed.
    public func material(in id: BackupID) -> Material? {
        group.backup(id).flatMap(memory.materials.material(in:))
    }
}

extension SimulatedGroup {
    /// Takes a group in that was not made by the simulated service, such as what the AWS command
    /// line prints.
    ///
    /// It counts as settled. States on the way to another, such as CREATE_IN_PROGRESS, end after
    /// their usual latency; an UPDATE_IN_PROGRESS or DEGRADED cluster stays as it is, because how it
    /// leaves is unknown (fact sheet, section 20, row 1).
    ///
    /// - Parameters:
    ///   - group: The group.
    ///   - began: The moment it counts from.
    ///   - settings: The world's.
    public init(
        adopting group: ProtectionGroup,
        at began: Timestamp,
        under settings: SimulatorSettings
    ) {
        self.group = group
        let number = group.cluster?.isActivated == false && group.backups.isEmpty ? 0 : 1
        let material = Material(cluster: group.id.cluster, number: number)
        memory = SimulatorMemory(
            asOf: began,
            materials: [
                MaterialChange(material: material, since: Timestamp(milliseconds: .min))
            ]
        )
        if DailyBackup.newest(among: group.backups) == nil, group.cluster?.isInService == true {
            memory.inServiceSince = began
        }
        scheduleCluster(under: settings.latencies)
        scheduleHSMs(under: settings.latencies)
        scheduleBackups(under: settings.latencies)
        showSigningRequest(under: settings)
    }

    private mutating func scheduleCluster(under latencies: Latencies) {
        guard let cluster = group.cluster else { return }
        switch cluster.state {
        case .createInProgress:
            memory.schedule(.clusterCreated, at: asOf + latencies.clusterCreate)
        case .initializeInProgress where cluster.sourceBackup != nil:
            memory.schedule(.clusterCreated, at: asOf + latencies.clusterCreate)
        case .initializeInProgress:
            memory.schedule(.clusterInitialized, at: asOf + latencies.initialize)
        case .deleteInProgress:
            memory.schedule(.clusterDeleted, at: asOf + latencies.clusterDelete)
        case .deleted:
            memory.schedule(.clusterUnlisted, at: asOf + latencies.listingOfDeleted)
        case .modifyInProgress:
            let next = cluster.nextHSMOfOldType.map { PendingChange.Change.hsmTypeChanged($0.id) }
            memory.schedule(next ?? .typeChanged, at: asOf + latencies.typeChangePerHSM)
        case .rollbackInProgress:
            memory.schedule(.typeRolledBack, at: asOf + latencies.typeChangePerHSM)
        case .uninitialized, .initialized, .active, .updateInProgress, .degraded, .unrecognised:
            break
        }
    }

    private mutating func scheduleHSMs(under latencies: Latencies) {
        for hsm in group.cluster?.hsms ?? [] {
            switch hsm.state {
            case .createInProgress:
                memory.schedule(.hsmReady(hsm.id), at: asOf + latencies.hsmCreate)
            case .deleteInProgress, .deleted:
                memory.schedule(.hsmGone(hsm.id), at: asOf + latencies.hsmDelete)
            case .active, .degraded, .unrecognised: break
            }
        }
    }

    private mutating func scheduleBackups(under latencies: Latencies) {
        for index in group.backups.indices {
            let backup = group.backups[index]
            switch backup.state {
            case .createInProgress:
                let latency = backup.isCopy ? latencies.copy : latencies.backup
                memory.schedule(.backupReady(backup.id), at: asOf + latency)
            case .deleted:
                memory.schedule(
                    .backupUnlisted(backup.id),
                    at: asOf + latencies.listingOfDeleted
                )
            case .pendingDeletion where backup.deletesAt == nil:
                group.backups[index].deletesAt = DeletionWindow.end(ofDeletionAt: asOf)
            case .ready, .pendingDeletion, .unrecognised: break
            }
        }
    }
}

extension Cluster {
    /// Whether it is ACTIVE with an HSM that is ACTIVE.
    var isInService: Bool { state == .active && hsms.contains { $0.state == .active } }

    /// The HSM that is next while the cluster's type changes.
    var nextHSMOfOldType: HSM? {
        hsms.first { ($0.type ?? .hsm1Medium) == .hsm1Medium && $0.state.isPresent }
    }
}
