internal import CloudHSM
internal import StrongroomModel

extension SimulatedGroup {
    /// Begins to move the cluster to a type, or to take a change back.
    mutating func beginTypeChange(
        of cluster: Cluster,
        isRollback: Bool,
        under settings: SimulatorSettings
    ) {
        let perHSM = settings.latencies.typeChangePerHSM
        memory.cancel { change in
            if case .hsmTypeChanged = change { return true }
            return change == .typeChanged
        }
        guard !isRollback else {
            group.cluster?.state = .rollbackInProgress
            let changed = cluster.hsms.count { $0.type == .hsm2mMedium && $0.state.isPresent }
            memory.schedule(.typeRolledBack, at: asOf + perHSM * max(1, changed))
            return
        }
        group.cluster?.state = .modifyInProgress
        let deadline = asOf + TypeChange.rollbackWindow
        group.cluster?.typeRollbackExpiration = deadline
        guard let first = cluster.nextHSMOfOldType else {
            memory.schedule(.typeChanged, at: asOf + perHSM)
            return
        }
        if TypeChange.causesBackup(on: cluster) { beginBackup(under: settings) }
        memory.schedule(.hsmTypeChanged(first.id), at: asOf + perHSM)
    }

    /// Puts hardware of the new type in an HSM's place and goes on to the next.
    mutating func changeType(
        of id: HSMID,
        under settings: SimulatorSettings,
        telling happenings: inout Happenings
    ) {
        change(id) { $0.type = .hsm2mMedium }
        let state = group.cluster?.hsms.first { $0.id == id }?.state
        if state == .active || state == .degraded {
            replaceHSM(id, under: settings, telling: &happenings)
        }
        guard let cluster = group.cluster, let next = cluster.nextHSMOfOldType else {
            finishTypeChange(telling: &happenings)
            return
        }
        if TypeChange.causesBackup(on: cluster) {
            happenings.add(.backupBeforeTypeChange(beginBackup(under: settings)), at: asOf)
        }
        memory.schedule(.hsmTypeChanged(next.id), at: asOf + settings.latencies.typeChangePerHSM)
    }

    /// Ends a change of type: new HSMs are of the new type from now on.
    mutating func finishTypeChange(telling happenings: inout Happenings) {
        group.cluster?.hsmType = .hsm2mMedium
        leaveTypeChange(telling: &happenings)
    }

    /// Ends the way back: what was made since the change began is lost.
    mutating func finishRollback(telling happenings: inout Happenings) {
        if let deadline = group.cluster?.typeRollbackExpiration,
            let before = memory.materials.material(at: deadline - TypeChange.rollbackWindow)
        {
            hold(before)
        }
        group.cluster.mutate { cluster in
            cluster.hsmType = .hsm1Medium
            cluster.typeRollbackExpiration = nil
            for index in cluster.hsms.indices { cluster.hsms[index].type = .hsm1Medium }
        }
        leaveTypeChange(telling: &happenings)
    }

    private mutating func leaveTypeChange(telling happenings: inout Happenings) {
        let isInService = group.cluster?.healthyHSMs.isEmpty == false
        group.cluster?.state = .active
        if isInService, memory.inServiceSince == nil { memory.inServiceSince = asOf }
        happenings.add(.clusterState(.active), at: asOf)
    }

    /// Notes that the cluster holds other material from now on.
    mutating func hold(_ material: Material) {
        guard memory.materials.last?.material != material else { return }
        let now = group.backups.filter { $0.createdAt == asOf }.map(\.id)
        memory.materials.append(
            MaterialChange(material: material, since: asOf, notYetIn: now)
        )
    }
}
