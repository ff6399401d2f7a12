import CloudHSM
import StrongroomModel
import Testing

@Suite struct RetentionRuleTests {
    @Test(arguments: rows) func bringsTheRetentionToThePeriodAskedFor(_ row: Row) { row.check() }

    private static func wants(
        _ period: Int?,
        floor: Int? = nil,
        points: [DesiredRecoveryPoint] = []
    ) -> DesiredCluster {
        desired {
            $0.backups.retention = period.map { at(Line.retention, days($0)) }
            $0.backups.keepAtLeast = floor.map { at(Line.floor, $0) }
            $0.recoveryPoints = points
        }
    }

    private static let old = [backup(1, age: .days(60)), backup(2, age: .days(40))]
    private static let young = [backup(3, age: .days(3)), backup(4, age: .days(1))]
    private static let held = "held retention (retention:10)"
    private static let nominated = "held recovery point before-rotation (recovery-point:17)"

    static let rows = [
        Row("as asked", wants(90), group(backups: old)),
        Row("not managed", wants(nil), group { $0.retention = .days(7) }),
        Row(
            "longer",
            wants(120),
            group(backups: old),
            steps: ["1 ~ retention 90 days to 120, losing 0 (retention:10)"]
        ),
        Row(
            "longer takes nothing that the shorter period did not take already",
            wants(30),
            group(backups: old + [backup(5, age: .days(35))]) { $0.retention = .days(20) },
            steps: ["1 ~ retention 20 days to 30, losing 0 (retention:10)"]
        ),
        Row(
            "shorter, nothing is older",
            wants(30),
            group(backups: young),
            steps: ["1 ~ retention 90 days to 30, losing 0 (retention:10)"]
        ),
        Row(
            "shorter counts as the deletion of what is older",
            wants(30),
            group(backups: old + young),
            steps: ["1 ~ retention 90 days to 30, losing 2 (retention:10)"]
        ),
        Row(
            "copies and pinned backups do not expire",
            wants(30),
            group(
                backups: young + [
                    backup(5, age: .days(60), pinned: true), copy(6, of: 1, age: .days(60)),
                ]
            ),
            steps: ["1 ~ retention 90 days to 30, losing 0 (retention:10)"]
        ),
        Row(
            "the service keeps the last one",
            wants(30),
            group(backups: old),
            steps: ["1 ~ retention 90 days to 30, losing 1 (retention:10)"]
        ),
        Row("never below the floor", wants(30, floor: 2), group(backups: old), notes: [held]),
        Row(
            "only READY backups count for the floor",
            wants(30, floor: 3),
            group(backups: old + young + [backup(5, age: .days(2), .pendingDeletion)]),
            notes: [held]
        ),
        Row(
            "copies elsewhere do not count for the floor",
            wants(30, floor: 3),
            group(backups: old + young + [copy(5, of: 4, age: .days(1))]),
            notes: [held]
        ),
        Row(
            "pinned ones count for the floor",
            wants(30, floor: 3),
            group(backups: old + young + [backup(5, age: .days(90), pinned: true)]),
            steps: ["1 ~ retention 90 days to 30, losing 2 (retention:10)"]
        ),
        Row(
            "not before a nominated backup is pinned",
            wants(30, points: [recoveryPoint(.backup(backupID(1)))]),
            group(backups: old + young),
            notes: [held, nominated]
        ),
        Row(
            "not while a nomination may turn out to mean one",
            wants(30, points: [recoveryPoint(.takenBefore(now - .days(50)))]),
            group(backups: old + young),
            notes: [held, nominated]
        ),
        Row(
            "a nominated backup that is pinned stays",
            wants(30, points: [recoveryPoint(.backup(backupID(5)))]),
            group(backups: old + young + [backup(5, age: .days(80), pinned: true)]),
            steps: ["1 ~ retention 90 days to 30, losing 2 (retention:10)"]
        ),
        Row(
            "a policy that support switched off",
            wants(30),
            group(backups: old + young) { $0.retention = .unmanaged },
            steps: ["1 ~ retention unmanaged to 30, losing 2 (retention:10)"]
        ),
        Row(
            "a policy that can only be read",
            wants(379),
            group(backups: young) { $0.retention = .days(455) },
            steps: ["1 ~ retention 455 days to 379, losing 0 (retention:10)"]
        ),
        Row(
            "before activation it cannot be changed",
            wants(30),
            group(hsms: [hsm(1, zoneA)]) { $0.state = .initialized },
            notes: [
                "waiting HSMs (hsm-count:9)", "waiting activation (initialization:1)",
                "waiting retention (retention:10)",
            ]
        ),
    ]

    @Test func whatKeepsTheFloorIsLookedUpAgainBeforeTheCall() {
        let pinned = backup(5, age: .days(80), pinned: true)
        let plan = plan(Self.wants(30, floor: 3), group(backups: Self.old + Self.young + [pinned]))
        let horizon = Timestamp(milliseconds: (now - .days(30)).milliseconds + 1)
        #expect(
            plan.steps.first?.preconditions == [
                .clusterState(.active), .retention(.days(90)),
                .readyContent(in: home, since: horizon, atLeast: 2),
                .backupReady(.known(pinned.id)),
            ]
        )
        #expect(plan.steps.first?.postcondition == .retention(.days(30)))
    }

    @Test func theLastBackupIsLookedUpAgainBeforeTheCall() {
        let plan = plan(Self.wants(30), group(backups: Self.old))
        #expect(
            plan.steps.first?.preconditions == [
                .clusterState(.active), .retention(.days(90)), .backupReady(.known(backupID(2))),
            ]
        )
    }

    @Test func everyStepsPreconditionsHoldWhereItsPlanWasMade() throws {
        for row in Self.rows {
            for step in plan(row.desired, row.group).steps where step.action.kind == .change {
                for fact in step.preconditions {
                    #expect(fact.holds(in: row.group, bindings: Bindings()), "\(row): \(fact)")
                }
            }
        }
    }

    @Test func lengtheningComesBeforeHSMsAndShorteningAfterCopies() {
        let change = { (cluster: inout DesiredCluster) in
            cluster.hsms = at(Line.hsms, .total(3))
            cluster.copies = [copies()]
        }
        let longer = desired {
            change(&$0); $0.backups.retention = at(Line.retention, days(120))
        }
        let shorter = desired {
            change(&$0); $0.backups.retention = at(Line.retention, days(30))
        }
        let group = group(backups: Self.old + Self.young)
        #expect(plan(longer, group).steps.map(\.reason.rule) == ["retention", "hsm-count", "copy"])
        #expect(
            plan(shorter, group).steps.map(\.reason.rule) == ["hsm-count", "copy", "retention"]
        )
    }
}
