import CloudHSM
import StrongroomModel
import Testing

@Suite struct UnparkingRuleTests {
    @Test(arguments: rows) func takesOurPinOffAfterTheClusterIsBack(_ row: Row) { row.check() }

    private static let ours = [OwnershipTag.pin: OwnershipTag.pinForParking]

    private static func parked(
        age: Duration = .days(3),
        pinned: Bool = true,
        tags: [String: String] = ours
    ) -> Backup {
        backup(1, age: age, pinned: pinned, tags: tags)
    }

    private static let younger = backup(2, age: .hours(1))
    private static let untag = "~ untag \(backupID(1)) [\"strongroom:pin\"]"
    private static let off = [
        "1 ~ unpin \(backupID(1)), losing 0 (unparking:9)", "2 \(untag) after 1 (unparking:9)",
    ]

    private static func nominated(_ selector: DesiredRecoveryPoint.Selector) -> DesiredCluster {
        desired { $0.recoveryPoints = [recoveryPoint(selector)] }
    }

    static let rows = [
        Row(
            "a younger backup is READY",
            desired(),
            group(backups: [parked(), younger]),
            steps: off
        ),
        Row("none is", desired(), group(backups: [parked()])),
        Row(
            "a younger one is being made",
            desired(),
            group(backups: [parked(), backup(2, age: .minutes(2), .createInProgress)])
        ),
        Row("a person's pin", desired(), group(backups: [parked(tags: [:]), younger])),
        Row(
            "the pin of a recovery point",
            desired(),
            group(backups: [
                parked(tags: [OwnershipTag.pin: OwnershipTag.pinForRecoveryPoint]), younger,
            ])
        ),
        Row(
            "the run ended before the tag was off",
            desired(),
            group(backups: [parked(pinned: false), younger]),
            steps: ["1 \(untag) (unparking:9)"]
        ),
        Row(
            "HSMs are not managed",
            desired { $0.hsms = nil },
            group(backups: [parked(), younger]),
            steps: [
                "1 ~ unpin \(backupID(1)), losing 0 (unparking:1)",
                "2 \(untag) after 1 (unparking:1)",
            ]
        ),
        Row(
            "older than retention allows: it goes with its pin",
            desired(),
            group(backups: [parked(age: .days(91)), younger]),
            steps: [
                "1 ~ unpin \(backupID(1)), losing 1 (unparking:9)",
                "2 \(untag) after 1 (unparking:9)",
            ]
        ),
        Row(
            "it would go, and the floor is in the way",
            desired { $0.backups.keepAtLeast = at(Line.floor, 2) },
            group(backups: [parked(age: .days(91)), younger]),
            notes: ["held pin of \(backupID(1)) (unparking:9)"]
        ),
        Row(
            "something else is to be done first",
            desired { $0.tags = at(Line.tags, ["cost": "1"]) },
            group(backups: [parked(), younger]),
            steps: ["1 ~ tag cost (tags:8)"],
            notes: ["waiting pin of \(backupID(1)) (unparking:9)"]
        ),
        Row(
            "it is recorded as a recovery point",
            desired(),
            group(backups: [
                parked(tags: ours.merging([OwnershipTag.recoveryPoint + "q3": "x"]) { a, _ in a }),
                younger,
            ]),
            steps: [
                "1 ~ unpin \(backupID(1)), losing 0 (recovery-point:1)",
                "2 ~ untag \(backupID(1)) [\"strongroom:recovery-point:q3\", \"strongroom:pin\"]"
                    + " after 1 (recovery-point:1)",
            ]
        ),
        Row(
            "another of the same name is recorded",
            nominated(.takenBefore(now - .days(2))),
            group(backups: [
                parked(), younger,
                backup(
                    3,
                    age: .days(9),
                    pinned: true,
                    tags: [OwnershipTag.recoveryPoint + "before-rotation": "x"]
                ),
            ]),
            steps: off
        ),
    ]

    @Test(
        "What may be a recovery point keeps its pin",
        arguments: [
            DesiredRecoveryPoint.Selector.backup(backupID(1)), .takenBefore(now - .days(2)),
            .takenAfter(now - .days(5)), .newest,
        ]
    )
    func whatMayBeARecoveryPointKeepsItsPin(_ selector: DesiredRecoveryPoint.Selector) {
        let steps = plan(
            Self.nominated(selector),
            group(backups: [Self.parked(), Self.younger])
        ).steps
        #expect(!steps.contains { $0.reason.rule == "unparking" })
    }

    @Test func whatKeepsTheFloorIsLookedUpAgainBeforeTheCall() {
        let steps = plan(
            desired(),
            group(backups: [Self.parked(age: .days(91)), Self.younger])
        ).steps
        #expect(
            steps.first?.preconditions == [
                .backupReady(.known(backupID(1))), .backupPinned(.known(backupID(1))),
                .retention(.days(90)), .clusterState(.active),
                .readyContent(in: home, since: now - .hours(1), atLeast: 1),
                .readyBackupsApart(from: backupID(1), in: home, atLeast: 1),
            ]
        )
        #expect(
            steps.first?.action
                == .unpinBackup(
                    backupID(1),
                    expiresAt: now - .days(1),
                    losing: [backupID(1)]
                )
        )
    }
}
