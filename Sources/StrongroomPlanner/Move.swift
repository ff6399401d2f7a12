internal import CloudHSM
internal import StrongroomModel

/// One HSM that is to stand in another zone.
struct Move {
    let hsm: HSMID
    let from: AvailabilityZone
    let to: AvailabilityZone
    let cluster: Cluster
    let desired: Located<DesiredHSMs>
    let situation: Situation

    init(
        _ hsm: HSMID,
        from: AvailabilityZone,
        to: AvailabilityZone,
        of cluster: Cluster,
        _ desired: Located<DesiredHSMs>,
        _ situation: Situation
    ) {
        self.hsm = hsm
        self.from = from
        self.to = to
        self.cluster = cluster
        self.desired = desired
        self.situation = situation
    }

    /// Adding, and removing once what was added is in service.
    var steps: [DraftStep] {
        let present = cluster.presentHSMs.count
        let add = DraftStep(
            id: Phase.addHSM.draft(0),
            phase: .addHSM,
            action: .addHSM(zone: to, causesBackup: true),
            reason: reason("an HSM is moved from there; added before removed"),
            preconditions: [.clusterState(.active), .hsmsSettled, .presentHSMs(present)],
            postcondition: .healthyHSMs(in: to, atLeast: healthy(in: to) + 1)
        )
        let remove = DraftStep(
            id: Phase.removeHSM.draft(0),
            phase: .removeHSM,
            action: .removeHSM(.known(hsm), zone: from, causesBackup: true),
            reason: reason("another was added for it"),
            preconditions: [
                .clusterState(.active), .hsmsSettled, .presentHSMs(present + 1),
                .healthyHSMs(in: to, atLeast: healthy(in: to) + 1),
                .healthyHSMsApart(from: .known(hsm), atLeast: present),
            ],
            postcondition: .hsmGone(.known(hsm)),
            after: [add.id]
        )
        return [add, remove]
    }

    /// Only the removal, where the quota leaves no room to add before; `nil` where it leaves room.
    ///
    /// Whether other clusters leave room is looked at across groups. At least two HSMs in two zones
    /// must stay in service (fact sheet, section 7).
    var withoutRoom: Findings? {
        let present = cluster.presentHSMs.count
        let most = min(situation.fleet.quotas.hsms, Quotas.hsmsPerCluster)
        guard present >= most else { return nil }
        let left = cluster.healthyHSMs.filter { $0.id != hsm }
        let zones = Set(left.compactMap(\.zone)).sorted()
        guard left.count >= 2, zones.count >= 2, left.count == present - 1 else { return nil }
        let remove = DraftStep(
            id: Phase.removeHSM.draft(0),
            phase: .removeHSM,
            action: .removeHSM(.known(hsm), zone: from, causesBackup: true),
            reason: reason(
                "the quota of \(most) leaves no room to add before; "
                    + "\(left.count) in \(zones.count) zones stay in service"
            ),
            preconditions: [
                .clusterState(.active), .hsmsSettled, .presentHSMs(present),
                .healthyHSMsApart(from: .known(hsm), atLeast: left.count),
            ]
                + zones.prefix(2).map { zone in
                    .healthyHSMs(in: zone, atLeast: zone == from ? 2 : 1)
                },
            postcondition: .hsmGone(.known(hsm))
        )
        return .step(remove)
            + Rule.waiting("one is added in \(to) once \(hsm) is gone", at: desired, turn: .run)
    }

    private func healthy(in zone: AvailabilityZone) -> Int {
        cluster.healthyHSMs.count { $0.zone == zone }
    }

    private func reason(_ text: String) -> Reason {
        let counts = Set([from, to]).sorted().map { zone in
            "\(zone) has \(cluster.presentHSMs.count { $0.zone == zone })"
        }
        return Reason(
            rule: Rule.rebalance,
            "\(counts.joined(separator: ", ")): \(text)",
            at: desired.location
        )
    }
}

extension Rule {
    /// The code of what moves an HSM to another zone.
    static let rebalance = "rebalance"
}
