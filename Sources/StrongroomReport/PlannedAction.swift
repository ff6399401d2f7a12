public import CloudHSM
public import StrongroomModel

/// A change and its operands, as a file holds them: each type has the operands the schema lists.
///
/// A reference to what an earlier step makes is written as that step's number.
public struct PlannedAction: Hashable, Sendable, Codable {
    /// The changes a plan can hold.
    public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        /// Makes a cluster.
        case createCluster
        /// Claims a cluster with its certificates.
        case initializeCluster
        /// Adds an HSM.
        case addHSM
        /// Removes an HSM.
        case removeHSM
        /// Changes the retention policy.
        case setRetention
        /// Copies a backup to another Region.
        case copyBackup
        /// Deletes a backup or copy.
        case deleteBackup
        /// Adds or changes tags of the cluster.
        case tagCluster
        /// Takes back the deletion of a backup or copy.
        case restoreBackup
        /// Exempts a backup from retention.
        case pinBackup
        /// Puts a backup under retention again.
        case unpinBackup
        /// Adds or changes tags of a backup or copy.
        case tagBackup
        /// Takes tags off a backup or copy.
        case untagBackup
        /// Moves the HSMs to another type.
        case changeType
        /// Deletes the cluster.
        case deleteCluster
    }

    /// Which change.
    public let type: Kind

    /// The zone of an HSM.
    public private(set) var zone: AvailabilityZone?

    /// An HSM that is known.
    public private(set) var hsm: HSMID?

    /// A backup that is known.
    public private(set) var backup: BackupID?

    /// The step that makes the HSM or causes the backup meant.
    public private(set) var madeByStep: StepID?

    /// Where a backup lies or is copied to.
    public private(set) var region: Region?

    /// When a backup's content was taken.
    public private(set) var createdAt: Timestamp?

    /// The retention policy now, in days; absent where it is unmanaged.
    public private(set) var fromDays: Int?

    /// The retention policy to set, in days.
    public private(set) var toDays: Int?

    /// The backups a sweep may remove under the new policy.
    public private(set) var losing: [BackupID]?

    /// Tags to set.
    public private(set) var tags: [String: String]?

    /// Until when a deletion can be taken back, or when an unpinned backup expires.
    public private(set) var until: Timestamp?

    /// The tags to take off.
    public private(set) var keys: [String]?

    /// The HSM type before.
    public private(set) var fromType: HSMType?

    /// The HSM type after.
    public private(set) var toType: HSMType?

    /// The cluster to delete.
    public private(set) var clusterID: ClusterID?

    /// Their values now.
    public private(set) var replacing: [String: String]?

    /// The certificates a cluster is claimed with.
    public private(set) var certificates: PlannedCertificates?

    /// The cluster to make.
    public private(set) var cluster: PlannedCluster?

    init(_ action: Action) {
        switch action {
        case .createCluster(let request):
            type = .createCluster
            cluster = PlannedCluster(request)
        case .initializeCluster(let files):
            type = .initializeCluster
            certificates = PlannedCertificates(files)
        case .addHSM(let zone, _):
            type = .addHSM
            self.zone = zone
        case .removeHSM(let reference, let zone, _):
            type = .removeHSM
            self.zone = zone
            switch reference {
            case .known(let id): hsm = id
            case .added(let step): madeByStep = step
            }
        case .setRetention(let old, let new, let losing):
            type = .setRetention
            fromDays = old.lifetime.map { Int($0.components.seconds / 86_400) }
            toDays = new.days
            self.losing = losing
        case .copyBackup(let reference, let region):
            type = .copyBackup
            self.region = region
            refer(to: reference)
        case .deleteBackup(let id, let region, let createdAt):
            type = .deleteBackup
            backup = id
            self.region = region
            self.createdAt = createdAt
        case .tagCluster(let tags, let replaced):
            type = .tagCluster
            self.tags = tags
            replacing = replaced
        case .restoreBackup(let id, let region, let deadline):
            type = .restoreBackup
            backup = id
            self.region = region
            until = deadline
        case .pinBackup(let reference):
            type = .pinBackup
            refer(to: reference)
        case .unpinBackup(let id, let expiresAt, let losing):
            type = .unpinBackup
            backup = id
            until = expiresAt
            self.losing = losing
        case .tagBackup(let reference, let tags):
            type = .tagBackup
            self.tags = tags
            refer(to: reference)
        case .untagBackup(let id, let keys):
            type = .untagBackup
            backup = id
            self.keys = keys
        case .changeType(let old, let new, _):
            type = .changeType
            fromType = old
            toType = new
        case .deleteCluster(let id):
            type = .deleteCluster
            clusterID = id
        }
    }

    /// The action without what may differ between two plans for the same: paths, the moment that a
    /// recovery point is recorded by, and until when a deletion can be taken back.
    var enduring: PlannedAction {
        var action = self
        action.certificates = certificates?.withoutPaths
        action.tags = tags?.withoutMoments
        if type == .restoreBackup { action.until = nil }
        return action
    }

    /// The action once it is known what the step it refers to made.
    ///
    /// - Parameters:
    ///   - hsm: The HSM that was added, where the action is about one.
    ///   - backup: The backup that was caused, where the action is about one.
    /// - Returns: The action; `nil` where it refers to no step, or what that made is not known.
    func referring(toHSM hsm: HSMID?, orBackup backup: BackupID?) -> PlannedAction? {
        guard madeByStep != nil else { return nil }
        var action = self
        action.madeByStep = nil
        if type == .removeHSM {
            guard let hsm else { return nil }
            action.hsm = hsm
        } else {
            guard let backup else { return nil }
            action.backup = backup
        }
        return action
    }

    /// The action without the number of the step it refers to.
    var withoutStepNumber: PlannedAction {
        var action = self
        action.madeByStep = nil
        return action
    }

    private mutating func refer(to reference: BackupReference) {
        switch reference {
        case .known(let id): backup = id
        case .caused(let step): madeByStep = step
        }
    }
}

extension [String: String] {
    /// Tags as they are in every plan for the same: the record of a recovery point holds the moment
    /// it is written at.
    var withoutMoments: [String: String] {
        var tags = self
        for key in keys where key.hasPrefix(OwnershipTag.recoveryPoint) { tags[key] = "" }
        return tags
    }
}
