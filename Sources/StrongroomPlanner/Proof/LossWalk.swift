internal import CloudHSM
internal import StrongroomModel

/// One walk over the steps that lose backups, which says how few may be left after each.
///
/// A step that loses backups begins only when every step before it is done, so what went before it
/// is known; what only may have been done by then is counted where it lowers and never where it
/// raises, and the service's own sweep is taken to have run.
struct LossWalk {
    let scene: Scene

    /// What the steps' preconditions say.
    let book: GuardBook
    var shelves: [Region: Shelf] = [:]
    var lifetime: Duration?

    /// The newest of the cluster's own READY backups, which no sweep takes (fact sheet, section 8).
    let newestOwn: Backup?
    var pinnedBy: [BackupID: Int] = [:]
    var arrivalsByStep: [Int: (region: Region, content: Timestamp)] = [:]
    var lossesIn: [Region: [StepID]] = [:]
    var hasSeenFresh = false
    var initial: [Region: Int] = [:]
    var copySteps: [Region: [CopyStep]] = [:]
    var shelvesAtFirst: [Region: Shelf] = [:]

    /// Steps that can never be done, so that nothing after them ever begins.
    var stuck: Set<StepID> = []

    /// A step that copies, and what must be done before it.
    struct CopyStep {
        let content: Timestamp
        let ancestors: Set<Int>
    }

    /// What was found, for the promises about backups.
    var readings: [Reading] = []
    var reading = Reading()

    init(_ scene: Scene) {
        self.scene = scene
        book = GuardBook(scene)
        newestOwn = scene.group?.backups.lazy.filter { $0.isReady && !$0.isCopy }
            .max { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }
        guard scene.brokenOrder == nil, let group = scene.group else { return }
        guard scene.steps.contains(where: \.action.mayLoseBackups) else { return }
        lifetime = group.cluster?.retention.lifetime
        shelve(group)
        prepareArrivals()
        shelvesAtFirst = shelves
        for index in scene.steps.indices { visit(index) }
        readings = [reading]
    }

    var home: Region { scene.home.region }

    /// READY backups and floors of every Region that steps take from.
    var counts: [Region: Proof.GroupFacts.Count] {
        initial.reduce(into: [:]) { counts, entry in
            counts[entry.key] = Proof.GroupFacts.Count(
                there: entry.value,
                floor: floor(in: entry.key)
            )
        }
    }
}

extension Action {
    /// Whether backups may go because of it, whatever it says itself.
    var mayLoseBackups: Bool {
        switch self {
        case .deleteBackup, .setRetention, .unpinBackup: true
        case .createCluster, .initializeCluster, .addHSM, .removeHSM, .copyBackup,
            .restoreBackup, .pinBackup, .tagBackup, .untagBackup, .tagCluster, .changeType,
            .deleteCluster:
            false
        }
    }

    /// The backup it restores.
    var restored: BackupID? {
        if case .restoreBackup(let id, _, _) = self { return id }
        return nil
    }
}
