public import CloudHSM
internal import StrongroomModel

/// Stand-ins for what happens outside the API.
extension SimulatedWorld {
    /// Activates an INITIALIZED cluster, as an officer does with the client (`UG:activate-cluster`).
    ///
    /// The cluster is ACTIVE at once and its first backup begins.
    ///
    /// - Parameter cluster: The cluster.
    /// - Throws: If the cluster is unknown, not INITIALIZED or without an ACTIVE HSM.
    public mutating func activate(_ cluster: ClusterID) throws(StandInError) {
        let settings = settings
        try change(group(of: cluster)) { group throws(StandInError) in
            try group.activate(under: settings)
        }
    }

    /// Replaces an HSM's hardware, as the service does by itself: another id, the same interface.
    ///
    /// - Parameter hsm: The HSM.
    /// - Returns: Its new id.
    /// - Throws: If the HSM is unknown or neither ACTIVE nor DEGRADED.
    @discardableResult
    public mutating func replaceHSM(_ hsm: HSMID) throws(StandInError) -> HSMID {
        let settings = settings
        return try change(group(of: hsm)) { group throws(StandInError) in
            try group.replaceHSM(hsm, under: settings)
        }
    }

    /// Lets an HSM fail.
    ///
    /// One that is ACTIVE is DEGRADED until the service has replaced it; one being created stays
    /// DEGRADED (aws-cloudhsm-cloudformation-template issue 17).
    ///
    /// - Parameter hsm: The HSM.
    /// - Throws: If the HSM is unknown or neither ACTIVE nor being created.
    public mutating func degradeHSM(_ hsm: HSMID) throws(StandInError) {
        let settings = settings
        try change(group(of: hsm)) { group throws(StandInError) in
            try group.degradeHSM(hsm, under: settings)
        }
    }

    /// Lets a backup or copy fail that is being made: it is DELETED (`UG:copy-backup-to-region`).
    ///
    /// - Parameter backup: The backup or copy.
    /// - Throws: If the backup is unknown or not being made.
    public mutating func failBackup(_ backup: BackupID) throws(StandInError) {
        let settings = settings
        try change(group(of: backup)) { group throws(StandInError) in
            try group.failBackup(backup, under: settings)
        }
    }

    /// Makes or removes users and keys: what is backed up from now on is another generation.
    ///
    /// - Parameter cluster: The cluster.
    /// - Returns: What it holds now.
    /// - Throws: If the cluster is unknown, not activated or without an ACTIVE HSM.
    @discardableResult
    public mutating func changeMaterial(of cluster: ClusterID) throws(StandInError) -> Material {
        try change(group(of: cluster)) { group throws(StandInError) in try group.changeMaterial() }
    }

    /// Which material a backup or copy holds.
    ///
    /// - Parameter backup: The backup.
    /// - Returns: The material, or `nil` if no such backup is listed anywhere.
    public func material(in backup: BackupID) -> Material? {
        for group in groups.values where group.holds(backup, at: now, under: settings) {
            var present = group
            present.advance(to: now, under: settings)
            return present.material(in: backup)
        }
        return nil
    }

    private mutating func change<Result>(
        _ id: GroupID,
        _ change: (inout SimulatedGroup) throws(StandInError) -> Result
    ) throws(StandInError) -> Result {
        guard var group = groups[id] else { throw .unknownCluster(id.cluster, near: []) }
        group.advance(to: now, under: settings)
        let result = try change(&group)
        groups[id] = group
        return result
    }

    private func group(of cluster: ClusterID) throws(StandInError) -> GroupID {
        guard let id = groups.keys.first(where: { $0.cluster == cluster }) else {
            let near = NearIDs.of(cluster, among: groups.keys.map(\.cluster))
            throw .unknownCluster(cluster, near: near)
        }
        return id
    }

    private func group(of hsm: HSMID) throws(StandInError) -> GroupID {
        var others: [HSMID] = []
        for group in groups.values {
            var present = group
            present.advance(to: now, under: settings)
            let hsms = (present.group.cluster?.hsms ?? []).map(\.id)
            if hsms.contains(hsm) { return group.group.id }
            others += hsms
        }
        throw .unknownHSM(hsm, near: NearIDs.of(hsm, among: others))
    }

    private func group(of backup: BackupID) throws(StandInError) -> GroupID {
        for group in groups.values where group.holds(backup, at: now, under: settings) {
            return group.group.id
        }
        let all = groups.values.lazy.flatMap { $0.group.backups.lazy.map(\.id) }
        throw .unknownBackup(backup, near: NearIDs.of(backup, among: Array(all)))
    }
}
