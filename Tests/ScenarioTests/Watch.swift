import CloudHSM
import StrongroomModel

/// The promises of the design that can be seen in the world itself, held against each change.
struct Watch {
    /// What is asked of a group that a manifest means.
    struct Asked: Hashable {
        let floor: Int
        let copyFloors: [Region: Int]
        /// How many HSMs; where that is not managed, as many as there were.
        let hsms: Int
        /// Where zones are asked for, as many as may stand in each on the way.
        let most: Int
        /// Before when content is to go from every Region; `nil` without a purge.
        let purgeCut: Timestamp?
        /// The names of recovery points, and the backups named by their ids.
        let nominated: Set<String>
        /// Whether nothing needs to be left of a cluster that is deleted.
        let needsNoFinalBackup: Bool

        /// Whether a backup is kept by name: by its id, or by the tag that records it.
        func keeps(_ backup: Backup) -> Bool {
            nominated.contains(backup.id.description)
                || nominated.contains {
                    !backup.isCopy && backup.tags[OwnershipTag.recoveryPoint + $0] != nil
                }
        }
    }

    /// What others took since the run that made a call had its last look: no call could know of it.
    struct Forgiven: Hashable {
        var hsms = 0
        var backups: [Region: Int] = [:]

        /// Backups that others restored, or that became READY, after that look.
        var unknown: Set<BackupID> = []

        /// Nothing: nobody else was there.
        static let nothing = Forgiven()

        fileprivate var allBackups: Int { backups.values.reduce(0, +) }
    }

    let safety: Safety
    private let asked: @Sendable (ProtectionGroup) -> Asked?
    private var lostInRun = 0
    private var lost: [(at: Timestamp, count: Int)] = []
    private var atRunBegin: [GroupID: [Region: Int]] = [:]
    private var lostOfGroup: [GroupID: [Region: Int]] = [:]

    /// Prepares to watch.
    ///
    /// - Parameters:
    ///   - safety: The budgets.
    ///   - asked: What is asked of a group; `nil` if no manifest means it.
    init(safety: Safety, asked: @escaping @Sendable (ProtectionGroup) -> Asked?) {
        self.safety = safety
        self.asked = asked
    }

    /// Counts budgets per run anew.
    ///
    /// - Parameter groups: What the run saw before it planned.
    mutating func beginRun(seeing groups: [ProtectionGroup] = []) {
        lostInRun = 0
        atRunBegin = [:]
        lostOfGroup = [:]
        for group in groups {
            for region in Set(group.backups.map(\.region)) {
                let count = group.readyBackups(in: region).count
                atRunBegin[group.id, default: [:]][region] = count
            }
        }
    }

    /// What a wait broke: the service alone never takes the last backup.
    func wait(
        from before: [GroupID: ProtectionGroup],
        to after: [GroupID: ProtectionGroup]
    ) -> [Breach] {
        before.values.compactMap { group in
            guard group.readyCount > 0, after[group.id]?.readyCount == 0 else { return nil }
            let text = "\(group.id.cluster) lost its last READY backup while time passed"
            return Breach(.lastBackupStays, text)
        }
    }

    /// What a call broke; so many HSMs it may take were never meant to stay.
    mutating func call(
        _ operation: String,
        sparing temporary: Int,
        in target: GroupID?,
        from before: [GroupID: ProtectionGroup],
        to after: [GroupID: ProtectionGroup],
        forgiving forgiven: Forgiven = .nothing,
        at now: Timestamp
    ) -> [Breach] {
        var broken: [Breach] = []
        for (id, old) in before {
            guard let new = after[id] else {
                broken.append(
                    Breach(.foreignThingsUntouched, "\(operation) made \(id.cluster) vanish")
                )
                continue
            }
            if id != target, old != new {
                let text = "\(operation) changed \(id.cluster), which it does not concern"
                broken.append(Breach(.foreignThingsUntouched, text))
            }
            guard id == target else { continue }
            guard let asked = asked(old) else {
                let text = "\(operation) touched \(id.cluster), which no manifest names"
                broken.append(Breach(.foreignThingsUntouched, text))
                continue
            }
            broken += backups(operation, asked, from: old, to: new, forgiving: forgiven, at: now)
            broken += hsms(
                operation,
                sparing: temporary,
                asked,
                from: old,
                to: new,
                forgiving: forgiven.hsms
            )
        }
        let made = after.keys.filter { before[$0] == nil }
        if made.count > (operation == "CreateCluster" ? 1 : 0) {
            broken.append(Breach(.nothingMadeTwice, "\(operation) made \(made.count) clusters"))
        }
        return broken
    }

    private mutating func backups(
        _ operation: String,
        _ asked: Asked,
        from old: ProtectionGroup,
        to new: ProtectionGroup,
        forgiving forgiven: Forgiven,
        at now: Timestamp
    ) -> [Breach] {
        var broken: [Breach] = []
        let id = old.id
        if old.readyCount > 0, new.readyCount == 0, forgiven.allBackups == 0 {
            let text = "\(operation) took the last READY backup of \(id.cluster)"
            broken.append(Breach(.lastBackupStays, text))
        }
        for region in Set(old.backups.map(\.region)) {
            let isHome = region == id.home.region
            let count = { (group: ProtectionGroup) in
                isHome
                    ? group.readyBackups(in: region).count { !$0.isCopy }
                    : group.readyCopies(in: region).count
            }
            let floor = isHome ? asked.floor : asked.floor(ofCopiesIn: region, in: old)
            let others = forgiven.backups[region] ?? 0
            if count(new) + others < min(count(old) + others, floor) {
                let text =
                    "\(operation) left \(count(new)) READY in \(region) of \(id.cluster), "
                    + "the floor is \(floor)"
                broken.append(Breach(.floorOfBackups, text))
            }
        }
        let wasReady = old.backups.filter(\.isReady)
        let gone = wasReady.filter {
            new.backup($0.id)?.isReady != true && !forgiven.unknown.contains($0.id)
        }
        broken += keeping(operation, asked, from: old, to: new)
        broken += budget(operation, gone: gone, of: old, at: now)
        return broken
    }

