import CloudHSM
import StrongroomModel
import Testing

@Suite struct RecoveryPointRuleTests {
    @Test(arguments: resolving + keeping) func keepsABackupByName(_ row: Row) { row.check() }

    private static func wants(_ points: DesiredRecoveryPoint...) -> DesiredCluster {
        desired { $0.recoveryPoints = points }
    }

    private static let named = wants(recoveryPoint(.backup(backupID(1))))
    private static let holds = "held recovery point before-rotation (recovery-point:17)"
    private static let waits = "waiting recovery point before-rotation (recovery-point:17)"
    private static let name = "strongroom:recovery-point:before-rotation"
    private static let old = backup(1, age: .days(9))
    private static let young = backup(2, age: .days(2))

    /// Recorded and pinned: what every nomination of a backup that is there comes to.
    private static func kept(_ number: Int) -> [String] {
        [
            "1 ~ tag \(backupID(number)) \(["strongroom:pin", name]) (recovery-point:17)",
            "2 ~ pin \(backupID(number)) after 1 (recovery-point:17)",
        ]
    }

    static let resolving = [
        Row(
            "the newest before a moment",
            wants(recoveryPoint(.takenBefore(now - .days(1)))),
            group(backups: [old, young, backup(3, age: .hours(2))]),
            steps: kept(2)
        ),
        Row(
            "not before the moment has passed",
            wants(recoveryPoint(.takenBefore(now + .hours(1)))),
            group(backups: [old, young]),
            notes: [waits]
        ),
        Row(
            "not while the one before the moment is being made",
            wants(recoveryPoint(.takenBefore(now - .minutes(1)))),
            group(backups: [old, backup(3, age: .minutes(4), .createInProgress)]),
            notes: [waits]
        ),
        Row(
            "what never comes to be is not waited for",
            wants(recoveryPoint(.takenBefore(now - .minutes(1)))),
            group(backups: [old, backup(3, age: .hours(25), .createInProgress)]),
            steps: kept(1)
        ),
        Row(
            "nothing before the moment",
            wants(recoveryPoint(.takenBefore(now - .days(90)))),
            group(backups: [old]),
            notes: [holds]
        ),
        Row(
            "the first after a moment",
            wants(recoveryPoint(.takenAfter(now - .days(5)))),
            group(backups: [old, young, backup(3, age: .hours(2))]),
            steps: kept(2)
        ),
        Row(
            "none after the moment yet",
            wants(recoveryPoint(.takenAfter(now - .hours(5)))),
            group(backups: [old, young]),
            notes: [waits]
        ),
        Row(
            "an older one after the moment is being made",
            wants(recoveryPoint(.takenAfter(now - .hours(5)))),
            group(
                backups: [backup(3, age: .hours(4), .createInProgress), backup(4, age: .hours(1))]
            ),
            notes: [waits]
        ),
        Row(
            "the newest",
            wants(recoveryPoint(.newest)),
            group(backups: [old, young, backup(3, age: .hours(2), .createInProgress)]),
            steps: kept(2)
        ),
        Row("no newest yet", wants(recoveryPoint(.newest)), group(), notes: [waits]),
        Row(
            "copies are nobody's newest",
            wants(recoveryPoint(.newest)),
            group(backups: [old, copy(3, of: 8, age: .hours(1), in: home)]),
            steps: kept(1)
        ),
        Row(
            "once recorded, never resolved again",
            wants(recoveryPoint(.takenBefore(now - .days(1)))),
            group(backups: [old.kept(), young])
        ),
        Row(
            "a record that someone took off is put back",
            wants(recoveryPoint(.newest)),
            group(backups: [backup(1, age: .days(9), pinned: true), young]),
            journal: [
                entry(
                    "TagResource",
                    "\(backupID(1))",
                    recoveryPoint: "before-rotation",
                    ago: .days(8)
                )
            ],
            steps: ["1 ~ tag \(backupID(1)) \([name]) (recovery-point:17)"]
        ),
        Row(
            "a record that was given up does not count",
            wants(recoveryPoint(.newest)),
            group(backups: [old, young]),
            journal: [
                entry(
                    "TagResource",
                    "\(backupID(1))",
                    recoveryPoint: "before-rotation",
                    ago: .days(8)
                ),
                entry(
                    "UntagResource",
                    "\(backupID(1))",
                    recoveryPoint: "before-rotation",
                    ago: .days(7)
                ),
            ],
            steps: kept(2)
        ),
        Row(
            "a refused record does not count",
            wants(recoveryPoint(.newest)),
            group(backups: [old, young]),
            journal: [
                entry(
                    "TagResource",
                    "\(backupID(1))",
                    recoveryPoint: "before-rotation",
                    ago: .days(8),
                    outcome: .refused
                )
            ],
            steps: kept(2)
        ),
        Row(
            "what was recorded is gone",
            wants(recoveryPoint(.newest)),
            group(backups: [young]),
            journal: [
                entry(
                    "TagResource",
                    "\(backupID(1))",
                    recoveryPoint: "before-rotation",
                    ago: .days(8)
                )
            ],
            notes: [holds]
        ),
        Row(
            "the record and the journal differ",
            wants(recoveryPoint(.newest)),
            group(backups: [old.kept(), young]),
            journal: [
                entry(
                    "TagResource",
                    "\(backupID(2))",
                    recoveryPoint: "before-rotation",
                    ago: .days(8)
                )
            ],
            notes: [holds]
        ),
        Row(
            "two backups are recorded",
            wants(recoveryPoint(.newest)),
            group(backups: [old.kept(), young.kept()]),
            notes: [holds]
        ),
        Row(
            "a copy has the record of its source, and is not meant",
            wants(recoveryPoint(.newest)),
            group(backups: [old.kept(), young, copy(5, of: 1, age: .days(9)).kept()]),
            notes: ["noticed copies in eu-west-1 (copy:1)"]
        ),
        Row(
            "an id goes before a record, which is given up later",
            wants(recoveryPoint(.backup(backupID(2)))),
            group(backups: [old.kept(), young]),
            steps: kept(2),
            notes: ["waiting recovery point before-rotation (recovery-point:1)"]
        ),
        Row("an id that is none of the cluster's", named, group(), notes: [holds]),
        Row(
            "an id that is gone",
            named,
            group(backups: [backup(1, age: .days(9), .deleted)]),
            notes: [holds]
        ),
        Row(
            "an id that is being made",
            named,
            group(backups: [backup(1, age: .minutes(3), .createInProgress)]),
            notes: [waits]
        ),
    ]

