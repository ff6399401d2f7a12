import CloudHSM
import StrongroomModel
import Testing

@Suite struct ParkingRuleTests {
    @Test(arguments: rows) func takesEveryHSMAwayAndKeepsTheLastBackup(_ row: Row) { row.check() }

    private static let parked = desired { $0.hsms = at(Line.hsms, .total(0)) }
    private static let waits = "waiting HSMs (parking:9)"
    private static let holds = "held HSMs (parking:9)"
    private static let one = [hsm(1, zoneA)]
    private static let last = backup(1, age: .hours(3))
    private static let stuck = [
        backup(1, age: .days(3)), backup(2, age: .hours(25), .createInProgress),
    ]
    private static let ours = [OwnershipTag.pin: OwnershipTag.pinForParking]

    private static func removed(_ ago: Duration, rule: String = "parking") -> [JournalEntry] {
        [entry("DeleteHsm", "\(hsmID(1))", rule: rule, ago: ago)]
    }

    private static let keeping = [
        "1 ~ tag \(backupID(1)) [\"strongroom:pin\"] (parking:9)",
        "2 ~ pin \(backupID(1)) after 1 (parking:9)",
    ]

    static let rows = [
        Row(
            "one by one, and the backup of the last removal is recorded and pinned",
            parked,
            group(backups: [last]),
            steps: [
                "1 - remove \(hsmID(1)) (parking:9)",
                "2 - remove \(hsmID(2)) after 1 (parking:9)",
                "3 ~ tag that of 2 [\"strongroom:pin\"] after 2 (parking:9)",
                "4 ~ pin that of 2 after 2,3 (parking:9)",
            ]
        ),
        Row(
            "every zone at zero is the same",
            desired { $0.hsms = at(Line.hsms, .perZone([zoneA: 0, zoneB: 0])) },
            group(hsms: one, backups: [last]),
            steps: [
                "1 - remove \(hsmID(1)) (parking:9)",
                "2 ~ tag that of 1 [\"strongroom:pin\"] after 1 (parking:9)",
                "3 ~ pin that of 1 after 1,2 (parking:9)",
            ]
        ),
        Row(
            "one is still leaving",
            parked,
            group(hsms: one + [hsm(2, zoneB, .deleteInProgress)], backups: [last]),
            notes: [waits]
        ),
        Row(
            "one is still being made",
            parked,
            group(hsms: one + [hsm(2, zoneB, .createInProgress)], backups: [last]),
            notes: [waits]
        ),
        Row(
            "one is DEGRADED",
            parked,
            group(hsms: one + [hsm(2, zoneB, .degraded)], backups: [last]),
            notes: ["waiting HSMs (degraded:9)"]
        ),
        Row(
            "the last waits for a backup that is being made",
            parked,
            group(hsms: one, backups: [last, backup(2, age: .minutes(2), .createInProgress)]),
            notes: [waits]
        ),
        Row(
            "a backup that is being made for a day",
            parked,
            group(hsms: one, backups: stuck),
            notes: [holds]
        ),
        Row("the last of a cluster without a backup", parked, group(hsms: one), notes: [holds]),
        Row(
            "an HSM that names no zone",
            parked,
            group(hsms: [hsm(1, zoneA), hsm(2, nil)], backups: [last]),
            notes: [holds]
        ),
        Row(
            "before activation it is refused: INITIALIZED",
            parked,
            group(hsms: one) { $0.state = .initialized },
            notes: [holds, "waiting activation (initialization:1)"]
        ),
        Row(
            "before activation it is refused: UNINITIALIZED",
            parked,
            group(hsms: one) { $0.state = .uninitialized },
            notes: [holds, "waiting initialisation (initialization:1)"]
        ),
        Row(
            "the last is leaving",
            parked,
            group(hsms: [hsm(1, zoneA, .deleteInProgress)], backups: [last]),
            notes: [waits]
        ),
        Row(
            "its backup is being made",
            parked,
            group(hsms: [], backups: [last, backup(2, age: .minutes(2), .createInProgress)]),
            notes: [waits]
        ),
        Row(
            "its backup is being made for a day",
            parked,
            group(hsms: [], backups: stuck),
            notes: [holds]
        ),
        Row(
            "its backup is not listed yet",
            parked,
            group(hsms: [], backups: [last]),
            journal: removed(.minutes(4)),
            notes: [waits]
        ),
        Row(
            "its backup never came",
            parked,
            group(hsms: [], backups: [last]),
            journal: removed(.hours(2)),
            notes: [waits]
        ),
        Row(
            "its backup did not come for a day",
            parked,
            group(hsms: [], backups: [backup(1, age: .days(4))]),
            journal: removed(.hours(25)),
            notes: [holds]
        ),
        Row(
            "its backup did not come for a day, and the older is accepted",
            desired {
                $0.hsms = at(Line.hsms, .total(0))
                $0.resumeFrom = at(Line.clusterID, backupID(1))
            },
            group(hsms: [], backups: [backup(1, age: .days(4))]),
            journal: removed(.hours(25)),
            steps: keeping
        ),
        Row(
            "a minute of clock skew makes no other backup",
            parked,
            group(hsms: [], backups: [last]),
            journal: removed(.hours(3) - .seconds(50)),
            steps: keeping
        ),
        Row(
            "a DEGRADED one that went as the last made no backup",
            parked,
            group(hsms: [], backups: [last]),
            journal: removed(.hours(2), rule: "degraded"),
            steps: keeping
        ),
        Row(
            "the run ended before it was kept",
            parked,
            group(hsms: [], backups: [last]),
            steps: keeping
        ),
        Row(
            "the run ended before it was pinned",
            parked,
            group(hsms: [], backups: [backup(1, age: .hours(3), tags: ours)]),
            steps: ["1 ~ pin \(backupID(1)) (parking:9)"]
        ),
        Row(
            "parked",
            parked,
            group(hsms: [], backups: [backup(1, age: .hours(3), pinned: true, tags: ours)])
        ),
        Row(
            "a person's pin is left alone",
            parked,
            group(hsms: [], backups: [backup(1, age: .hours(3), pinned: true)])
        ),
        Row(
            "the newest is pending deletion",
            parked,
            group(hsms: [], backups: [last, backup(2, age: .hours(1), .pendingDeletion)]),
            notes: [holds]
        ),
        Row("neither an HSM nor a backup", parked, group(hsms: []), notes: [holds]),
        Row(
            "a clone that never had an HSM",
            parked,
            group(hsms: []) { $0.sourceBackup = backupID(7) }
        ),
    ]

