internal import CloudHSM
internal import StrongroomModel

/// What happens outside the API: on the data plane, to the hardware, inside the service.
extension SimulatedGroup {
    /// An officer sets the admin password: the cluster is ACTIVE and its first backup begins.
    mutating func activate(under settings: SimulatorSettings) throws(StandInError) {
        let cluster = try livingCluster()
        guard cluster.state == .initialized else {
            throw .notInitialized(cluster.id, cluster.state)
        }
        guard !cluster.healthyHSMs.isEmpty else { throw .noActiveHSM(cluster.id) }
        group.cluster?.state = .active
        memory.inServiceSince = asOf
        hold(Material(cluster: cluster.id, number: 1))
        beginBackup(under: settings)
        settleQuietly(under: settings)
    }

    /// The service puts other hardware in an HSM's place at once.
    mutating func replaceHSM(
        _ id: HSMID,
        under settings: SimulatorSettings
    ) throws(StandInError) -> HSMID {
        let state = try state(of: id)
        guard state == .active || state == .degraded else { throw .wrongHSMState(id, state) }
        var happenings = Happenings(group: group.id)
        replaceHSM(id, under: settings, telling: &happenings)
        settleQuietly(under: settings)
        for event in happenings.events {
            if case .hsmReplaced(_, let new) = event.kind { return new }
        }
        preconditionFailure("an HSM that is listed is replaced")
    }

    /// An HSM fails: one in service is replaced after a while, one being created never heals.
    mutating func degradeHSM(
        _ id: HSMID,
        under settings: SimulatorSettings
    ) throws(StandInError) {
        switch try state(of: id) {
        case .active:
            memory.schedule(.hsmReplaced(id), at: asOf + settings.latencies.hsmReplace)
            change(id) {
                $0.state = .degraded
                $0.stateMessage = "The hardware failed and is being replaced."
            }
        case .createInProgress:
            memory.cancel { $0.hsm == id }
            memory.schedule(.hsmFailed(id), at: asOf)
        case .degraded, .deleteInProgress, .deleted, .unrecognised:
            throw .wrongHSMState(id, try state(of: id))
        }
        settleQuietly(under: settings)
    }

    /// A backup or copy that is being made fails and is DELETED.
    mutating func failBackup(
        _ id: BackupID,
        under settings: SimulatorSettings
    ) throws(StandInError) {
        guard let backup = group.backup(id) else { throw .unknownBackup(id, near: []) }
        guard backup.state == .createInProgress else { throw .wrongBackupState(id, backup.state) }
        memory.cancel { $0.backup == id }
        group.change(id) { $0.state = .deleted }
        memory.schedule(.backupUnlisted(id), at: asOf + settings.latencies.listingOfDeleted)
        settleQuietly(under: settings)
    }

    /// Users or keys are made or removed: what is backed up from now on is another generation.
    mutating func changeMaterial() throws(StandInError) -> Material {
        let cluster = try livingCluster()
        guard cluster.isActivated else { throw .notActivated(cluster.id, cluster.state) }
        guard !cluster.healthyHSMs.isEmpty else { throw .noActiveHSM(cluster.id) }
        let own = memory.materials.lazy.map(\.material).filter { $0.cluster == cluster.id }
        let next = Material(cluster: cluster.id, number: (own.map(\.number).max() ?? 0) + 1)
        hold(next)
        return next
    }

    private func livingCluster() throws(StandInError) -> Cluster {
        guard let cluster = group.livingCluster else {
            throw .unknownCluster(group.id.cluster, near: [])
        }
        return cluster
    }

    private func state(of id: HSMID) throws(StandInError) -> HSMState {
        guard let hsm = group.cluster?.hsms.first(where: { $0.id == id }) else {
            throw .unknownHSM(id, near: [])
        }
        return hsm.state
    }

    private mutating func settleQuietly(under settings: SimulatorSettings) {
        var happenings = Happenings(group: group.id)
        settle(under: settings, telling: &happenings)
    }
}
