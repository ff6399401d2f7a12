import CloudHSM
import StrongroomModel
import StrongroomPlanner
import Testing

@Suite struct DeletionRuleTests {
    @Test(arguments: rows) func deletesOnlyWithTheLastBackupReadyAndPinned(_ row: Row) {
        row.check()
    }

    private static func absent(_ finalBackup: FinalBackup = .keep) -> DesiredCluster {
        desired {
            $0.ensure = at(
                Line.ensure,
                .absent(reason: "end of project", finalBackup: finalBackup)
            )
            $0.backups.maxAge = at(Line.maxAge, .hours(1))
            $0.backups.retention = at(Line.retention, days(7))
            $0.tags = at(Line.tags, ["cost": "1"])
            $0.copies = [copies(maxAge: .hours(1), retentionDays: 1)]
        }
    }

    private static let waits = "waiting delete cluster (deletion:16)"
    private static let holds = "held delete cluster (deletion:16)"
    private static let one = [hsm(1, zoneA)]
    private static let last = backup(1, age: .hours(3))
    private static let delete = "- delete \(clusterID(1))"

    private static func pinned(for purpose: String?) -> Backup {
        backup(
            1,
            age: .hours(3),
            pinned: true,
            tags: purpose.map { [OwnershipTag.pin: $0] } ?? [:]
        )
    }

    /// What is left of a cluster says by itself whose it was.
    private static let marks = ["strongroom:cluster", "strongroom:fleet", "strongroom:pin"]

    static let rows = [
        Row(
            "HSMs one by one, the last backup kept, and then the cluster",
            absent(),
            group(backups: [last]),
            steps: [
                "1 - remove \(hsmID(1)) (deletion:16)",
                "2 - remove \(hsmID(2)) after 1 (deletion:16)",
                "3 ~ tag that of 2 \(marks) after 2 (deletion:16)",
                "4 ~ pin that of 2 after 2,3 (deletion:16)",
                "5 \(delete) after 4 (deletion:16)",
            ]
        ),
        Row(
            "finalBackup: none does not give up the backup of an activated one",
            absent(.none),
            group(hsms: one, backups: [last]),
            steps: [
                "1 - remove \(hsmID(1)) (deletion:16)",
                "2 ~ tag that of 1 \(marks) after 1 (deletion:16)",
                "3 ~ pin that of 1 after 1,2 (deletion:16)",
                "4 \(delete) after 3 (deletion:16)",
            ]
        ),
        Row("without a backup the last HSM stays", absent(), group(hsms: one), notes: [holds]),
        Row(
            "one is still being made",
            absent(),
            group(hsms: one + [hsm(2, zoneB, .createInProgress)], backups: [last]),
            notes: [waits]
        ),
        Row(
            "the last is leaving",
            absent(),
            group(hsms: [hsm(1, zoneA, .deleteInProgress)], backups: [pinned(for: nil)]),
            notes: [waits]
        ),
        Row(
            "the backup of the last removal is not READY",
            absent(),
            group(hsms: [], backups: [last]),
            journal: [entry("DeleteHsm", "\(hsmID(1))", rule: "deletion", ago: .minutes(4))],
            notes: [waits]
        ),
        Row(
            "an earlier run removed the last",
            absent(),
            group(hsms: [], backups: [last]),
            steps: [
                "1 ~ tag \(backupID(1)) \(marks) (deletion:16)",
                "2 ~ pin \(backupID(1)) after 1 (deletion:16)",
                "3 \(delete) after 2 (deletion:16)",
            ]
        ),
        Row(
            "a parked one: its pin is handed over",
            absent(),
            group(hsms: [], backups: [pinned(for: OwnershipTag.pinForParking)]),
            steps: [
                "1 ~ tag \(backupID(1)) \(marks) (deletion:16)",
                "2 \(delete) after 1 (deletion:16)",
            ]
        ),
        Row(
            "its last backup is pinned as it is to be",
            absent(),
            group(hsms: [], backups: [pinned(for: OwnershipTag.pinForDeletion)]),
            steps: ["1 \(delete) (deletion:16)"]
        ),
        Row(
            "the newest is pending deletion",
            absent(),
            group(hsms: [], backups: [last, backup(2, age: .hours(1), .pendingDeletion)]),
            notes: [holds]
        ),
        Row(
            "never activated: it has to be accepted that everything is lost",
            absent(),
            group(hsms: one) { $0.state = .initialized },
            notes: [holds]
        ),
        Row(
            "never activated, and accepted",
            absent(.none),
            group(hsms: one) { $0.state = .initialized },
            steps: [
                "1 - remove \(hsmID(1)) (deletion:16)", "2 \(delete) after 1 (deletion:16)",
            ]
        ),
        Row(
            "never given an HSM, and accepted",
            absent(.none),
            group(hsms: []) { $0.state = .uninitialized },
            steps: ["1 \(delete) (deletion:16)"]
        ),
        Row(
            "its first HSM is still being made",
            absent(.none),
            group(hsms: [hsm(1, zoneA, .createInProgress)]) { $0.state = .uninitialized },
            notes: [waits]
        ),
        Row(
            "an idle clone: its source cannot be seen",
            absent(),
            group(hsms: []) { $0.sourceBackup = backupID(7) },
            notes: [holds]
        ),
        Row(
            "an idle clone, and accepted",
            absent(.none),
            group(hsms: []) { $0.sourceBackup = backupID(7) },
            steps: ["1 \(delete) (deletion:16)"]
        ),
        Row("ACTIVE and empty", absent(), group(hsms: []), notes: [holds]),
        Row("gone", absent(), nil),
        Row(
            "gone, with its backups left",
            absent(),
            ProtectionGroup(id: groupID(1), cluster: nil, backups: [last])
        ),
    ]

