internal import CloudHSM
internal import StrongroomModel

extension Rule {
    /// Brings a cluster's retention policy to the period asked for.
    ///
    /// The sweep may run at once after a change (fact sheet, section 20, row 7), so a shorter
    /// period counts as the deletion of every backup that falls out.
    static let retention = Rule(code: "retention") { situation, earlier in
        guard
            let group = situation.group, let cluster = situation.cluster,
            let desired = situation.desired.backups.retention
        else { return .nothing }
        let shelter = earlier.steps.first { $0.action.newRetention != nil }
        let old = shelter?.action.newRetention.map { RetentionPolicy.days($0.days) }
        let current = old ?? cluster.retention
        guard current != .days(desired.value.days) else {
            return .satisfied("retention", "retention", at: desired.location) {
                "\(desired.value.days) days"
            }
        }
        guard cluster.state == .active else {
            let text = "it can be changed only while the cluster is ACTIVE"
            return .waiting("retention", Reason(rule: "retention", text, at: desired.location))
        }
        let change = RetentionChange(
            old: current,
            new: desired,
            group: group,
            situation: situation,
            earlier: earlier
        )
        return change.reasonToHold.map {
            .held("retention", Reason(rule: "retention", $0, at: desired.location))
        } ?? .step(change.step)
    }
}

/// A change of the retention policy, and what the sweep after it would take and leave.
private struct RetentionChange {
    let old: RetentionPolicy
    let new: Located<RetentionPeriod>
    let situation: Situation
    let isLonger: Bool

    /// What the sweep may take because of the change; a longer period takes nothing that the
    /// shorter one did not take already.
    let losing: [Backup]

    private let nominations: Nominations

    /// Backups that the period would reach if they were not pinned: by now, or by this plan.
    private let pinned: [BackupID]

    /// The steps that pin, or make the policy longer for a while, before the change.
    private let before: [StepID]

    /// READY backups that stay by their age.
    private let young: Int

    /// READY backups that stay although they are older: pinned ones, and the last of the cluster;
    /// youngest first.
    private let exempt: [BackupID]

    init(
        old: RetentionPolicy,
        new: Located<RetentionPeriod>,
        group: ProtectionGroup,
        situation: Situation,
        earlier: Findings
    ) {
        self.old = old
        self.new = new
        self.situation = situation
        let horizon = situation.now - .days(new.value.days)
        isLonger = if case .days(let days) = old { days < new.value.days } else { false }
        let nominations = Nominations(situation)
        self.nominations = nominations
        let pins = earlier.steps.filter { $0.action.pinned != nil }
        let restored = Set(earlier.steps.compactMap(\.action.restored))
        let pinning = Set(pins.compactMap(\.action.pinned))
        before =
            isLonger
            ? [] : earlier.steps.filter { $0.action.newRetention != nil }.map(\.id) + pins.map(\.id)
        let backups = group.backups.map { $0.expected(pinning: pinning, restored: restored) }
        losing =
            isLonger
            ? []
            : RetentionSweep.due(among: backups, under: .days(new.value.days), at: situation.now)
        pinned =
            isLonger
            ? []
            : nominations.all.compactMap { nomination in
                let id = nomination.meaning.decided?.id
                return backups.first {
                    $0.id == id && !$0.isCopy && $0.neverExpires && $0.createdAt <= horizon
                }?.id
            }
        let own = group.readyBackups(in: situation.home).filter { !$0.isCopy }
        let lost = Set(losing.map(\.id))
        young = own.count { $0.createdAt > horizon }
        exempt = own.reversed().filter { $0.createdAt <= horizon && !lost.contains($0.id) }
            .map(\.id)
    }

    private var floor: Int { situation.desired.backups.floor }

    /// A recovery point that cannot be pinned yet, or a floor, in the way.
    var reasonToHold: String? {
        guard !losing.isEmpty else { return nil }
        if let nominated = nomination() {
            return "it would remove \(nominated); it cannot be pinned yet"
        }
        let left = young + exempt.count
        guard left < floor else { return nil }
        return "it would leave \(left) READY backups; the floor is \(floor)"
    }

    private func nomination() -> String? {
        for backup in losing {
            guard let nomination = nominations.first(meaning: backup) else { continue }
            guard nomination.meaning.decided == nil else {
                return "the recovery point \(nomination.name) (\(backup.id))"
            }
            return "\(backup.id), which the recovery point \(nomination.name) may mean"
        }
        return nil
    }

    var step: DraftStep {
        let phase: Phase = isLonger ? .lengthenRetention : .shortenRetention
        return DraftStep(
            id: phase.draft(0),
            phase: phase,
            action: .setRetention(from: old, to: new.value, losing: losing.map(\.id)),
            reason: Reason(rule: "retention", text, at: new.location),
            preconditions: [.clusterState(.active), .retention(old)] + survivors
                + pinned.map { .backupPinned(.known($0)) },
            postcondition: .retention(.days(new.value.days)),
            after: before
        )
    }

    private var text: String {
        // The step names them; whoever shows it lists them below.
        let verb = losing.count == 1 ? "backup is" : "backups are"
        let loss = losing.isEmpty ? "no backup is older" : "\(losing.count) \(verb) older"
        return switch old {
        case .unmanaged: "the service keeps every backup now; \(loss)"
        case .days(let days) where !RetentionPeriod.acceptedDays.contains(days):
            "\(loss); \(days) days can be read but never be set again"
        case .days: loss
        }
    }

    /// What keeps the floor, to be looked up again just before the call.
    private var survivors: [Fact] {
        guard !losing.isEmpty else { return [] }
        let horizon = situation.now - .days(new.value.days)
        let byAge = min(young, floor)
        let young: [Fact] =
            byAge == 0
            ? []
            : [
                .readyContent(
                    in: situation.home,
                    since: Timestamp(milliseconds: horizon.milliseconds + 1),
                    atLeast: byAge
                )
            ]
        return young + exempt.prefix(floor - byAge).map { .backupReady(.known($0)) }
    }
}

extension Backup {
    /// The backup as it is once earlier steps of the plan are done.
    fileprivate func expected(pinning: Set<BackupID>, restored: Set<BackupID>) -> Backup {
        var backup = self
        if restored.contains(id) { backup.state = .ready }
        if pinning.contains(id) { backup.neverExpires = true }
        return backup
    }
}

extension Action {
    /// The period that the action sets.
    fileprivate var newRetention: RetentionPeriod? {
        if case .setRetention(_, let period, _) = self { return period }
        return nil
    }

    /// The backup that the action pins, where it is known.
    fileprivate var pinned: BackupID? {
        if case .pinBackup(.known(let id)) = self { return id }
        return nil
    }

    /// The backup that the action restores.
    fileprivate var restored: BackupID? {
        if case .restoreBackup(let id, _, _) = self { return id }
        return nil
    }
}
