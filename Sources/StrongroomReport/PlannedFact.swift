public import CloudHSM
public import StrongroomModel

/// Something that can be looked up in an observation, as a file holds it: its name, its operands
/// and its words.
public struct PlannedFact: Hashable, Sendable, Codable {
    /// Which fact, as the schema lists them.
    public let fact: String

    /// The fact in words, operands included.
    public private(set) var text: String

    /// A state of the cluster, as the service writes it.
    public private(set) var state: String?

    /// How many, exactly.
    public private(set) var count: Int?

    /// How many, or more.
    public private(set) var atLeast: Int?

    /// A zone.
    public private(set) var zone: AvailabilityZone?

    /// A Region.
    public private(set) var region: Region?

    /// An HSM that is known.
    public private(set) var hsm: HSMID?

    /// The network interface of that HSM.
    public private(set) var interface: ENIID?

    /// A backup that is known.
    public private(set) var backup: BackupID?

    /// The step that makes the HSM or causes the backup meant.
    public private(set) var madeByStep: StepID?

    /// The oldest content that counts.
    public private(set) var since: Timestamp?

    /// A retention policy in days; absent where it is unmanaged.
    public private(set) var days: Int?

    /// Tags.
    public private(set) var tags: [String: String]?

    /// The tags to be absent.
    public private(set) var keys: [String]?

    /// An HSM type.
    public private(set) var hsmType: HSMType?

    init(_ fact: Fact) {
        self.fact = fact.name
        text = fact.description
        switch fact {
        case .clusterExists, .signingRequestShown, .clusterClaimed, .hsmsSettled: break
        case .clusterState(let state): self.state = state.description
        case .presentHSMs(let count): self.count = count
        case .healthyHSMs(let zone, let least):
            self.zone = zone
            atLeast = least
        case .healthyHSMsApart(let reference, let least):
            refer(to: reference)
            atLeast = least
        case .hsmGone(let reference, let interface):
            refer(to: reference)
            self.interface = interface
        case .freshBackup(let step): madeByStep = step
        case .readyBackupsApart(let id, let region, let least):
            backup = id
            self.region = region
            atLeast = least
        case .readyContent(let region, let moment, let least):
            self.region = region
            since = moment
            atLeast = least
        case .backupReady(let reference): refer(to: reference)
        case .backupGone(let id): backup = id
        case .notCopied(let reference, let region), .copyReady(let reference, let region):
            refer(to: reference)
            self.region = region
        case .retention(let policy):
            days = policy.lifetime.map { Int($0.components.seconds / 86_400) }
        case .clusterTags(let tags): self.tags = tags
        case .noHSMsListed, .clusterGone: break
        case .hsmDegraded(let id): hsm = id
        case .hsmType(let type): hsmType = type
        case .backupPendingDeletion(let id), .backupUnpinned(let id), .newestBackup(let id):
            backup = id
        case .backupPinned(let reference): refer(to: reference)
        case .backupTags(let reference, let tags):
            refer(to: reference)
            self.tags = tags
        case .backupTagsAbsent(let id, let keys):
            backup = id
            self.keys = keys
        }
    }

    /// The fact without what may differ between two plans for the same: its words, and moments that
    /// are counted from the plan's.
    var enduring: PlannedFact {
        var fact = self
        fact.text = ""
        fact.since = nil
        fact.tags = tags?.withoutMoments
        return fact
    }

    private mutating func refer(to reference: HSMReference) {
        switch reference {
        case .known(let id): hsm = id
        case .added(let step): madeByStep = step
        }
    }

    private mutating func refer(to reference: BackupReference) {
        switch reference {
        case .known(let id): backup = id
        case .caused(let step): madeByStep = step
        }
    }
}

extension Fact {
    /// The fact's name in files.
    fileprivate var name: String {
        switch self {
        case .clusterExists: "clusterExists"
        case .clusterState: "clusterState"
        case .signingRequestShown: "signingRequestShown"
        case .clusterClaimed: "clusterClaimed"
        case .hsmsSettled: "hsmsSettled"
        case .presentHSMs: "presentHSMs"
        case .healthyHSMs: "healthyHSMs"
        case .healthyHSMsApart: "healthyHSMsApart"
        case .hsmGone: "hsmGone"
        case .freshBackup: "freshBackup"
        case .readyBackupsApart: "readyBackupsApart"
        case .readyContent: "readyContent"
        case .backupReady: "backupReady"
        case .backupGone: "backupGone"
        case .notCopied: "notCopied"
        case .copyReady: "copyReady"
        case .retention: "retention"
        case .clusterTags: "clusterTags"
        case .noHSMsListed: "noHSMsListed"
        case .hsmDegraded: "hsmDegraded"
        case .hsmType: "hsmType"
        case .clusterGone: "clusterGone"
        case .backupPendingDeletion: "backupPendingDeletion"
        case .backupPinned: "backupPinned"
        case .backupUnpinned: "backupUnpinned"
        case .backupTags: "backupTags"
        case .backupTagsAbsent: "backupTagsAbsent"
        case .newestBackup: "newestBackup"
        }
    }
}