    static let keeping = [
        Row("recorded and pinned", named, group(backups: [old.kept()])),
        Row("not pinned", named, group(backups: [old]), steps: kept(1)),
        Row(
            "pinned by a person: only the name is recorded",
            named,
            group(backups: [backup(1, age: .days(9), pinned: true)]),
            steps: ["1 ~ tag \(backupID(1)) \([name]) (recovery-point:17)"]
        ),
        Row(
            "someone took our pin off",
            named,
            group(
                backups: [
                    old.recorded().tagged([OwnershipTag.pin: OwnershipTag.pinForRecoveryPoint])
                ]
            ),
            steps: ["1 ~ pin \(backupID(1)) (recovery-point:17)"]
        ),
        Row(
            "two names of one backup",
            wants(
                recoveryPoint(.backup(backupID(1))),
                recoveryPoint(.backup(backupID(1)), name: "again")
            ),
            group(backups: [old]),
            steps: [
                "1 ~ tag \(backupID(1)) \(["strongroom:pin", name]) (recovery-point:17)",
                "2 ~ tag \(backupID(1)) \(["strongroom:recovery-point:again"]) (recovery-point:17)",
                "3 ~ pin \(backupID(1)) after 1 (recovery-point:17)",
            ]
        ),
        Row(
            "restored, recorded and pinned",
            named,
            group(backups: [old.gone(in: .hours(5)), young]),
            steps: [
                "1 ~ restore \(backupID(1)) in us-east-1 (recovery-point:17)",
                "2 ~ tag \(backupID(1)) \(["strongroom:pin", name]) after 1 (recovery-point:17)",
                "3 ~ pin \(backupID(1)) after 2 (recovery-point:17)",
            ]
        ),
        Row(
            "too late to be restored",
            named,
            group(backups: [old.gone(in: .hours(-1)), young]),
            notes: [holds]
        ),
        Row(
            "restored in the shelter of a longer retention, where the sweep would take it again",
            named,
            group(backups: [backup(1, age: .days(95)).gone(in: .hours(5)), young]),
            steps: [
                "1 ~ retention 90 days to 97, losing 0 (recovery-point:10)",
                "2 ~ restore \(backupID(1)) in us-east-1 after 1 (recovery-point:17)",
                "3 ~ tag \(backupID(1)) \(["strongroom:pin", name]) after 2 (recovery-point:17)",
                "4 ~ pin \(backupID(1)) after 3 (recovery-point:17)",
                "5 ~ retention 97 days to 90, losing 0 after 1,4 (retention:10)",
            ]
        ),
        Row(
            "the longer retention that is asked for is shelter enough",
            desired {
                $0.recoveryPoints = [recoveryPoint(.backup(backupID(1)))]
                $0.backups.retention = at(Line.retention, days(120))
            },
            group(backups: [backup(1, age: .days(95)).gone(in: .hours(5)), young]),
            steps: [
                "1 ~ retention 90 days to 120, losing 0 (retention:10)",
                "2 ~ restore \(backupID(1)) in us-east-1 after 1 (recovery-point:17)",
                "3 ~ tag \(backupID(1)) \(["strongroom:pin", name]) after 2 (recovery-point:17)",
                "4 ~ pin \(backupID(1)) after 3 (recovery-point:17)",
            ]
        ),
        Row(
            "retention that is not managed is left alone",
            desired {
                $0.recoveryPoints = [recoveryPoint(.backup(backupID(1)))]
                $0.backups.retention = nil
            },
            group(backups: [backup(1, age: .days(95)).gone(in: .hours(5)), young]),
            steps: [
                "1 ~ restore \(backupID(1)) in us-east-1 (recovery-point:17)",
                "2 ~ tag \(backupID(1)) \(["strongroom:pin", name]) after 1 (recovery-point:17)",
                "3 ~ pin \(backupID(1)) after 2 (recovery-point:17)",
            ]
        ),
        Row(
            "what retention takes again at once is not restored all day long",
            desired {
                $0.recoveryPoints = [recoveryPoint(.backup(backupID(1)))]
                $0.backups.retention = nil
            },
            group(backups: [backup(1, age: .days(95)).gone(in: .hours(5)), young]),
            journal: [entry("RestoreBackup", "\(backupID(1))", ago: .hours(22))],
            notes: [holds]
        ),
        Row(
            "what a purge removes is not restored",
            desired {
                $0.recoveryPoints = [recoveryPoint(.backup(backupID(1)))]
                $0.purge = at(
                    Line.purge,
                    DesiredPurge(materialRemovedAt: now - .days(4), reason: "expired keys")
                )
            },
            group(backups: [old.gone(in: .hours(5)), young]),
            notes: [holds, "held purge (purge:13)"]
        ),
        Row(
            "a nominated copy is only restored",
            wants(recoveryPoint(.backup(backupID(5)))),
            group(backups: [young, copy(5, of: 1, age: .days(9)).gone(in: .days(1))]),
            steps: ["1 ~ restore \(backupID(5)) in eu-west-1 (recovery-point:17)"]
        ),
        Row(
            "a nominated copy needs no pin",
            wants(recoveryPoint(.backup(backupID(5)))),
            group(backups: [young, copy(5, of: 1, age: .days(9))]),
            notes: ["noticed copies in eu-west-1 (copy:1)"]
        ),
    ]

