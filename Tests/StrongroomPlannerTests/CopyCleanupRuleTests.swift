import CloudHSM
import StrongroomModel
import Testing

@Suite struct CopyCleanupRuleTests {
    @Test(arguments: rows) func deletesCopiesOlderThanAsked(_ row: Row) { row.check() }

    private static func wants(
        floor: Int? = nil,
        maxAge: Duration? = nil,
        points: [DesiredRecoveryPoint] = []
    ) -> DesiredCluster {
        desired {
            $0.copies = [copies(maxAge: maxAge, retentionDays: 30, floor: floor)]
            $0.recoveryPoints = points
        }
    }

    private static let own = [backup(1, age: .days(1))]
    private static let old = [copy(11, of: 8, age: .days(60)), copy(12, of: 9, age: .days(31))]
    private static let young = [copy(13, of: 1, age: .days(1))]
    private static let first = "delete \(backupID(11)) in eu-west-1"
    private static let second = "delete \(backupID(12)) in eu-west-1"

    static let rows = [
        Row(
            "oldest first",
            wants(),
            group(backups: own + young + old),
            steps: ["1 - \(first) (copy-cleanup:22)", "2 - \(second) (copy-cleanup:22)"]
        ),
        Row(
            "not before the copy that an earlier run began is READY",
            wants(maxAge: .days(2)),
            group(
                backups: own + old + [copy(14, of: 7, age: .days(5))]
                    + [copy(13, of: 1, age: .days(1), .createInProgress, copied: .minutes(1))]
            ),
            notes: [
                "waiting copy in eu-west-1 (copy:21)",
                "waiting \(first) (order:22)", "waiting \(second) (order:22)",
            ]
        ),
        Row(
            "not before the HSM that an earlier run began is there",
            wants(),
            group(
                hsms: [hsm(1, zoneA), hsm(2, zoneB, .createInProgress)],
                backups: own + young + old
            ),
            notes: [
                "waiting HSMs (hsm-count:9)",
                "waiting \(first) (order:22)", "waiting \(second) (order:22)",
            ]
        ),
        Row(
            "exactly as old as asked stays",
            wants(),
            group(backups: own + young + [copy(11, of: 8, age: .days(30))])
        ),
        Row(
            "the age is that of the content, not of the copying",
            wants(),
            group(backups: own + young + [copy(11, of: 8, age: .days(60), copied: .minutes(1))]),
            steps: ["1 - \(first) (copy-cleanup:22)"]
        ),
        Row(
            "no age asked for, none deleted",
            desired { $0.copies = [copies()] },
            group(backups: own + young + old)
        ),
        Row("the newest is never deleted", wants(), group(backups: [old[1]])),
        Row(
            "never below the floor",
            wants(floor: 2),
            group(backups: own + young + old),
            steps: ["1 - \(first) (copy-cleanup:22)"]
        ),
        Row(
            "never below a high floor",
            wants(floor: 9),
            group(backups: own + young + old),
            notes: ["waiting copies in eu-west-1 (copy:23)"]
        ),
        Row(
            "only READY copies count for the floor",
            wants(floor: 2),
            group(
                backups: own + young + [
                    old[1], copy(14, of: 1, age: .days(1), .createInProgress),
                    copy(15, of: 1, age: .days(1), .deleted),
                ]
            )
        ),
        Row(
            "what goes on its way already is left alone",
            wants(),
            group(
                backups: own + young + [
                    copy(11, of: 8, age: .days(60), .pendingDeletion),
                    copy(12, of: 9, age: .days(60), .deleted),
                ]
            )
        ),
        Row(
            "backups of the home Region are left to retention",
            wants(),
            group(backups: own + young + [backup(5, age: .days(80))])
        ),
        Row(
            "what replaces them is there first",
            wants(maxAge: .hours(48)),
            group(backups: own + old),
            steps: [
                "1 > copy \(backupID(1)) to eu-west-1 (copy:21)",
                "2 - \(first) after 1 (copy-cleanup:22)",
            ],
            notes: ["waiting old copies in eu-west-1 (copy-cleanup:22)"]
        ),
        Row(
            "the only one goes in a later plan, once what replaces it is there",
            wants(maxAge: .hours(48)),
            group(backups: own + [old[1]]),
            steps: ["1 > copy \(backupID(1)) to eu-west-1 (copy:21)"],
            notes: ["waiting old copies in eu-west-1 (copy-cleanup:22)"]
        ),
        Row(
            "a nominated copy stays",
            wants(points: [recoveryPoint(.backup(backupID(11)))]),
            group(backups: own + young + old),
            steps: ["1 - \(second) (copy-cleanup:22)"]
        ),
        Row(
            "a copy of a nominated backup stays",
            wants(points: [recoveryPoint(.backup(backupID(8)))]),
            group(backups: own + young + old + [backup(8, age: .days(60)).kept()]),
            steps: ["1 - \(second) (copy-cleanup:22)"]
        ),
        Row(
            "what a nomination may turn out to mean stays",
            wants(points: [recoveryPoint(.takenBefore(now - .days(50)))]),
            group(backups: own + young + old),
            steps: ["1 - \(second) (copy-cleanup:22)"],
            notes: ["held recovery point before-rotation (recovery-point:17)"]
        ),
        Row(
            "a copy of what is kept by name no longer stays until its source is released",
            wants(),
            group(backups: own + young + old + [backup(8, age: .days(60)).kept()]),
            steps: ["1 - \(second) (copy-cleanup:22)"],
            notes: ["waiting recovery point before-rotation (recovery-point:1)"]
        ),
        Row(
            "of two copies of one backup the later one goes",
            wants(),
            group(
                backups: [
                    copy(11, of: 8, age: .days(60), copied: .hours(1)),
                    copy(12, of: 8, age: .days(60), copied: .hours(2)),
                ]
            ),
            steps: ["1 - \(first) (copy-cleanup:22)"]
        ),
        Row(
            "second copies go where no age is asked for, too",
            desired { $0.copies = [copies()] },
            group(backups: own + young + [copy(14, of: 1, age: .days(1), copied: .minutes(1))]),
            steps: ["1 - delete \(backupID(14)) in eu-west-1 (copy-cleanup:20)"]
        ),
        Row(
            "a second copy stays where the floor needs it",
            desired { $0.copies = [copies(floor: 2)] },
            group(backups: own + young + [copy(14, of: 1, age: .days(1), copied: .minutes(1))]),
            notes: ["waiting copies in eu-west-1 (copy:23)"]
        ),
        Row(
            "a second copy that is nominated stays, and the first goes",
            desired {
                $0.copies = [copies()]
                $0.recoveryPoints = [recoveryPoint(.backup(backupID(14)))]
            },
            group(backups: own + young + [copy(14, of: 1, age: .days(1), copied: .minutes(1))]),
            steps: ["1 - delete \(backupID(13)) in eu-west-1 (copy-cleanup:20)"]
        ),
        Row(
            "a Region that was not read whole",
            wants(),
            group(backups: own + young + old),
            unreadPlaces: [Place(account: .simulated, region: ireland): "throttled"],
            notes: [
                "unread copy in eu-west-1 (copy:20)",
                "unread old copies in eu-west-1 (copy-cleanup:22)",
            ]
        ),
    ]

    @Test func theFloorIsLookedUpAgainBeforeEveryCall() {
        let plan = plan(Self.wants(floor: 2), group(backups: Self.own + Self.young + Self.old))
        #expect(
            plan.steps.first?.preconditions == [
                .backupReady(.known(backupID(11))),
                .readyBackupsApart(from: backupID(11), in: ireland, atLeast: 2),
                .readyContent(in: ireland, since: now - .days(60), atLeast: 2),
            ]
        )
        #expect(plan.steps.first?.postcondition == .backupGone(backupID(11)))
    }

    @Test func everyDeletionCanBeginWhereItsPlanWasMade() {
        for row in Self.rows {
            for step in plan(row.desired, row.group).steps where step.after.isEmpty {
                for fact in step.preconditions where step.action.kind == .delete {
                    #expect(fact.holds(in: row.group, bindings: Bindings()), "\(row): \(fact)")
                }
            }
        }
    }
}
