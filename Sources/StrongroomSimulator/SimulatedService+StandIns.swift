public import CloudHSM
internal import StrongroomModel
internal import Synchronization

/// Stand-ins for what happens outside the API; each is durable when it returns.
extension SimulatedService {
    /// Activates an INITIALIZED cluster, as an officer does with the client (`UG:activate-cluster`).
    ///
    /// The cluster is ACTIVE at once and its first backup begins.
    ///
    /// - Parameter cluster: The cluster.
    /// - Throws: ``StandInError`` if the cluster is unknown, not INITIALIZED or without an ACTIVE
    ///   HSM; what the store throws.
    public func activate(_ cluster: ClusterID) throws {
        try change(cluster) { group, settings throws(StandInError) in
            try group.activate(under: settings)
        }
    }

    /// Replaces an HSM's hardware, as the service does by itself: another id, the same interface.
    ///
    /// - Parameter hsm: The HSM.
    /// - Returns: Its new id.
    /// - Throws: ``StandInError`` if the HSM is unknown or neither ACTIVE nor DEGRADED; what the
    ///   store throws.
    @discardableResult
    public func replaceHSM(_ hsm: HSMID) throws -> HSMID {
        try change(hsm) { group, settings throws(StandInError) in
            try group.replaceHSM(hsm, under: settings)
        }
    }

    /// Lets an HSM fail: one in service is replaced after a while, one being created never heals.
    ///
    /// - Parameter hsm: The HSM.
    /// - Throws: ``StandInError`` if the HSM is unknown or neither ACTIVE nor being created; what
    ///   the store throws.
    public func degradeHSM(_ hsm: HSMID) throws {
        try change(hsm) { group, settings throws(StandInError) in
            try group.degradeHSM(hsm, under: settings)
        }
    }

    /// Lets a backup or copy fail that is being made: it is DELETED (`UG:copy-backup-to-region`).
    ///
    /// - Parameter backup: The backup or copy.
    /// - Throws: ``StandInError`` if the backup is unknown or not being made; what the store throws.
    public func failBackup(_ backup: BackupID) throws {
        try change(backup) { group, settings throws(StandInError) in
            try group.failBackup(backup, under: settings)
        }
    }

    /// Makes or removes users and keys: what is backed up from now on is another generation.
    ///
    /// - Parameter cluster: The cluster.
    /// - Returns: What it holds now.
    /// - Throws: ``StandInError`` if the cluster is unknown, not activated or without an ACTIVE HSM;
    ///   what the store throws.
    @discardableResult
    public func changeMaterial(of cluster: ClusterID) throws -> Material {
        try change(cluster) { group, _ throws(StandInError) in try group.changeMaterial() }
    }

    /// Which material a backup or copy holds.
    ///
    /// - Parameter backup: The backup or copy.
    /// - Returns: The generation of users and keys in it.
    /// - Throws: ``StandInError`` if the backup is unknown; what the store throws.
    public func material(in backup: BackupID) throws -> Material {
        try state.withLock { state in
            let group = try group(of: backup, state: state)
            guard let material = group.material(in: backup) else {
                throw StandInError.unknownBackup(backup, near: [])
            }
            return material
        }
    }
}

extension SimulatedService {
    private typealias Change<Result> =
        @Sendable (inout SimulatedGroup, SimulatorSettings) throws(StandInError) -> Result

    private func change<Result: Sendable>(_ id: ClusterID, _ change: Change<Result>) throws
        -> Result
    {
        try state.withLock { state in
            let ids = try store.groupIDs()
            guard let group = ids.first(where: { $0.cluster == id }) else {
                throw StandInError.unknownCluster(
                    id,
                    near: NearIDs.of(id, among: ids.map(\.cluster))
                )
            }
            return try apply(change, to: try present(group, state: state), state: &state)
        }
    }

    private func change<Result: Sendable>(_ id: HSMID, _ change: Change<Result>) throws -> Result {
        try state.withLock { state in
            var others: [HSMID] = []
            let group = try search(in: state) { group in
                let hsms = (group.group.cluster?.hsms ?? []).map(\.id)
                others += hsms
                return hsms.contains(id)
            }
            guard let group else {
                throw StandInError.unknownHSM(id, near: NearIDs.of(id, among: others))
            }
            return try apply(change, to: group, state: &state)
        }
    }

    private func change<Result: Sendable>(_ id: BackupID, _ change: Change<Result>) throws -> Result
    {
        try state.withLock { state in
            try apply(change, to: try group(of: id, state: state), state: &state)
        }
    }

    private func group(of backup: BackupID, state: State) throws -> SimulatedGroup {
        var near: [BackupID] = []
        let group = try search(in: state) { group in
            if group.group.backup(backup) != nil { return true }
            near += NearIDs.of(backup, among: group.group.backups.lazy.map(\.id))
            return false
        }
        guard let group else {
            throw StandInError.unknownBackup(backup, near: NearIDs.of(backup, among: near))
        }
        return group
    }

    private func apply<Result: Sendable>(
        _ change: Change<Result>,
        to group: SimulatedGroup,
        state: inout State
    ) throws -> Result {
        var changed = group
        let result = try change(&changed, state.record.settings)
        try save(changed, in: &state)
        return result
    }
}
