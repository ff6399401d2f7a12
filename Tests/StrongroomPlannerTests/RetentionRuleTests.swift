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
    private static let noticed = "noticed copies in eu-west-1 (copy:1)"
    private static let kept = [
        "1 ~ tag \(backupID(1)) \(marks) (recovery-point:17)",
        "2 ~ pin \(backupID(1)) after 1 (recovery-point:17)",
    ]
    private static let marks = ["strongroom:pin", "strongroom:recovery-point:before-rotation"]

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
            steps: ["1 ~ retention 90 days to 30, losing 0 (retention:10)"],
            notes: [noticed]
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
            notes: [held, noticed]
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
            steps: kept + ["3 ~ retention 90 days to 30, losing 1 after 2 (retention:10)"]
        ),
        Row(
            "not before what a nomination turns out to mean is pinned",
            wants(30, points: [recoveryPoint(.takenBefore(now - .days(50)))]),
            group(backups: old + young),
            steps: kept + ["3 ~ retention 90 days to 30, losing 1 after 2 (retention:10)"]
        ),
        Row(
            "not while a nomination may turn out to mean one",
            wants(30, points: [recoveryPoint(.takenBefore(now + .days(1)))]),
            group(backups: old + young),
            notes: ["waiting recovery point before-rotation (recovery-point:17)", held]
        ),
        Row(
            "not while nobody knows which of two a nomination means",
            wants(30, points: [recoveryPoint(.takenAfter(now - .days(70)))]),
            group(backups: old.map { $0.recorded() } + young),
            notes: ["held recovery point before-rotation (recovery-point:17)", held]
        ),
        Row(
            "a nominated backup that is pinned stays",
            wants(30, points: [recoveryPoint(.backup(backupID(5)))]),
            group(backups: old + young + [backup(5, age: .days(80)).kept()]),
            steps: ["1 ~ retention 90 days to 30, losing 2 (retention:10)"]
        ),
        Row(
            "a nominated backup is restored, pinned, and only then out of reach",
            wants(30, points: [recoveryPoint(.backup(backupID(5)))]),
            group(backups: old + young + [backup(5, age: .days(80)).gone(in: .days(3))]),
            steps: [
                "1 ~ restore \(backupID(5)) in us-east-1 (recovery-point:17)",
                "2 ~ tag \(backupID(5)) \(marks) after 1 (recovery-point:17)",
                "3 ~ pin \(backupID(5)) after 2 (recovery-point:17)",
                "4 ~ retention 90 days to 30, losing 2 after 3 (retention:10)",
            ]
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

    @Test func whatIsPinnedByThePlanOrBeforeIsLookedUpAgainBeforeTheCall() {
        let wanted = Self.wants(
            30,
            points: [
                recoveryPoint(.backup(backupID(1))),
                recoveryPoint(.backup(backupID(5)), name: "older"),
            ]
        )
        let backups = Self.old + Self.young + [backup(5, age: .days(80)).kept(as: "older")]
        let step = plan(wanted, group(backups: backups)).steps.last
        #expect(
            step?.preconditions.suffix(2) == [
                .backupPinned(.known(backupID(1))), .backupPinned(.known(backupID(5))),
            ]
        )
    }

    @Test(arguments: [
        (RetentionPolicy.days(90), "1 backup is older"),
        (.unmanaged, "the service keeps every backup now; 1 backup is older"),
        (.days(455), "1 backup is older; 455 days can be read but never be set again"),
    ])
    func thePlanSaysWhatFallsOutAndWhy(_ old: RetentionPolicy, _ text: String) {
        let group = group(backups: [Self.old[0]] + Self.young) { $0.retention = old }
        let step = plan(Self.wants(30), group).steps.last
        #expect(step?.reason.text == text)
        #expect(step?.action.lostBackups == [backupID(1)])
    }

    @Test func everyStepsPreconditionsHoldWhereItsPlanWasMade() throws {
        for row in Self.rows {
            for step in plan(row.desired, row.group).steps
            where step.action.kind == .change && step.after.isEmpty {
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
