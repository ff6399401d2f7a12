public import CloudHSM

/// One change that the executor can make, with all it needs and the old value where it has one.
public enum Action: Hashable, Sendable {
    /// Makes a cluster.
    case createCluster(CreateCluster)
    /// Claims a cluster with its certificates.
    case initializeCluster(DesiredInitialization)
    /// Adds an HSM.
    case addHSM(zone: AvailabilityZone, causesBackup: Bool)
    /// Removes an HSM.
    case removeHSM(HSMReference, zone: AvailabilityZone?, causesBackup: Bool)
    /// Changes the retention policy.
    case setRetention(from: RetentionPolicy, to: RetentionPeriod, losing: [BackupID])
    /// Copies a backup to another Region.
    case copyBackup(BackupReference, to: Region)
    /// Deletes a backup or copy.
    case deleteBackup(BackupID, in: Region, createdAt: Timestamp)
    /// Takes back the deletion of a backup or copy while that is still possible.
    case restoreBackup(BackupID, in: Region, until: Timestamp)
    /// Exempts a backup of the cluster's own from retention (NeverExpires).
    case pinBackup(BackupReference)
    /// Puts a backup under retention again: it expires then, or at once with those in `losing`.
    case unpinBackup(BackupID, expiresAt: Timestamp?, losing: [BackupID])
    /// Adds or changes tags of a backup or copy.
    case tagBackup(BackupReference, tags: [String: String])
    /// Takes tags off a backup or copy.
    case untagBackup(BackupID, keys: [String])
    /// Adds or changes tags of the cluster.
    case tagCluster(tags: [String: String], replacing: [String: String])
    /// Moves the cluster's HSMs to another type, one at a time.
    case changeType(from: HSMType, to: HSMType, causesBackup: Bool)
    /// Deletes the cluster; its backups outlive it.
    case deleteCluster(ClusterID)
}

/// An HSM that is known, or that an earlier step of the same plan makes.
public enum HSMReference: Hashable, Sendable {
    /// That one.
    case known(HSMID)
    /// The one that a step adds.
    case added(by: StepID)
}

/// A backup that is known, or that an earlier step of the same plan causes.
public enum BackupReference: Hashable, Sendable {
    /// That one.
    case known(BackupID)
    /// The first READY backup whose content is no older than a step's call; it stays the same when
    /// later steps cause more.
    case caused(by: StepID)
}

/// The kinds of change a person reads a plan by, in the order totals are printed.
public enum ChangeKind: String, Hashable, Sendable, Codable, CaseIterable {
    /// Something is made.
    case add
    /// Something is set to another value.
    case change
    /// A backup is copied.
    case copy
    /// Something is taken away.
    case delete

    /// The symbol that stands before such a line.
    public var symbol: Character {
        switch self {
        case .add: "+"
        case .change: "~"
        case .copy: ">"
        case .delete: "-"
        }
    }
}

extension Action {
    /// The kind of change.
    public var kind: ChangeKind {
        switch self {
        case .createCluster, .addHSM: .add
        case .initializeCluster, .setRetention, .restoreBackup, .pinBackup, .unpinBackup,
            .tagBackup, .untagBackup, .tagCluster, .changeType:
            .change
        case .copyBackup: .copy
        case .removeHSM, .deleteBackup, .deleteCluster: .delete
        }
    }

    /// The backups that go because of the action, by our call or by the sweep it allows.
    public var lostBackups: [BackupID] {
        switch self {
        case .deleteBackup(let id, _, _): [id]
        case .setRetention(_, _, let losing), .unpinBackup(_, _, let losing): losing
        case .createCluster, .initializeCluster, .addHSM, .removeHSM, .copyBackup,
            .restoreBackup, .pinBackup, .tagBackup, .untagBackup, .tagCluster, .changeType,
            .deleteCluster:
            []
        }
    }

    /// Whether the service backs the cluster up because of the action.
    public var causesBackup: Bool {
        switch self {
        case .addHSM(_, let causes), .removeHSM(_, _, let causes), .changeType(_, _, let causes):
            causes
        case .createCluster, .initializeCluster, .setRetention, .copyBackup, .deleteBackup,
            .restoreBackup, .pinBackup, .unpinBackup, .tagBackup, .untagBackup, .tagCluster,
            .deleteCluster:
            false
        }
    }