    @Test func theMostUrgentDeadlineIsRestoredFirst() {
        let plan = plan(
            Self.wants(
                recoveryPoint(.backup(backupID(1)), name: "calm"),
                recoveryPoint(.backup(backupID(2)), name: "urgent"),
                recoveryPoint(.backup(backupID(3)), name: "ready")
            ),
            group(
                backups: [
                    Self.old.gone(in: .days(3)), Self.young.gone(in: .hours(2)),
                    backup(3, age: .hours(3)),
                ]
            )
        )
        let restored = plan.steps.compactMap { step -> BackupID? in
            if case .restoreBackup(let id, _, _) = step.action { return id }
            return nil
        }
        #expect(restored == [backupID(2), backupID(1)])
    }

    @Test func everyStepSaysWhatItReliesOn() {
        let group = group(backups: [backup(1, age: .days(95)).gone(in: .hours(5)), Self.young])
        let steps = plan(Self.named, group).steps
        let id = backupID(1)
        let mark = [OwnershipTag.pin: OwnershipTag.pinForRecoveryPoint]
        #expect(
            steps.map(\.preconditions) == [
                [.clusterState(.active), .retention(.days(90))],
                [.backupPendingDeletion(id), .retention(.days(97))],
                [.backupReady(.known(id))],
                [.backupReady(.known(id)), .backupTags(.known(id), mark)],
                [.clusterState(.active), .retention(.days(97)), .backupPinned(.known(id))],
            ]
        )
    }
}
