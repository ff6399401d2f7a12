internal import CloudHSM
internal import StrongroomModel

extension SimulatedGroup {
    /// Adds an HSM; `source` is what is known of the backup the cluster was made from.
    mutating func perform(
        _ call: CreateHSM,
        cloning source: CloneSource,
        under settings: SimulatorSettings
    ) throws(ServiceException) -> Answer {
        if let refusal = call.refusal(on: group.cluster) { throw refusal }
        guard let cluster = group.cluster else { throw .notFound(call.cluster) }
        if let address = call.address, cluster.hsms.contains(where: { $0.address == address }) {
            throw .invalid("the address \(address) is in use")
        }
        let hsm = newHSM(in: call.zone, of: cluster, address: call.address, under: settings)
        group.cluster?.hsms.append(hsm)
        let latencies = settings.latencies
        if CreateHSM.causesBackup(on: cluster) {
            beginBackup(under: settings)
            // The newcomer gets that backup, so it is not ready before it.
            let ready = asOf + max(latencies.hsmCreate, latencies.backup)
            memory.schedule(.hsmReady(hsm.id), at: ready)
        } else if cluster.state == .active, !resume(cluster, cloning: source) {
            memory.schedule(.hsmFailed(hsm.id), at: asOf + latencies.hsmCreate)
        } else {
            memory.schedule(.hsmReady(hsm.id), at: asOf + latencies.hsmCreate)
        }
        return .hsm(hsm)
    }

    /// Takes the material of the backup that is restored; no backup of it is made.
    ///
    /// - Returns: Whether there is something to restore.
    private mutating func resume(_ cluster: Cluster, cloning source: CloneSource) -> Bool {
        guard let id = Resume.source(of: cluster, among: group.backups) else { return false }
        if let own = material(in: id) {
            hold(own)
            return true
        }
        guard source == .usable, let cloned = memory.materials.first else { return false }
        hold(cloned.material)
        return true
    }

    /// Whether an HSM that joins now would be restored from a backup of another group.
    var needsCloneSource: Bool {
        guard let cluster = group.cluster, cluster.healthyHSMs.isEmpty else { return false }
        return cluster.sourceBackup != nil
            && RetentionSweep.newestOwnReady(among: group.backups) == nil
    }

    mutating func perform(
        _ call: DeleteHSM,
        under settings: SimulatorSettings
    ) throws(ServiceException) -> Answer {
        if let refusal = call.refusal(on: group.cluster) { throw refusal }
        guard let cluster = group.cluster else { throw .notFound(call.cluster) }
        guard let hsm = call.hsm(in: cluster)?.id else { throw .notFound(call.target) }
        if DeleteHSM.causesBackup(on: cluster) { beginBackup(under: settings) }
        change(hsm) { $0.state = .deleteInProgress }
        showSigningRequest(under: settings)
        memory.cancel { $0.hsm == hsm }
        memory.schedule(.hsmGone(hsm), at: asOf + settings.latencies.hsmDelete)
        return .hsmID(hsm)
    }
}

/// What is known of the backup a cluster was made from.
enum CloneSource: Hashable, Sendable {
    /// READY, or in a place that cannot be looked into, such as another account's.
    case usable
    /// Deleted, or pending deletion.
    case gone
}
