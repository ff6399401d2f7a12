import CloudHSM
import StrongroomModel
import StrongroomReport

/// Clusters that stand in every way a status report tells apart.
enum RichFleet {
    static let clusters = [
        ClusterStatus(
            of: paymentsGroup,
            desired: payments,
            plan: plan(RichPlan.paymentsSubject, RichPlan.plan.groups.first(named: "payments")),
            now: Sample.now
        ),
        ClusterStatus(
            of: nil,
            desired: nil,
            plan: plan(RichPlan.ledgerSubject, RichPlan.plan.groups.first(named: "ledger")),
            now: Sample.now
        ),
        status(of: unclaimedGroup, desired("vault"), named: "vault"),
        ClusterStatus(
            of: parkedGroup,
            desired: nil,
            plan: GroupPlan(
                subject: PlanSubject(name: nil, home: Sample.prod, cluster: parkedGroup.id.cluster),
                standing: .orphan,
                steps: [],
                notes: [],
                unchangedCount: 0
            ),
            now: Sample.now
        ),
    ]

    static func desired(_ name: String) -> DesiredCluster {
        DesiredCluster(
            name: Located(name, at: Sample.place(3)),
            region: Located(Sample.virginia, at: Sample.place(5)),
            account: DesiredAccount(name: "prod", id: Sample.prod.account)
        )
    }

    static func backup(
        _ number: Int,
        taken: Timestamp,
        in region: Region = Sample.virginia,
        state: BackupState = .ready,
        deletesAt: Timestamp? = nil,
        copyOf source: BackupID? = nil,
        isPinned: Bool = false
    ) -> Backup {
        Backup(
            id: backupID(number),
            region: region,
            createdAt: taken,
            state: state,
            deletesAt: deletesAt,
            origin: source.map {
                CopyOrigin(backup: $0, region: Sample.virginia, copiedAt: taken + .hours(1))
            },
            neverExpires: isPinned
        )
    }

    private static func backupID(_ number: Int) -> BackupID {
        Sample.backup(
            "\(String(repeating: String("abcdefghij".dropFirst(number).prefix(1)), count: 10))2"
        )
    }

    static func status(of backups: [Backup], _ desired: DesiredCluster) -> ClusterStatus {
        status(of: ProtectionGroup(id: groupID, cluster: nil, backups: backups), desired)
    }

    static func status(
        of group: ProtectionGroup,
        _ desired: DesiredCluster,
        named name: String = "payments"
    ) -> ClusterStatus {
        let subject = PlanSubject(name: name, home: group.id.home, cluster: group.id.cluster)
        return ClusterStatus(
            of: group,
            desired: desired,
            plan: plan(subject, nil),
            now: Sample.now
        )
    }

    static var unclaimedGroup: ProtectionGroup {
        var cluster = Cluster(
            id: Sample.cluster("vau7tvau7t2"),
            state: .uninitialized,
            hsmType: .hsm2mMedium,
            subnets: [Sample.zone("us-east-1a"): Sample.subnet("0a1b2c3d")],
            retention: .days(90)
        )
        cluster.certificates = ["ClusterCsr": "-----BEGIN CERTIFICATE REQUEST-----\n"]
        cluster.stateMessage = "waits\nfor \u{202E}a certificate"
        cluster.hsms = [hsm("aaaaaaaaaa2", "us-east-1a", .active)]
        let id = GroupID(home: Sample.prod, cluster: cluster.id)
        return ProtectionGroup(id: id, cluster: cluster)
    }

    static let groupID = GroupID(
        home: Sample.prod,
        cluster: Sample.cluster("2ndsmpk7w52")
    )

    private static var paymentsGroup: ProtectionGroup {
        var cluster = Cluster(
            id: groupID.cluster,
            state: .active,
            hsmType: .hsm2mMedium,
            subnets: [
                Sample.zone("us-east-1a"): Sample.subnet("0a1b2c3d"),
                Sample.zone("us-east-1b"): Sample.subnet("1a2b3c4d"),
            ],
            retention: .days(90)
        )
        cluster.hsms = [
            hsm("aaaaaaaaaa2", "us-east-1a", .active),
            hsm("bbbbbbbbbb2", "us-east-1b", .degraded),
        ]
        let old = backup(1, taken: Sample.now - .days(60), isPinned: true)
        let backups = [
            old,
            backup(2, taken: Sample.now - .hours(41)),
            backup(3, taken: Sample.now - .minutes(2), state: .createInProgress),
            backup(
                4,
                taken: Sample.now - .days(95),
                state: .pendingDeletion,
                deletesAt: Sample.now + .days(2)
            ),
            backup(
                5,
                taken: Sample.now - .days(90),
                state: .pendingDeletion,
                deletesAt: Sample.now + .days(5)
            ),
            backup(6, taken: Sample.now - .hours(30), in: Sample.ireland, copyOf: old.id),
            backup(7, taken: Sample.now - .days(400), in: Sample.frankfurt, copyOf: old.id),
        ]
        return ProtectionGroup(id: groupID, cluster: cluster, backups: backups)
    }

    private static var payments: DesiredCluster {
        var desired = desired("payments")
        desired.hsms = at(
            .perZone([Sample.zone("us-east-1a"): 1, Sample.zone("us-east-1b"): 1])
        )
        desired.backups.maxAge = at(.hours(26))
        desired.backups.keepAtLeast = at(3)
        var copies = DesiredCopies(region: at(Sample.ireland))
        copies.maxAge = at(.hours(48))
        desired.copies = [copies]
        desired.recoveryPoints = [
            DesiredRecoveryPoint(
                name: at("before-rotation"),
                selector: .backup(backupID(1)),
                regions: [at(Sample.ireland)]
            ),
            DesiredRecoveryPoint(
                name: at("mid-2025"),
                selector: .takenBefore(Sample.moment("2025-07-01T00:00:00Z")),
                regions: [at(Sample.frankfurt)]
            ),
        ]
        desired.purge = at(
            DesiredPurge(
                materialRemovedAt: Sample.now - .days(80),
                reason: "expired 2019 signing keys"
            )
        )
        return desired
    }

    private static var parkedGroup: ProtectionGroup {
        let cluster = Cluster(
            id: Sample.cluster("parkedpark2"),
            state: .active,
            hsmType: .hsm1Medium,
            subnets: [:],
            retention: .unmanaged
        )
        let id = GroupID(home: Sample.prod, cluster: cluster.id)
        let backups = [backup(9, taken: Sample.now - .days(12))]
        return ProtectionGroup(id: id, cluster: cluster, backups: backups)
    }

    private static func hsm(_ suffix: String, _ zone: String, _ state: HSMState) -> HSM {
        HSM(id: Sample.hsm(suffix), zone: Sample.zone(zone), state: state)
    }

    private static func at<Value>(_ value: Value) -> Located<Value> {
        Located(value, at: Sample.place(1))
    }

    private static func plan(_ subject: PlanSubject, _ group: GroupPlan?) -> GroupPlan {
        group
            ?? GroupPlan(
                subject: subject,
                standing: .managed,
                steps: [],
                notes: [],
                unchangedCount: 0
            )
    }
}

extension [GroupPlan] {
    fileprivate func first(named name: String) -> GroupPlan? {
        first { $0.subject.name == name }
    }
}
