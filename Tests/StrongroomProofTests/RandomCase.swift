import CloudHSM
import StrongroomModel

/// Random plans over random small worlds, about as often safe as not.
extension Dice {
    /// A plan about backups: deletions, copies, pins, retention.
    mutating func backupCase() -> Case {
        let ages = [1, 5, 20, 40, 60, 100]
        var backups: [Backup] = []
        let ownCount = 1 + roll(4)
        for number in 0..<ownCount {
            backups.append(
                own(
                    number,
                    age: pick(ages),
                    happens(85) ? .ready : pick([.createInProgress, .pendingDeletion]),
                    pinned: happens(20),
                    tags: happens(10) ? [OwnershipTag.pin: OwnershipTag.pinForParking] : [:]
                )
            )
        }
        for number in 0..<roll(4) {
            let source = roll(ownCount)
            let isOrphan = happens(25)
            let sourceAge = (now - backups[source].createdAt).components.seconds / 86_400
            backups.append(
                copy(
                    10 + number,
                    of: isOrphan ? 90 + number : source,
                    age: isOrphan ? pick(ages) : Int(sourceAge),
                    in: happens(80) ? ireland : tokyo,
                    happens(85) ? .ready : pick([.createInProgress, .pendingDeletion])
                )
            )
        }
        let retention: RetentionPolicy = pick([.days(90), .days(90), .days(30), .unmanaged])
        var wanted = desired()
        wanted.backups.retention = at(days(pick([7, 30, 50, 90, 120])))
        if happens(50) { wanted.backups.keepAtLeast = at(1 + roll(2)) }
        if happens(80) {
            wanted.copies = [
                copies(in: ireland, keeping: happens(50) ? 1 + roll(2) : nil, for: pick([10, 30]))
            ]
        }
        if happens(20) { wanted.recoveryPoints = [recoveryPoint(ownCount)] }
        if happens(50) {
            wanted.purge = at(
                DesiredPurge(
                    materialRemovedAt: now - .days(pick([10, 30])),
                    reason: "old keys",
                    includePinned: happens(30)
                )
            )
        }
        let world = group(
            hsms: happens(80) ? [hsm(1)] : [],
            backups: backups,
            retention: retention
        )
        var steps: [Step] = []
        for number in 1...(1 + min(roll(8), roll(8))) {
            steps.append(backupStep(number, world, wanted, steps))
        }
        return Case(desired: wanted, group: world, steps: steps)
    }

    private mutating func recoveryPoint(_ ownCount: Int) -> DesiredRecoveryPoint {
        point(
            "kept",
            pick([
                .backup(backupID(roll(ownCount))), .backup(backupID(roll(ownCount))),
                .takenBefore(now - .days(50)), .takenAfter(now - .days(10)), .newest,
            ]),
            in: happens(50) ? [ireland] : []
        )
    }

    private mutating func backupStep(
        _ number: Int,
        _ world: ProtectionGroup,
        _ wanted: DesiredCluster,
        _ earlier: [Step]
    ) -> Step {
        let after = earlier.isEmpty || happens(50) ? [] : [1 + roll(earlier.count)]
        switch roll(12) {
        case 0..<5:
            let asked = world.backups.filter { wants($0, gone: wanted) }
            let target = asked.isEmpty || happens(3) ? pick(world.backups) : pick(asked)
            return step(
                number,
                .deleteBackup(target.id, in: target.region, createdAt: target.createdAt),
                when: lossGuards(target, world, wanted),
                until: .backupGone(target.id),
                after: after
            )
        case 5..<7:
            let source = pick(world.backups.filter { !$0.isCopy })
            let region = happens(80) ? ireland : tokyo
            let reference = BackupReference.known(source.id)
            return step(
                number,
                .copyBackup(reference, to: region),
                when: happens(90)
                    ? [.backupReady(reference), .notCopied(reference, to: region)] : [],
                until: happens(95)
                    ? .copyReady(of: reference, in: region) : .backupReady(reference),
                after: after
            )
        case 7..<9:
            let period = happens(80) ? known(wanted.backups.retention).value : days(pick([7, 60]))
            return retention(number, period, world, wanted, after, earlier)
        case 9:
            let target = pick(world.backups.filter { !$0.isCopy })
            return step(
                number,
                .pinBackup(.known(target.id)),
                when: [.backupReady(.known(target.id))],
                until: happens(95)
                    ? .backupPinned(.known(target.id)) : .backupReady(.known(target.id)),
                after: after
            )
        case 10:
            let target = pick(world.backups.filter { !$0.isCopy })
            let isDue = world.cluster?.retention.lifetime.map { target.createdAt <= now - $0 }
            return step(
                number,
                .unpinBackup(
                    target.id,
                    expiresAt: nil,
                    losing: isDue == true && happens(80) ? [target.id] : []
                ),
                until: .backupUnpinned(target.id),
                after: after
            )
        default:
            let pending = world.backups.filter { $0.state == .pendingDeletion }
            let target = pending.isEmpty ? pick(world.backups) : pick(pending)
            return step(
                number,
                .restoreBackup(target.id, in: target.region, until: now + .days(3)),
                when: [.backupPendingDeletion(target.id)],
                until: .backupReady(.known(target.id)),
                after: after
            )
        }
    }

