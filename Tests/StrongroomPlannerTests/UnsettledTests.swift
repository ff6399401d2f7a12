import CloudHSM
import StrongroomModel
import StrongroomPlanner
import Testing

/// Until a call of an earlier run is decided and can be seen, nothing is planned for its group.
@Suite struct UnsettledTests {
    private static let growing = desired { $0.hsms = at(Line.hsms, .total(3)) }
    private static let added = "1 + add us-east-1a, backed up (hsm-count:9)"
    private static let waits = "waiting earlier call (journal:1)"
    private static let isHeld = "held earlier call (journal:1)"

    private static func addition(
        _ outcome: Outcome.Result?,
        ago: Duration = .minutes(1),
        made: String? = nil
    ) -> [JournalEntry] {
        let before = ["eni-00000001", "eni-00000002"]
        return [
            entry(
                "CreateHsm",
                "us-east-1a",
                ago: ago,
                hsmsBefore: before,
                outcome: outcome,
                made: made
            )
        ]
    }

    @Test(arguments: rows) func aCallUnderWayIsAwaited(_ row: Row) { row.check() }

    @Test func aClusterThatWasMadeJustNowIsNoStranger() {
        let wanted = desired()
        let made = ProtectionGroup(id: groupID(7), cluster: nil)
        let call = entry(
            "CreateCluster",
            "payments",
            group: nil,
            outcome: .accepted,
            made: "\(clusterID(7))"
        )
        let context = PlanContext(now: now, recentEntries: [call])
        let fleet = fleet([wanted])
        let plan = Planner(fleet: fleet, context: context).plan(for: [made])
        #expect(plan.groups.map(\.standing) == [.managed])
        #expect(plan.groups.first?.noteLines == [Self.waits])
    }

    static let rows = [
        Row("in doubt", growing, group(), journal: addition(nil), notes: [isHeld]),
        Row(
            "in doubt although something like it can be seen",
            growing,
            group(hsms: [hsm(1, zoneA), hsm(2, zoneB), hsm(3, zoneA)]),
            journal: addition(nil),
            notes: [isHeld]
        ),
        Row(
            "accepted and not visible yet",
            growing,
            group(),
            journal: addition(.accepted, made: "\(hsmID(3))"),
            notes: [waits]
        ),
        Row(
            "accepted and visible",
            growing,
            group(hsms: [hsm(1, zoneA), hsm(2, zoneB), hsm(3, zoneA, .createInProgress)]),
            journal: addition(.accepted, made: "\(hsmID(3))"),
            notes: ["waiting HSMs (hsm-count:9)"]
        ),
        Row(
            "accepted and gone for longer than reads lag",
            growing,
            group(),
            journal: addition(.accepted, ago: .minutes(3), made: "\(hsmID(3))"),
            steps: [added]
        ),
        Row(
            "a retention that still shows its old value is not set again",
            desired { $0.backups.retention = at(Line.retention, days(30)) },
            group(),
            journal: [
                entry("ModifyCluster", "\(clusterID(1))", preconditions: [.retention(.days(90))])
            ],
            notes: [waits]
        ),
        Row(
            "a retention that shows its new value is settled",
            desired { $0.backups.retention = at(Line.retention, days(30)) },
            group { $0.retention = .days(30) },
            journal: [
                entry("ModifyCluster", "\(clusterID(1))", preconditions: [.retention(.days(90))])
            ]
        ),
        Row("refused", growing, group(), journal: addition(.refused), steps: [added]),
        Row("found not done", growing, group(), journal: addition(.foundNotDone), steps: [added]),
        Row(
            "of another group",
            growing,
            group(),
            journal: [entry("CreateHsm", "us-east-1a", group: groupID(2), outcome: nil)],
            steps: [added]
        ),
        Row(
            "a copy that cannot be seen yet is not made again",
            desired { $0.copies = [copies()] },
            group(backups: [backup(1, age: .days(1))]),
            journal: [entry("CopyBackupToRegion", "\(backupID(1))", destination: ireland)],
            notes: [waits]
        ),
        Row(
            "a copy that failed can be seen",
            desired { $0.copies = [copies()] },
            group(
                backups: [
                    backup(1, age: .days(1)),
                    copy(2, of: 1, age: .days(1), .deleted, copied: .minutes(1)),
                ]
            ),
            journal: [entry("CopyBackupToRegion", "\(backupID(1))", destination: ireland)],
            steps: ["1 > copy \(backupID(1)) to eu-west-1 (copy:20)"]
        ),
        Row(
            "a deletion that cannot be seen yet",
            desired(),
            group(backups: [backup(1, age: .days(1))]),
            journal: [entry("DeleteBackup", "\(backupID(1))")],
            notes: [waits]
        ),
        Row(
            "a removal that cannot be seen yet",
            desired { $0.hsms = at(Line.hsms, .total(1)) },
            group(),
            journal: [entry("DeleteHsm", "\(hsmID(2))")],
            notes: [waits]
        ),
        Row(
            "a creation in doubt",
            desired(),
            nil,
            journal: [entry("CreateCluster", "a new cluster", group: nil, outcome: nil)],
            notes: [isHeld]
        ),
        Row(
            "a creation that cannot be seen yet",
            desired(),
            nil,
            journal: [entry("CreateCluster", "a new cluster", group: nil)],
            notes: [waits]
        ),
        Row(
            "the creation of another cluster",
            desired { $0.hsms = nil },
            nil,
            journal: [
                entry("CreateCluster", "a new cluster", group: nil, name: "ledger", outcome: nil)
            ],
            steps: ["1 + create (creation:1)"],
            notes: ["waiting initialisation (initialization:1)"]
        ),
    ]

    @Test func whatIsInDoubtSaysWhenItIsDecided() {
        let plan = plan(Self.growing, group(), journal: Self.addition(nil))
        #expect(plan.texts.first?.contains("it is decided by 2026-11-23T12:17:00Z") == true)
    }
}
