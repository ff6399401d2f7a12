internal import CloudHSM
internal import StrongroomModel

/// What a step's preconditions say of one Region's backups at the moment of its call.
struct Guards {
    private(set) var constraints: [Shelf.Constraint] = []

    /// Backups that are seen to be READY there.
    private(set) var seen: [BackupID] = []

    /// Backups that are seen to be READY and pinned.
    private(set) var pinned: [BackupID] = []

    /// Whether there is any world in which they hold.
    private(set) var canHold = true

    init(of step: Step, in region: Region, of scene: Scene) {
        let isHome = region == scene.home.region
        for fact in step.preconditions {
            switch fact {
            case .readyBackupsApart(let id, region, let least):
                constraints.append(Shelf.Constraint(apart: id, atLeast: least))
            case .readyContent(region, let moment, let least):
                constraints.append(Shelf.Constraint(since: moment, atLeast: least))
            case .copyReady(.known(let id), region):
                guard let source = scene.backups[id] else {
                    canHold = false
                    continue
                }
                constraints.append(Shelf.Constraint(since: source.createdAt, atLeast: 1))
            case .copyReady(.caused, region):
                constraints.append(Shelf.Constraint(since: .afterThePlan, atLeast: 1))
            case .backupReady(.known(let id)), .newestBackup(let id):
                see(id, in: region, of: scene)
            case .backupPinned(.known(let id)):
                see(id, in: region, of: scene)
                pinned.append(id)
            case .backupReady(.caused), .backupPinned(.caused), .freshBackup:
                guard isHome else { continue }
                constraints.append(Shelf.Constraint(since: .afterThePlan, atLeast: 1))
            case .clusterExists, .clusterState, .signingRequestShown, .clusterClaimed,
                .hsmsSettled, .presentHSMs, .healthyHSMs, .healthyHSMsApart, .hsmGone,
                .readyBackupsApart, .readyContent, .backupGone, .notCopied, .copyReady,
                .retention, .clusterTags, .noHSMsListed, .hsmDegraded, .hsmType, .clusterGone,
                .backupPendingDeletion, .backupUnpinned, .backupTags, .backupTagsAbsent:
                break
            }
        }
    }

    private mutating func see(_ id: BackupID, in region: Region, of scene: Scene) {
        guard let backup = scene.backups[id] else {
            canHold = false
            return
        }
        if backup.region == region { seen.append(id) }
    }
}
