internal import CloudHSM
internal import StrongroomModel

/// Promise 5: nothing goes, and nothing is made because it seems missing, while it is not certain
/// what is there or what the time is.
struct CertaintyPromise {
    let scene: Scene

    var reading: Reading {
        var reading = Reading()
        let doubtOfTime = doubtOfTime
        let doubtOfList = doubtOfList
        for step in scene.steps {
            if let doubt = scene.context.memoryDoubt {
                reading.find(
                    .certainty,
                    "step \(step.id) is planned although \(doubt)",
                    [step.id],
                    in: scene
                )
            }
            guard let stake = step.action.stake else { continue }
            let doubt =
                doubtOfTime ?? doubtOfClock(step) ?? doubtOfList ?? doubtOfCounting(stake)
                ?? doubtOfWorld(step, stake)
            if let doubt {
                reading.find(
                    .certainty,
                    "step \(step.id) is planned although \(doubt)",
                    [step.id],
                    in: scene
                )
            }
        }
        return reading
    }

    /// Why no age can be trusted.
    private var doubtOfTime: String? {
        if scene.clockRanBack { return "the journal knows of moments after \(scene.now)" }
        let limit = scene.now + Scene.skew
        if let createdAt = scene.cluster?.createdAt, createdAt > limit {
            return "the cluster is dated in the future, \(createdAt)"
        }
        guard let backup = scene.group?.backups.first(where: { $0.createdAt > limit }) else {
            return nil
        }
        return "\(backup.id) is dated in the future, \(backup.createdAt)"
    }

    /// By a clock that is off, what is young seems old.
    private func doubtOfClock(_ step: Step) -> String? {
        switch step.action {
        case .removeHSM, .deleteBackup, .unpinBackup, .deleteCluster, .setRetention:
            scene.context.clockDoubt
        case .createCluster, .initializeCluster, .addHSM, .copyBackup, .restoreBackup, .pinBackup,
            .tagBackup, .untagBackup, .tagCluster, .changeType:
            nil
        }
    }

    /// Backups deleted are listed for a week: what vanished sooner was left out of the answer.
    private var doubtOfList: String? {
        guard
            let group = scene.group, let seen = scene.context.seen?[group.id],
            scene.now - seen.at < .days(7),
            !scene.context.isOverridden(.shrunk, for: group.id)
        else { return nil }
        let vanished = seen.backups.filter { scene.backups[$0] == nil }
        guard vanished.count > seen.backups.count - vanished.count else { return nil }
        return "\(vanished.count) of \(seen.backups.count) backups vanished since \(seen.at)"
    }

    /// Where the journal has a gap nobody knows what was deleted or made already.
    private func doubtOfCounting(_ stake: Action.Stake) -> String? {
        let gaps = scene.context.journalGaps
        switch stake {
        case .loss: return gaps.first?.reason
        case .creation: return gaps.first { $0.group == nil }?.reason
        case .cluster, .copy, .hsm:
            return gaps.first { $0.group != nil && $0.group == scene.group?.id }?.reason
        }
    }

    private func doubtOfWorld(_ step: Step, _ stake: Action.Stake) -> String? {
        let context = scene.context
        guard !context.unreadPlaces.isEmpty || !context.unreadGroups.isEmpty else { return nil }
        if isUnread(scene.home) { return "\(scene.home) was not read whole" }
        if let group = scene.group, context.unreadGroups[group.id] != nil {
            return "the cluster could not be read"
        }
        switch stake {
        case .loss(let region): return doubtOfLoss(in: region ?? scene.home.region)
        case .cluster: return unreadPlace.map { "\($0) was not read whole" }
        case .copy(let region):
            let place = Place(account: scene.home.account, region: region)
            return isUnread(place) ? "\(place) was not read whole" : nil
        case .creation(let source): return doubtOfCreation(source)
        case .hsm: return nil
        }
    }

    /// What cannot be read may need what would go: a copy of it, or a clone.
    private func doubtOfLoss(in region: Region) -> String? {
        if let unreadPlace { return "\(unreadPlace) was not read whole" }
        let clones = scene.context.unreadGroups.keys
            .filter { $0.home == Place(account: scene.home.account, region: region) }
        return clones.min().map { "\($0.cluster), which may be a clone, could not be read" }
    }

    /// What cannot be read may be what seems missing; a clone of a copy is made because the source's
    /// Region is lost, if the manifest says so.
    private func doubtOfCreation(_ source: BackupID?) -> String? {
        let isRescue =
            source != nil && scene.desired.restoreFrom?.value.whenRegionLost == .useNewestCopy
        if !isRescue, let place = scene.context.unreadPlaces.keys.min() {
            return "\(place), where it may be, was not read whole"
        }
        let unread = scene.context.unreadGroups.keys.filter { $0.home == scene.home }
        return unread.min().map { "\($0.cluster), which may be it, could not be read" }
    }

    private var unreadPlace: Place? {
        scene.context.unreadPlaces.keys.filter { $0.account == scene.home.account }.min()
    }

    private func isUnread(_ place: Place) -> Bool { scene.context.unreadPlaces[place] != nil }
}

extension Action {
    /// What an action puts at stake if the world is not as it seems.
    enum Stake {
        /// Backups of a Region; `nil` for the home Region.
        case loss(Region?)
        /// The cluster.
        case cluster
        /// A second copy.
        case copy(Region)
        /// A second cluster, made from a backup or empty.
        case creation(BackupID?)
        /// An HSM too many or too few.
        case hsm
    }

    /// What is at stake; `nil` where the action protects, or can be repeated.
    var stake: Stake? {
        switch self {
        case .createCluster(let request): .creation(request.sourceBackup)
        case .addHSM, .removeHSM: .hsm
        case .copyBackup(_, let region): .copy(region)
        case .deleteBackup(_, let region, _): .loss(region)
        case .setRetention(_, _, let losing): losing.isEmpty ? nil : .loss(nil)
        case .unpinBackup: .loss(nil)
        case .deleteCluster: .cluster
        case .initializeCluster, .restoreBackup, .pinBackup, .tagBackup, .untagBackup,
            .tagCluster, .changeType:
            nil
        }
    }
}