    @Test func theClusterGoesOnlyWithoutHSMsAndWithItsBackupPinned() {
        let steps = plan(Self.absent(), group(hsms: Self.one, backups: [Self.last])).steps
        #expect(
            steps.last?.preconditions == [
                .clusterState(.active), .noHSMsListed, .backupPinned(.caused(by: StepID(1))),
            ]
        )
        #expect(steps.last?.postcondition == .clusterGone)
        let parked = plan(
            Self.absent(),
            group(hsms: [], backups: [Self.pinned(for: OwnershipTag.pinForDeletion)])
        ).steps
        #expect(
            parked.last?.preconditions == [
                .clusterState(.active), .noHSMsListed, .backupPinned(.known(backupID(1))),
                .newestBackup(backupID(1)),
            ]
        )
        let fresh = plan(
            Self.absent(.none),
            group(hsms: Self.one) { $0.state = .uninitialized }
        ).steps
        #expect(
            fresh.map(\.preconditions) == [
                [.clusterState(.uninitialized), .hsmsSettled, .presentHSMs(1)],
                [.clusterState(.uninitialized), .noHSMsListed],
            ]
        )
        #expect(fresh.map(\.action.causesBackup) == [false, false])
    }

    @Test func theReasonCountsWhatRemains() {
        let backups = [
            backup(1, age: .days(9), pinned: true), backup(2, age: .days(3)),
            backup(3, age: .days(4)), backup(4, age: .days(2)),
            backup(5, age: .days(5), .pendingDeletion), copy(6, of: 1, age: .days(3)),
        ]
        let text = plan(Self.absent(), group(backups: backups)).steps.last?.reason.text
        #expect(
            text?.hasSuffix(
                "6 backups remain: 1 pinned, 2 expire by \(now - .days(3) + .days(90)), "
                    + "1 pending deletion, 1 copied, and never expire"
            ) == true
        )
        let alone = plan(Self.absent(), group(backups: [Self.last])).steps.last?.reason.text
        #expect(alone?.hasSuffix("1 backup remains") == true)
    }

    @Test func whatRemainsIsListedWithItsExpiry() {
        let backups = [
            backup(1, age: .days(3)), backup(2, age: .hours(3), pinned: true),
            backup(3, age: .days(1)),
            backup(4, age: .days(2), .pendingDeletion), backup(5, age: .days(9), .deleted),
            copy(6, of: 1, age: .days(3)), copy(7, of: 1, age: .days(4)),
        ]
        let there = group(hsms: [], backups: backups) { $0.state = .deleted }
        let context = PlanContext(now: now)
        let planner = Planner(
            fleet: fleet([Self.absent()]),
            context: context,
            detail: .everything
        )
        let texts = planner.plan(for: [there]).groups.first?.texts ?? []
        #expect(
            texts == [
                "it is gone, as asked: end of project; 6 backups remain: "
                    + "\(backupID(1)) expires \(now - .days(3) + .days(90)); "
                    + "\(backupID(4)) is pending deletion until \(now + .days(3)); "
                    + "\(backupID(3)) expires \(now - .days(1) + .days(90)); "
                    + "\(backupID(2)) is pinned; 2 copies in eu-west-1 never expire"
            ]
        )
    }
}
