internal import CloudHSM
internal import StrongroomModel

extension Rule {
    /// Brings a cluster's retention policy to the period asked for.
    ///
    /// The sweep may run at once after a change (fact sheet, section 20, row 7), so a shorter
    /// period counts as the deletion of every backup that falls out.
    static let retention = Rule(code: "retention") { situation, _ in
        guard
            let group = situation.group, let cluster = situation.cluster,
            let desired = situation.desired.backups.retention
        else { return .nothing }
        guard cluster.retention != .days(desired.value.days) else {
            return .satisfied("retention", "retention", at: desired.location) {
                "\(desired.value.days) days"
            }
        }
        guard cluster.state == .active else {
            let text = "it can be changed only while the cluster is ACTIVE"
            return .waiting("retention", Reason(rule: "retention", text, at: desired.location))
        }
        let change = RetentionChange(
            old: cluster.retention,
            new: desired,
            group: group,
            situation: situation
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

    /// READY backups that stay by their age.
    private let young: Int

    /// READY backups that stay although they are older: pinned ones, and the last of the cluster;
    /// youngest first.
    private let exempt: [BackupID]

    init(
        old: RetentionPolicy,
        new: Located<RetentionPeriod>,
        group: ProtectionGroup,
        situation: Situation
    ) {
        self.old = old
        self.new = new
        self.situation = situation
        let horizon = situation.now - .days(new.value.days)
        isLonger = if case .days(let days) = old { days < new.value.days } else { false }
        losing =
            isLonger
            ? []
            : RetentionSweep.due(
                among: group.backups,
                under: .days(new.value.days),
                at: situation.now
            )
        let own = group.readyBackups(in: situation.home).filter { !$0.isCopy }
        let lost = Set(losing.map(\.id))
        young = own.count { $0.createdAt > horizon }
        exempt = own.reversed().filter { $0.createdAt <= horizon && !lost.contains($0.id) }
            .map(\.id)
    }

    private var floor: Int { situation.desired.backups.floor }

    /// A nominated recovery point or a floor in the way.
    var reasonToHold: String? {
        guard !losing.isEmpty else { return nil }
        if let nominated = nomination() {
            return "it would remove \(nominated), which is not pinned"
        }
        let left = young + exempt.count
        guard left < floor else { return nil }
        return "it would leave \(left) READY backups; the floor is \(floor)"
    }

    private func nomination() -> String? {
        for point in situation.desired.recoveryPoints {
            switch point.selector {
            case .backup(let id):
                guard losing.contains(where: { $0.id == id }) else { continue }
                return "the recovery point \(point.name.value) (\(id))"
            case .takenBefore(let moment):
                guard losing.contains(where: { $0.createdAt < moment }) else { continue }
                return "what the recovery point \(point.name.value) may mean"
            case .takenAfter(let moment):
                guard losing.contains(where: { $0.createdAt > moment }) else { continue }
                return "what the recovery point \(point.name.value) may mean"
            case .newest: return "what the recovery point \(point.name.value) may mean"
            }
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
            preconditions: [.clusterState(.active), .retention(old)] + survivors,
            postcondition: .retention(.days(new.value.days))
        )
    }

    private var text: String {
        switch old {
        case .unmanaged: "the service keeps every backup now; \(losing.count) would be older"
        case .days: losing.isEmpty ? "no backup is older" : "\(losing.count) backups are older"
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