    /// What a call did to what is kept by name, to a person's pin, or to a cluster's last backup.
    private func keeping(
        _ operation: String,
        _ asked: Asked,
        from old: ProtectionGroup,
        to new: ProtectionGroup
    ) -> [Breach] {
        var broken: [Breach] = []
        for backup in old.backups where backup.isReady {
            let now = new.backup(backup.id)
            let isUnpinned = backup.neverExpires && now?.neverExpires == false
            if asked.keeps(backup), now?.isReady != true || isUnpinned {
                let text = "\(operation) took the recovery point \(backup.id), or its pin"
                broken.append(Breach(.recoveryPointsStay, text))
            }
            if isUnpinned, backup.tags[OwnershipTag.pin] == nil {
                let text = "\(operation) took a person's pin off \(backup.id)"
                broken.append(Breach(.pinsOfPeopleStay, text))
            }
        }
        guard operation == "DeleteCluster", old.livingCluster?.isActivated == true else {
            return broken
        }
        let isLeft = old.backups.contains { $0.isReady && !$0.isCopy && $0.neverExpires }
        if !isLeft, !asked.needsNoFinalBackup {
            let text = "\(operation) left no pinned backup of \(old.id.cluster)"
            broken.append(Breach(.finalBackupStays, text))
        }
        return broken
    }

    private mutating func budget(
        _ operation: String,
        gone: [Backup],
        of group: ProtectionGroup,
        at now: Timestamp
    ) -> [Breach] {
        guard !gone.isEmpty else { return [] }
        var broken: [Breach] = []
        lostInRun += gone.count
        lost.append((now, gone.count))
        if lostInRun > safety.deletionsPerRun {
            broken.append(Breach(.budgetOfARun, "\(operation): \(lostInRun) deletions in a run"))
        }
        let ofDay = lost.reduce(0) { $0 + ($1.at > now - .hours(24) ? $1.count : 0) }
        if ofDay > safety.deletionsPerDay {
            broken.append(Breach(.budgetOfADay, "\(operation): \(ofDay) deletions in a day"))
        }
        for region in Set(gone.map(\.region)) {
            let ready = group.readyBackups(in: region).count
            let first = atRunBegin[group.id]?[region] ?? ready
            atRunBegin[group.id, default: [:]][region] = first
            let count = gone.count { $0.region == region }
            let all = (lostOfGroup[group.id]?[region] ?? 0) + count
            lostOfGroup[group.id, default: [:]][region] = all
            if Double(all) > safety.deletionRatio * Double(max(first, all)) + 1e-9 {
                let text = "\(operation): \(all) of \(first) READY in \(region) went in a run"
                broken.append(Breach(.ratioOfAGroup, text))
            }
        }
        return broken
    }

    private func hsms(
        _ operation: String,
        sparing temporary: Int,
        _ asked: Asked,
        from old: ProtectionGroup,
        to new: ProtectionGroup,
        forgiving others: Int
    ) -> [Breach] {
        var broken: [Breach] = []
        let (before, after) = (old.livingCluster, new.livingCluster)
        let healthy = (before?.healthyHSMs.count ?? 0, after?.healthyHSMs.count ?? 0)
        if healthy.1 < healthy.0,
            healthy.1 + others < min(healthy.0 + others - temporary, asked.hsms)
        {
            let text =
                "\(operation) left \(healthy.1) of \(healthy.0) healthy HSMs; "
                + "\(asked.hsms) are asked"
            broken.append(Breach(.enoughHealthyHSMs, text))
        }
        let present = (before?.presentHSMs.count ?? 0, after?.presentHSMs.count ?? 0)
        if present.1 > present.0, present.1 > asked.most {
            let text = "\(operation) made \(present.1) HSMs; \(asked.hsms) are asked"
            broken.append(Breach(.atMostOneHSMMore, text))
        }
        if operation == "CreateHsm", before?.isActivated == false, present.1 > 1 {
            broken.append(Breach(.oneHSMBeforeActivation, "a second HSM before activation"))
        }
        return broken
    }
}

extension Watch.Asked {
    /// How many READY copies a Region must keep; none where nobody asks for copies, and all that
    /// is there holds what a purge is for.
    fileprivate func floor(ofCopiesIn region: Region, in group: ProtectionGroup) -> Int {
        if let floor = copyFloors[region] { return floor }
        guard let purgeCut else { return 1 }
        return group.readyCopies(in: region).allSatisfy { $0.createdAt < purgeCut } ? 0 : 1
    }
}

extension ProtectionGroup {
    /// How many backups and copies are READY, wherever they lie.
    var readyCount: Int { backups.count { $0.isReady } }
}
