internal import CloudHSM
internal import StrongroomModel

/// The search for the backup that a clone is made from.
struct CloneSearch {
    let source: DesiredSource

    /// What can be seen of the source.
    let group: ProtectionGroup

    /// The source's manifest.
    let origin: DesiredCluster

    /// Where the clone is to be.
    let region: Region

    /// Why the source's home cannot be read, as the end of a sentence; `nil` if it can.
    let lostHome: String?

    /// What a search comes to.
    enum Result {
        /// A READY backup in the clone's Region, what it is in words, and what it costs.
        case found(Backup, String, loss: String)
        /// A READY backup that has to be copied to the clone's Region.
        case notHere(Backup)
        /// Something that has to be waited for.
        case underway(String)
        /// Nothing it may be made from.
        case none(String)
    }

    var result: Result {
        if let point = source.recoveryPoint { return recoveryPoint(named: point) }
        return lostHome.map(newestCopy) ?? newest
    }

    /// The newest backup of the cluster's own, or its copy.
    private var newest: Result {
        guard let newest = group.newestOwnReadyBackup else {
            return .none("\(source.cluster) has no READY backup")
        }
        return held(newest.id, as: "\(newest.id), the newest backup of \(source.cluster)")
    }

    /// The newest copy there is while the home is lost, if the manifest allows it.
    ///
    /// A copy is not copied again: what it would name as its source is unknown (section 10).
    private func newestCopy(because lost: String) -> Result {
        let copies = group.backups.filter { $0.isReady && $0.isCopy }
            .sorted { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }
        guard let newest = copies.last else {
            return .none("no READY copy of \(source.cluster) can be read" + lost)
        }
        guard source.whenRegionLost == .useNewestCopy else {
            return .none(
                "a younger backup may lie in a Region that cannot be read" + lost
                    + "; to make it all the same from \(newest.id) in \(newest.region), content of "
                    + "\(newest.createdAt), write whenRegionLost: useNewestCopy"
            )
        }
        guard let here = copies.last(where: { $0.region == region }) else {
            return .none(
                "no READY copy lies in \(region)" + lost + "; the newest is \(newest.id) in "
                    + "\(newest.region): make the cluster there"
            )
        }
        let words = "\(here.id), the newest copy in \(region)"
        return .found(here, words, loss: lost + "; what came after that content is lost")
    }

    private func recoveryPoint(named name: String) -> Result {
        guard let id = resolved(name) else {
            return .underway(
                "it is not known yet which backup the recovery point \(name) of "
                    + source.cluster + " is" + (lostHome ?? "")
            )
        }
        return held(id, as: "the recovery point \(name) of \(source.cluster)")
    }

    /// The backup that a recovery point means: as the manifest says, or as was recorded once.
    func resolved(_ name: String) -> BackupID? {
        let point = origin.recoveryPoints.first { $0.name.value == name }
        if case .backup(let id) = point?.selector {
            return group.backup(id)?.copiedFrom ?? id
        }
        let recorded = group.backups.filter { $0.tags[OwnershipTag.recoveryPoint + name] != nil }
        if let own = recorded.first(where: { !$0.isCopy }) { return own.id }
        return recorded.compactMap(\.copiedFrom).min()
    }

    /// A backup or a READY copy of it in the clone's Region; else what has to come first.
    private func held(_ id: BackupID, as words: String) -> Result {
        let here = group.backups.filter {
            $0.region == region && ($0.id == id || $0.copiedFrom == id)
        }
        if let ready = here.filter(\.isReady).min(by: { $0.id < $1.id }) {
            let words = ready.id == id ? words : "\(ready.id), the copy of \(words)"
            return .found(ready, words, loss: "")
        }
        if let coming = here.first(where: { $0.state == .createInProgress }) {
            return .underway("\(coming.id), from which it is made, is being copied to \(region)")
        }
        guard let backup = group.backup(id), backup.isReady else {
            let state = group.backup(id).map { "is \($0.state)" } ?? "cannot be seen"
            return .none(
                "\(id) \(state), and no READY copy of it lies in \(region)" + (lostHome ?? "")
            )
        }
        let failed = here.count { $0.state == .deleted }
        guard failed < Patience.attempts else {
            return .none("\(failed) copies of \(id) to \(region) failed; look at why before more")
        }
        return .notHere(backup)
    }
}