    /// Whether the manifest plainly asks for a backup to go, so that few plans are unsafe for want
    /// of that alone.
    private func wants(_ backup: Backup, gone wanted: DesiredCluster) -> Bool {
        if let purge = wanted.purge?.value, backup.createdAt <= purge.materialRemovedAt {
            return backup.isCopy || !backup.neverExpires
        }
        let days = wanted.copies.first { $0.region.value == backup.region }?.retentionDays?.value
        return backup.isCopy && days.map { backup.createdAt <= now - .days($0) } ?? false
    }

    private mutating func lossGuards(
        _ target: Backup,
        _ world: ProtectionGroup,
        _ wanted: DesiredCluster
    ) -> [Fact] {
        var facts: [Fact] = happens(80) ? [.backupReady(.known(target.id))] : []
        let copies = wanted.copies.first { $0.region.value == target.region }
        let floor = target.region == home ? wanted.backups.floor : copies?.floor ?? 1
        if happens(75) {
            facts.append(
                .readyBackupsApart(
                    from: happens(95) ? target.id : pick(world.backups).id,
                    in: target.region,
                    atLeast: happens(85) ? floor : roll(3)
                )
            )
        }
        if happens(60) {
            facts.append(
                .readyContent(
                    in: target.region,
                    since: target.createdAt,
                    atLeast: happens(85) ? 2 : 1
                )
            )
        }
        if let purge = wanted.purge, happens(60) {
            facts.append(
                .readyContent(
                    in: home,
                    since: purge.value.materialRemovedAt + .minutes(1),
                    atLeast: happens(70) ? wanted.backups.floor : 1
                )
            )
        }
        return facts
    }

    private mutating func retention(
        _ number: Int,
        _ period: RetentionPeriod,
        _ world: ProtectionGroup,
        _ wanted: DesiredCluster,
        _ after: [Int],
        _ earlier: [Step]
    ) -> Step {
        let old = world.cluster?.retention ?? .unmanaged
        let horizon = now - .days(period.days)
        var losing = RetentionSweep.due(among: world.backups, under: .days(period.days), at: now)
            .map(\.id)
        if case .days(let days) = old, days < period.days { losing = [] }
        let pinned = Set(
            earlier.compactMap { step -> BackupID? in
                if case .pinBackup(.known(let id)) = step.action { return id }
                return nil
            }
        )
        if happens(80) { losing.removeAll { pinned.contains($0) } }
        if happens(8) { losing = Array(losing.dropLast()) }
        var facts: [Fact] = happens(80) ? [.retention(old)] : []
        if happens(60) {
            facts.append(
                .readyContent(
                    in: home,
                    since: Timestamp(milliseconds: horizon.milliseconds + 1),
                    atLeast: happens(80) ? wanted.backups.floor : 1
                )
            )
        }
        return step(
            number,
            .setRetention(from: old, to: period, losing: losing),
            when: facts,
            until: .retention(.days(period.days)),
            after: after
        )
    }
}
