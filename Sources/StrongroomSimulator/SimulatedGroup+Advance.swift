public import CloudHSM
internal import StrongroomModel

extension SimulatedGroup {
    /// Lets time pass: everything that falls due happens, each thing at its own moment.
    ///
    /// One long step and many short ones come to the same. An end in the past changes nothing.
    ///
    /// - Parameters:
    ///   - end: The moment to come to.
    ///   - settings: The world's.
    /// - Returns: What the service did by itself, in order.
    @discardableResult
    public mutating func advance(
        to end: Timestamp,
        under settings: SimulatorSettings
    ) -> [SimulatedEvent] {
        guard end >= asOf else { return [] }
        var happenings = Happenings(group: group.id)
        settle(under: settings, telling: &happenings)
        while let next = nextMoment(), next <= end {
            memory.asOf = next
            settle(under: settings, telling: &happenings)
        }
        memory.asOf = end
        memory.unseen.removeAll { $0.until <= end }
        return happenings.events
    }

    /// Does whatever is due at ``asOf``, until nothing is.
    mutating func settle(
        under settings: SimulatorSettings,
        telling happenings: inout Happenings
    ) {
        while carryOutPending(under: settings, telling: &happenings)
            || finishDeletions(under: settings, telling: &happenings)
            || sweep(telling: &happenings)
            || backUpDaily(under: settings, telling: &happenings)
        {}
    }

    /// The next moment at which something happens by itself, after ``asOf``.
    func nextMoment() -> Timestamp? {
        [
            memory.pending.first?.due,
            dailyBackupDue,
            RetentionSweep.next(among: group.backups, under: retention, after: asOf),
            DeletionWindow.nextEnd(among: group.backups),
        ]
        .lazy.compactMap(\.self).filter { $0 > asOf }.min()
    }

    private mutating func carryOutPending(
        under settings: SimulatorSettings,
        telling happenings: inout Happenings
    ) -> Bool {
        var isAny = false
        while let change = memory.pending.first, change.due <= asOf {
            memory.pending.removeFirst()
            carryOut(change.change, under: settings, telling: &happenings)
            isAny = true
        }
        return isAny
    }

    /// The policy that holds, also after the cluster is gone (`UGh`).
    var retention: RetentionPolicy {
        group.cluster?.retention ?? memory.legacy?.retention ?? .unmanaged
    }

    /// A day after the newest backup, or after the first HSM went into service, while one is.
    private var dailyBackupDue: Timestamp? {
        guard group.cluster?.isInService == true else { return nil }
        let newest = DailyBackup.newest(among: group.backups) ?? memory.inServiceSince
        guard let newest else { return nil }
        return max(newest, memory.inServiceSince ?? newest) + DailyBackup.interval
    }

    private mutating func backUpDaily(
        under settings: SimulatorSettings,
        telling happenings: inout Happenings
    ) -> Bool {
        guard let due = dailyBackupDue, due <= asOf else { return false }
        let backup = beginBackup(under: settings)
        happenings.add(.dailyBackup(backup), at: asOf)
        return true
    }

    private mutating func finishDeletions(
        under settings: SimulatorSettings,
        telling happenings: inout Happenings
    ) -> Bool {
        guard let next = DeletionWindow.nextEnd(among: group.backups), next <= asOf else {
            return false
        }
        for index in group.backups.indices where group.backups[index].state == .pendingDeletion {
            guard let end = group.backups[index].deletesAt, end <= asOf else { continue }
            group.backups[index].state = .deleted
            group.backups[index].deletesAt = nil
            let id = group.backups[index].id
            memory.schedule(.backupUnlisted(id), at: asOf + settings.latencies.listingOfDeleted)
            happenings.add(.backupDeleted(id), at: asOf)
        }
        return true
    }

    private mutating func sweep(telling happenings: inout Happenings) -> Bool {
        let due = RetentionSweep.due(among: group.backups, under: retention, at: asOf)
        for backup in due {
            delete(backup.id)
            happenings.add(.backupExpired(backup.id), at: asOf)
        }
        return !due.isEmpty
    }
}

/// Collects what the service does by itself in one group.
struct Happenings {
    let group: GroupID
    private(set) var events: [SimulatedEvent] = []

    init(group: GroupID) {
        self.group = group
    }

    mutating func add(_ kind: SimulatedEvent.Kind, at moment: Timestamp) {
        events.append(SimulatedEvent(at: moment, group: group, kind: kind))
    }
}
