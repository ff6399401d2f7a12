internal import CloudHSM
internal import StrongroomModel

extension Rule {
    /// Keeps the newest READY backup young enough; where told to, by an HSM cycle.
    ///
    /// There is no call that makes a backup: adding an HSM to a cluster with an active one does.
    /// Add first, then remove, so that redundancy never drops (fact sheet, section 7).
    static let freshness = Rule(code: "freshness") { situation, earlier in
        guard
            let group = situation.group, let cluster = situation.cluster,
            let maxAge = situation.desired.backups.maxAge,
            cluster.isActivated
        else { return .nothing }
        let newest = group.newestOwnReadyBackup
        let limit = situation.now - maxAge.value
        if let newest, newest.createdAt >= limit {
            let age = situation.now - newest.createdAt
            return .satisfied("backup freshness", "freshness", at: maxAge.location) {
                "\(newest.id) is \(inWords(age)) old, at most \(inWords(maxAge.value)) asked for"
            }
        }
        // No HSM changes a parked cluster, so its newest backup does not age.
        if cluster.hsms.isEmpty, newest != nil, (situation.desired.hsms?.value.count ?? 0) == 0 {
            return .satisfied("backup freshness", "freshness", at: maxAge.location) { "parked" }
        }
        let need =
            newest.map {
                "\($0.id) is \(inWords(situation.now - $0.createdAt)) old, "
                    + "at most \(inWords(maxAge.value)) asked for"
            } ?? "there is no READY backup"
        if let coming = comingBackup(in: group, since: limit) {
            guard situation.now - coming.createdAt > Patience.inProgress else {
                return waiting("\(need); \(coming.id) is being made", at: maxAge)
            }
            let text = "\(coming.id) is \(coming.state) since \(coming.createdAt)"
            return held("\(need); \(text), longer than any backup takes", at: maxAge)
        }
        if let open = situation.forcedCycle?.notYet(at: situation.now) {
            let reason = Reason(rule: "freshness", "\(need); \(open.text)", at: maxAge.location)
            return Findings(notes: [Note(open.kind, "backup freshness", reason)])
        }
        if earlier.steps.contains(where: \.action.causesBackup) {
            return waiting("\(need); the change of HSMs in this plan makes a new one", at: maxAge)
        }
        guard situation.desired.backups.whenStale == .force else {
            return held("\(need); whenStale is report, so nothing is forced", at: maxAge)
        }
        return forced(because: need, on: cluster, maxAge, after: earlier)
    }

    /// The youngest backup being made that would be young enough.
    private static func comingBackup(
        in group: ProtectionGroup,
        since limit: Timestamp
    ) -> Backup? {
        group.backups.lazy
            .filter { $0.state == .createInProgress && !$0.isCopy && $0.createdAt >= limit }
            .max { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }
    }

    /// The HSM cycle: one more HSM, its backup awaited, and that HSM gone again.
    private static func forced(
        because need: String,
        on cluster: Cluster,
        _ maxAge: Located<Duration>,
        after earlier: Findings
    ) -> Findings {
        guard
            !cluster.hsms.contains(where: \.state.isBusy),
            !earlier.steps.contains(where: { $0.phase == .addHSM })
        else { return waiting("\(need); one is forced once every HSM is ACTIVE", at: maxAge) }
        guard cluster.hsms.contains(where: { $0.state == .active }) else {
            return held("\(need); no HSM is ACTIVE, so none can be forced", at: maxAge)
        }
        if let broken = cluster.firstHSM(where: { $0.state == .degraded }) {
            return held("\(need); none is forced while \(broken.id) is DEGRADED", at: maxAge)
        }
        let choice = ZoneChoice(subnets: cluster.subnets, hsms: cluster.hsms)
        guard let zone = choice.emptiestZone() else {
            return held("\(need); the cluster has no zone to add an HSM in", at: maxAge)
        }
        let present = cluster.presentHSMs.count
        let healthy = cluster.healthyHSMs.count { $0.zone == zone }
        let add = DraftStep(
            id: Phase.addHSM.draft(500),
            phase: .addHSM,
            action: .addHSM(zone: zone, causesBackup: true),
            reason: Reason(
                rule: "freshness",
                "\(need); adding an HSM makes one",
                at: maxAge.location
            ),
            preconditions: [.clusterState(.active), .hsmsSettled, .presentHSMs(present)],
            postcondition: .healthyHSMs(in: zone, atLeast: healthy + 1)
        )
        let remove = DraftStep(
            id: Phase.removeHSM.draft(500),
            phase: .removeHSM,
            action: .removeHSM(.added(by: add.id), zone: zone, causesBackup: true),
            reason: Reason(
                rule: "freshness",
                "it was only needed for the backup",
                at: maxAge.location
            ),
            preconditions: [
                .clusterState(.active), .hsmsSettled, .freshBackup(causedBy: add.id),
                .healthyHSMsApart(from: .added(by: add.id), atLeast: present),
            ],
            postcondition: .hsmGone(.added(by: add.id)),
            after: [add.id]
        )
        return Findings(steps: [add, remove])
    }

    private static func held(_ text: String, at maxAge: Located<Duration>) -> Findings {
        .held("backup freshness", Reason(rule: "freshness", text, at: maxAge.location))
    }

    private static func waiting(_ text: String, at maxAge: Located<Duration>) -> Findings {
        .waiting("backup freshness", Reason(rule: "freshness", text, at: maxAge.location))
    }
}

/// A span in the largest unit that loses little: minutes, hours up to three days, then days.
func inWords(_ span: Duration) -> String {
    let minutes = span.wholeMilliseconds / 60_000
    switch minutes {
    case ..<120: return "\(minutes) min"
    case ..<(72 * 60): return "\(minutes / 60) h"
    default: return "\(minutes / 60 / 24) days"
    }
}
