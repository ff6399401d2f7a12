import CloudHSM
import StrongroomModel
import Testing

@Suite struct RecoveryPointEndRuleTests {
    @Test(arguments: rows) func givesUpWhatNoLineNominates(_ row: Row) { row.check() }

    private static let name = "strongroom:recovery-point:before-rotation"
    private static let old = backup(1, age: .days(9)).kept()
    private static let young = backup(2, age: .days(2))
    private static let waits = "waiting recovery point before-rotation (recovery-point:1)"
    private static let parks: @Sendable (inout DesiredCluster) -> Void = {
        $0.hsms = at(Line.hsms, .total(0))
    }

    private static func released(_ number: Int = 1, losing: Int = 0) -> [String] {
        [
            "1 ~ unpin \(backupID(number)), losing \(losing) (recovery-point:1)",
            "2 ~ untag \(backupID(number)) \([name, "strongroom:pin"]) after 1 (recovery-point:1)",
        ]
    }

    static let rows = [
        Row("in a plan of its own", desired(), group(backups: [old, young]), steps: released()),
        Row(
            "with a dot in its name, as manifests allow",
            desired(),
            group(backups: [
                backup(
                    1,
                    age: .days(9),
                    pinned: true,
                    tags: [
                        OwnershipTag.recoveryPoint + "q3.2026": "2026-11-14T12:00:00Z",
                        OwnershipTag.pin: OwnershipTag.pinForRecoveryPoint,
                    ]
                ), young,
            ]),
            steps: [
                "1 ~ unpin \(backupID(1)), losing 0 (recovery-point:1)",
                "2 ~ untag \(backupID(1)) [\"strongroom:recovery-point:q3.2026\", "
                    + "\"strongroom:pin\"] after 1 (recovery-point:1)",
            ]
        ),
        Row(
            "not beside any other step",
            desired { $0.tags = at(Line.tags, ["cost": "1"]) },
            group(backups: [old, young]),
            steps: ["1 ~ tag cost (tags:8)"],
            notes: [waits]
        ),
        Row(
            "one that retention takes at once",
            desired(),
            group(backups: [backup(1, age: .days(95)).kept(), young]),
            steps: released(losing: 1)
        ),
        Row(
            "not below the floor",
            desired { $0.backups.keepAtLeast = at(Line.floor, 2) },
            group(backups: [backup(1, age: .days(95)).kept(), young]),
            notes: ["held recovery point before-rotation (recovery-point:1)"]
        ),
        Row(
            "a person's pin stays, and only the tag goes",
            desired(),
            group(backups: [backup(1, age: .days(9), pinned: true).recorded(), young]),
            steps: ["1 ~ untag \(backupID(1)) \([name]) (recovery-point:1)"]
        ),
        Row(
            "a pin that is off already",
            desired(),
            group(
                backups: [
                    backup(1, age: .days(9)).recorded()
                        .tagged([OwnershipTag.pin: OwnershipTag.pinForRecoveryPoint]), young,
                ]
            ),
            steps: ["1 ~ untag \(backupID(1)) \([name, "strongroom:pin"]) (recovery-point:1)"]
        ),
        Row(
            "another name keeps the pin",
            desired {
                $0.recoveryPoints = [recoveryPoint(.backup(backupID(1)), name: "other")]
            },
            group(backups: [old.recorded(as: "other"), young]),
            steps: ["1 ~ untag \(backupID(1)) \([name]) (recovery-point:1)"]
        ),
        Row(
            "a name that means another backup by now",
            desired { $0.recoveryPoints = [recoveryPoint(.backup(backupID(2)))] },
            group(backups: [old, young.kept()]),
            steps: released()
        ),
        Row(
            "what a parked cluster is resumed from stays pinned, for that",
            desired("payments", parks),
            group(hsms: [], backups: [old]),
            steps: [
                "1 ~ tag \(backupID(1)) \(["strongroom:pin"]) (recovery-point:1)",
                "2 ~ untag \(backupID(1)) \([name]) after 1 (recovery-point:1)",
            ]
        ),
        Row(
            "copies keep what they inherited",
            desired(),
            group(backups: [young, copy(5, of: 1, age: .days(9)).kept()]),
            notes: ["noticed copies in eu-west-1 (copy:1)"]
        ),
        Row(
            "what is pending deletion only loses its tags",
            desired(),
            group(backups: [old.gone(in: .days(2)), young]),
            steps: ["1 ~ untag \(backupID(1)) \([name, "strongroom:pin"]) (recovery-point:1)"]
        ),
    ]

    @Test func onlyOneIsGivenUpInAPlan() {
        let plan = plan(
            desired(),
            group(backups: [Self.old, backup(2, age: .days(3)).kept(as: "b")])
        )
        #expect(plan.stepLines == Self.released())
        #expect(plan.noteLines == ["waiting recovery point b (recovery-point:1)"])
    }

    @Test(
        arguments: [
            (RetentionPolicy.days(90), Duration.days(9), Optional(now + .days(81))),
            (.days(90), .days(95), Optional(now - .days(5))),
            (.unmanaged, .days(9), nil),
        ] as [(RetentionPolicy, Duration, Timestamp?)]
    )
    func thePlanSaysWhenTheBackupWillExpire(
        _ policy: RetentionPolicy,
        _ age: Duration,
        _ expiry: Timestamp?
    ) {
        let wanted = desired { $0.backups.retention = nil }
        let backups = [backup(1, age: age).kept(), Self.young]
        let step = plan(wanted, group(backups: backups) { $0.retention = policy }).steps.first
        guard case .unpinBackup(_, expiry, _) = step?.action else {
            Issue.record("\(String(describing: step))")
            return
        }
        #expect(step?.reason.text.contains(expiry?.description ?? "does not expire") == true)
        #expect(
            step?.preconditions.prefix(3) == [
                .backupReady(.known(backupID(1))), .backupPinned(.known(backupID(1))),
                .retention(policy),
            ]
        )
    }

    @Test func whatKeepsTheFloorIsLookedUpAgainBeforeALoss() {
        let backups = [backup(1, age: .days(95)).kept(), Self.young]
        let step = plan(desired(), group(backups: backups)).steps.first
        let floor = Fact.readyBackupsApart(from: backupID(1), in: home, atLeast: 1)
        #expect(step?.preconditions.last == floor)
    }
}
