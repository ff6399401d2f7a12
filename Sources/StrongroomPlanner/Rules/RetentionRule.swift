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
        let losing = RetentionSweep.due(
            among: group.backups,
            under: .days(desired.value.days),
            at: situation.now
        )
        if let hold = hold(for: losing, in: group, situation) { return hold }
        return .step(step(from: cluster.retention, to: desired, losing: losing, situation))
    }

    private static func step(
        from old: RetentionPolicy,
        to desired: Located<RetentionPeriod>,
        losing: [Backup],
        _ situation: Situation
    ) -> DraftStep {
        let period = desired.value
        let horizon = situation.now - .days(period.days)
        let text =
            switch old {
            case .unmanaged: "the service keeps every backup now; \(losing.count) would be older"
            case .days: losing.isEmpty ? "no backup is older" : "\(losing.count) backups are older"
            }
        let isLonger = if case .days(let days) = old { days < period.days } else { false }
        // What protects the floor is looked up again just before the call.
        let survivors: [Fact] =
            losing.isEmpty
            ? [] : [.readyContent(in: situation.home, since: horizon, atLeast: 1)]
        return DraftStep(
            id: (isLonger ? Phase.lengthenRetention : .shortenRetention).draft(0),
            phase: isLonger ? .lengthenRetention : .shortenRetention,
            action: .setRetention(from: old, to: period, losing: losing.map(\.id)),
            reason: Reason(rule: "retention", text, at: desired.location),
            preconditions: [.clusterState(.active), .retention(old)] + survivors,
            postcondition: .retention(.days(period.days))
        )
    }

    /// A reason not to shorten: a floor, a nominated recovery point, or a clock in doubt.
    private static func hold(
        for losing: [Backup],
        in group: ProtectionGroup,
        _ situation: Situation
    ) -> Findings? {
        guard !losing.isEmpty else { return nil }
        let desired = situation.desired
        let location = desired.backups.retention?.location
        let held = { (text: String) in
            Findings.held("retention", Reason(rule: "retention", text, at: location))
        }
        if let doubt = futureDated(in: group, at: situation.now) {
            return held("\(doubt.id) is dated in the future, so ages cannot be trusted")
        }
        if let nominated = nomination(among: losing, desired) {
            return held("it would remove \(nominated), which is not pinned")
        }
        let ready = group.readyBackups(in: situation.home).count { !$0.isCopy }
        let left = ready - losing.count
        guard left >= desired.backups.floor else {
            return held(
                "it would leave \(left) READY backups; the floor is \(desired.backups.floor)"
            )
        }
        return nil
    }

    private static func nomination(among losing: [Backup], _ desired: DesiredCluster) -> String? {
        for point in desired.recoveryPoints {
            switch point.selector {
            case .backup(let id):
                guard losing.contains(where: { $0.id == id }) else { continue }
                return "the recovery point \(point.name.value) (\(id))"
            case .takenBefore(let moment):
                guard losing.contains(where: { $0.createdAt < moment }) else { continue }
                return "what the recovery point \(point.name.value) may mean"
            }
        }
        return nil
    }
}

/// A backup whose content is dated after the present, allowing a minute for clock skew.
func futureDated(in group: ProtectionGroup, at now: Timestamp) -> Backup? {
    let limit = now + .minutes(1)
    return group.backups.first { $0.createdAt > limit }
}