    @Test func theLastGoesOnlyOnceABackupFromBeforeItIsReady() {
        let steps = plan(Self.parked, group(backups: [Self.last])).steps
        #expect(
            steps.map(\.preconditions) == [
                [
                    .clusterState(.active), .hsmsSettled, .presentHSMs(2),
                    .healthyHSMs(in: zoneA, atLeast: 1),
                    .healthyHSMsApart(from: .known(hsmID(1)), atLeast: 1),
                ],
                [
                    .clusterState(.active), .hsmsSettled, .presentHSMs(1),
                    .healthyHSMs(in: zoneB, atLeast: 1),
                    .healthyHSMsApart(from: .known(hsmID(2)), atLeast: 0),
                    .freshBackup(causedBy: StepID(1)),
                ],
                [.clusterExists, .backupReady(.caused(by: StepID(2)))],
                [
                    .clusterExists, .backupReady(.caused(by: StepID(2))),
                    .backupTags(.caused(by: StepID(2)), Self.ours),
                ],
            ]
        )
        #expect(
            steps.suffix(2).map(\.postcondition) == [
                .backupTags(.caused(by: StepID(2)), Self.ours),
                .backupPinned(.caused(by: StepID(2))),
            ]
        )
        let alone = plan(Self.parked, group(hsms: Self.one, backups: [Self.last])).steps
        #expect(
            alone.first?.preconditions.last
                == .readyContent(in: home, since: now - .hours(3), atLeast: 1)
        )
    }

    @Test func theHSMThatWasOnlyNeededForABackupGoesAsAnyOther() {
        let cycle = entry(
            "CreateHsm",
            "us-east-1a",
            rule: "freshness",
            ago: .minutes(20),
            made: "\(hsmID(9))"
        )
        let there = group(hsms: Self.one + [hsm(9, zoneA)], backups: [Self.last])
        let lines = plan(Self.parked, there, journal: [cycle]).stepLines
        #expect(
            lines.prefix(2) == [
                "1 - remove \(hsmID(9)) (parking:9)", "2 - remove \(hsmID(1)) after 1 (parking:9)",
            ]
        )
    }
}