    /// The call the service is asked for.
    ///
    /// - Parameters:
    ///   - group: The group as it is now; absent only where a cluster is to be made.
    ///   - bindings: What earlier steps turned out to make.
    /// - Returns: The call and the Region it goes to; `nil` if a reference cannot be resolved yet.
    public func call(
        on group: ProtectionGroup?,
        bindings: Bindings
    ) -> (call: Call, region: Region?)? {
        if case .createCluster(let request) = self { return (.createCluster(request), nil) }
        guard let group else { return nil }
        let cluster = group.id.cluster
        let home = group.id.home.region
        switch self {
        case .createCluster: return nil
        case .initializeCluster(let files):
            guard let signed = files.certificate.content, let anchor = files.trustAnchor.content
            else { return nil }
            let request = InitializeCluster(
                cluster: cluster,
                signedCertificate: signed,
                trustAnchor: anchor
            )
            return (.initializeCluster(request), home)
        case .addHSM(let zone, _):
            return (.createHSM(CreateHSM(cluster: cluster, zone: zone)), home)
        case .removeHSM(let reference, _, _):
            guard let hsm = bindings.hsm(reference) else { return nil }
            return (.deleteHSM(DeleteHSM(cluster: cluster, hsm: hsm)), home)
        case .setRetention(_, let period, _):
            let request = ModifyCluster(cluster: cluster, change: .retention(period))
            return (.modifyCluster(request), home)
        case .copyBackup(let reference, let destination):
            guard let source = bindings.backup(reference, in: group) else { return nil }
            let request = CopyBackup(
                backup: source.id,
                to: destination,
                tags: source.tags.merging(group.ownership) { _, own in own }
            )
            return (.copyBackup(request), source.region)
        case .deleteBackup(let id, let region, _):
            return (.deleteBackup(DeleteBackup(backup: id)), region)
        case .restoreBackup(let id, let region, _):
            return (.restoreBackup(RestoreBackup(backup: id)), region)
        case .pinBackup(let reference):
            guard let backup = bindings.backup(reference, in: group) else { return nil }
            let request = ModifyBackupAttributes(backup: backup.id, neverExpires: true)
            return (.modifyBackupAttributes(request), backup.region)
        case .unpinBackup(let id, _, _):
            let request = ModifyBackupAttributes(backup: id, neverExpires: false)
            return (.modifyBackupAttributes(request), home)
        case .tagBackup(let reference, let tags):
            guard let backup = bindings.backup(reference, in: group) else { return nil }
            return (.tagResource(TagResource(.backup(backup.id), tags: tags)), backup.region)
        case .untagBackup(let id, let keys):
            guard let backup = group.backup(id) else { return nil }
            return (.untagResource(UntagResource(.backup(id), keys: keys)), backup.region)
        case .changeType(_, let type, _):
            return (.modifyCluster(ModifyCluster(cluster: cluster, change: .hsmType(type))), home)
        case .deleteCluster(let id):
            return (.deleteCluster(DeleteCluster(cluster: id)), home)
        case .tagCluster(let tags, _):
            return (.tagResource(TagResource(.cluster(cluster), tags: tags)), home)
        }
    }
}

/// What the steps of one group turned out to make, once they were carried out.
public struct Bindings: Hashable, Sendable {
    /// The HSM that each adding step made.
    public var hsms: [StepID: HSMID]

    /// When each step's call was sent, by the service's clock.
    public var calledAt: [StepID: Timestamp]

    /// Nothing was carried out yet.
    public init() {
        hsms = [:]
        calledAt = [:]
    }

    /// The HSM a reference means.
    ///
    /// - Parameter reference: The reference.
    /// - Returns: Its id; `nil` while the step was not carried out.
    public func hsm(_ reference: HSMReference) -> HSMID? {
        switch reference {
        case .known(let id): id
        case .added(let step): hsms[step]
        }
    }

    /// The backup a reference means as the source of a copy that may be under way: one that is
    /// known counts in whatever state it came to be since.
    ///
    /// - Parameters:
    ///   - reference: The reference.
    ///   - group: The group as it is now.
    /// - Returns: The backup; `nil` while there is none.
    public func source(_ reference: BackupReference, in group: ProtectionGroup) -> Backup? {
        switch reference {
        case .known(let id): group.backup(id)
        case .caused: backup(reference, in: group)
        }
    }

    /// The backup a reference means, if it is READY.
    ///
    /// - Parameters:
    ///   - reference: The reference.
    ///   - group: The group as it is now.
    /// - Returns: The backup; `nil` while there is none.
    public func backup(_ reference: BackupReference, in group: ProtectionGroup) -> Backup? {
        switch reference {
        case .known(let id): return group.backup(id).flatMap { $0.isReady ? $0 : nil }
        case .caused(let step):
            guard let calledAt = calledAt[step] else { return nil }
            return group.backups.lazy
                .filter { $0.isReady && !$0.isCopy && $0.createdAt >= calledAt }
                .min { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }
        }
    }
}
