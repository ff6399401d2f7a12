import CloudHSM
import StrongroomModel
import Testing

@Suite struct PurgeRuleTests {
    @Test(arguments: before + deletions + ends) func getsRidOfTheMaterial(_ row: Row) {
        row.check()
    }

    /// The material was removed two days ago.
    private static func wants(
        removed: Duration = .days(2),
        includePinned: Bool = false,
        _ change: (inout DesiredCluster) -> Void = { _ in }
    ) -> DesiredCluster {
        desired {
            $0.purge = at(
                Line.purge,
                DesiredPurge(
                    materialRemovedAt: now - removed,
                    reason: "expired keys",
                    includePinned: includePinned
                )
            )
            change(&$0)
        }
    }

    private static let dirty = [backup(1, age: .days(9)), backup(2, age: .days(3))]
    private static let clean = [backup(3, age: .days(1))]
    private static let waits = "waiting purge (purge:13)"
    private static let holds = "held purge (purge:13)"
    private static let seoul = region("ap-northeast-2")

    private static func gone(
        _ index: Int,
        _ number: Int,
        _ region: Region = home,
        _ after: String = ""
    )
        -> String
    {
        "\(index) - delete \(backupID(number)) in \(region)\(after) (purge:13)"
    }

    private static let cycle = [
        "1 + add us-east-1a, backed up (purge:13)",
        "2 - remove that of 1 after 1 (purge:13)",
    ]

    static let before = [
        Row(
            "not before the margin has passed",
            wants(removed: .minutes(59)),
            group(backups: dirty),
            notes: [waits]
        ),
        Row(
            "no clean backup: one is forced",
            wants(),
            group(backups: dirty),
            steps: cycle
        ),
        Row(
            "a backup within the margin is not clean",
            wants(),
            group(backups: dirty + [backup(3, age: .minutes(47 * 60 + 1))]),
            steps: cycle
        ),
        Row(
            "a clean one is being made",
            wants(),
            group(backups: dirty + [backup(3, age: .minutes(5), .createInProgress)]),
            notes: [waits]
        ),
        Row(
            "one that is made for longer than any backup takes",
            wants(),
            group(backups: dirty + [backup(3, age: .hours(26), .createInProgress)]),
            notes: [holds]
        ),
        Row(
            "a change of HSMs makes one",
            wants { $0.hsms = at(Line.hsms, .total(3)) },
            group(backups: dirty),
            steps: ["1 + add us-east-1a, backed up (hsm-count:9)"],
            notes: [waits]
        ),
        Row(
            "what is parked cannot have been cleaned",
            wants { $0.hsms = at(Line.hsms, .total(0)) },
            group(hsms: [], backups: dirty),
            steps: [
                "1 ~ tag \(backupID(2)) [\"strongroom:pin\"] (parking:9)",
                "2 ~ pin \(backupID(2)) after 1 (parking:9)",
            ],
            notes: [holds]
        ),
        Row(
            "a recovery point is in the way",
            wants { $0.recoveryPoints = [recoveryPoint(.backup(backupID(1)))] },
            group(backups: [dirty[0].kept(), dirty[1]] + clean),
            notes: [holds]
        ),
        Row(
            "a recorded recovery point is in the way",
            wants { $0.recoveryPoints = [recoveryPoint(.newest)] },
            group(backups: [dirty[0].kept(), dirty[1]] + clean),
            notes: [holds]
        ),
        Row(
            "a copy that is a recovery point is in the way",
            wants { $0.recoveryPoints = [recoveryPoint(.backup(backupID(5)))] },
            group(backups: dirty + clean + [copy(5, of: 8, age: .days(5))]),
            notes: [holds]
        ),
        Row(
            "what a recovery point may mean is in the way",
            wants { $0.recoveryPoints = [recoveryPoint(.takenBefore(now + .days(1)))] },
            group(backups: dirty + clean),
            notes: ["waiting recovery point before-rotation (recovery-point:17)", holds]
        ),
        Row(
            "a clean recovery point is not in the way",
            wants { $0.recoveryPoints = [recoveryPoint(.newest)] },
            group(backups: dirty + [clean[0].kept()]),
            steps: [gone(1, 1), gone(2, 2)]
        ),
    ]

    static let deletions = [
        Row(
            "oldest first",
            wants(),
            group(backups: dirty + clean),
            steps: [gone(1, 1), gone(2, 2)]
        ),
        Row(
            "the floor is kept",
            wants { $0.backups.keepAtLeast = at(Line.floor, 2) },
            group(backups: dirty + clean),
            steps: [gone(1, 1)],
            notes: ["waiting purge in us-east-1 (purge:13)"]
        ),
        Row(
            "pinned ones stay without consent",
            wants(),
            group(backups: [dirty[0], backup(2, age: .days(3), pinned: true)] + clean),
            steps: [gone(1, 1)],
            notes: [holds]
        ),
        Row(
            "pinned ones go with consent",
            wants(includePinned: true),
            group(backups: [dirty[0], backup(2, age: .days(3), pinned: true)] + clean),
            steps: [gone(1, 1), gone(2, 2)]
        ),
        Row(
            "our own pin comes off first",
            wants(),
            group(backups: [dirty[0].kept()] + clean),
            steps: [
                "1 ~ unpin \(backupID(1)), losing 0 (recovery-point:1)",
                "2 ~ untag \(backupID(1)) "
                    + "\(["strongroom:recovery-point:before-rotation", "strongroom:pin"]) after 1 "
                    + "(recovery-point:1)",
            ]
        ),
        Row(
            "one that is being made goes later",
            wants(),
            group(backups: dirty + clean + [backup(4, age: .hours(48), .createInProgress)]),
            steps: [gone(1, 1), gone(2, 2)],
            notes: [waits]
        ),
        Row(
            "nothing goes before a copy that is being made, least of all its source",
            wants(),
            group(backups: dirty + clean + [copy(5, of: 1, age: .days(9), .createInProgress)]),
            notes: [waits, waits, "waiting delete \(backupID(2)) in us-east-1 (order:13)"]
        ),
        Row(
            "copies go by the age of their content, also the last where none are asked for",
            wants(),
            group(
                backups: dirty + clean + [
                    copy(5, of: 1, age: .days(9), copied: .minutes(1)),
                    copy(6, of: 8, age: .days(30), in: seoul),
                ]
            ),
            steps: [gone(1, 1), gone(2, 2), gone(3, 6, seoul), gone(4, 5, ireland)]
        ),
        Row(
            "a clean copy comes first where copies are asked for",
            wants { $0.copies = [copies()] },
            group(backups: dirty + clean + [copy(5, of: 1, age: .days(9))]),
            steps: [
                "1 > copy \(backupID(3)) to eu-west-1 (copy:20)", gone(2, 1), gone(3, 2),
                gone(4, 5, ireland, " after 1"),
            ]
        ),
        Row(
            "the floor of copies is kept",
            wants { $0.copies = [copies(floor: 2)] },
            group(
                backups: dirty + clean + [
                    copy(5, of: 1, age: .days(9)), copy(6, of: 3, age: .days(1)),
                ]
            ),
            steps: [gone(1, 1), gone(2, 2)],
            notes: [
                "waiting copies in eu-west-1 (copy:23)", "waiting purge in eu-west-1 (purge:13)",
            ]
        ),
        Row(
            "no copy is made of what holds the material",
            wants { $0.copies = [copies()] },
            group(backups: dirty),
            steps: cycle,
            notes: ["waiting copy in eu-west-1 (copy:20)"]
        ),
        Row(
            "what someone restored is found again",
            wants(),
            group(backups: [dirty[0], dirty[1].gone(in: .days(6))] + clean),
            steps: [gone(1, 1)]
        ),
        Row(
            "Regions that were not read whole are not proven, and nothing goes",
            wants(),
            group(backups: dirty + clean),
            unreadPlaces: [Place(account: .simulated, region: ireland): "throttled"],
            notes: [
                "unread purge (purge:13)",
                "unread delete \(backupID(1)) in us-east-1 (incomplete:13)",
                "unread delete \(backupID(2)) in us-east-1 (incomplete:13)",
            ]
        ),
    ]

    static let ends = [
        Row(
            "pending until the last deadline",
            wants(),
            group(backups: [dirty[0].gone(in: .days(2)), dirty[1].gone(in: .days(6))] + clean),
            notes: [waits]
        ),
        Row("complete", wants(), group(backups: [backup(1, age: .days(9), .deleted)] + clean)),
        Row("nothing ever held it", wants(), group(backups: clean)),
        Row(
            "not complete where a Region was not read",
            wants(),
            group(backups: clean),
            unreadPlaces: [Place(account: .simulated, region: ireland): "throttled"],
            notes: ["unread purge (purge:13)"]
        ),
    ]

    @Test func theLastDeadlineIsTold() {
        let backups = [Self.dirty[0].gone(in: .days(2)), Self.dirty[1].gone(in: .days(6))]
        let texts = plan(Self.wants(), group(backups: backups + Self.clean)).texts
        let text = "pending until \(now + .days(6)); 2 backups can still be restored until then"
        #expect(texts == [text])
    }

    @Test func whatTheDeletionsRelyOnIsLookedUpAgainBeforeEveryCall() {
        let wanted = Self.wants { $0.copies = [copies()] }
        let backups =
            Self.dirty + Self.clean + [
                copy(5, of: 1, age: .days(9)), copy(6, of: 3, age: .days(1)),
            ]
        let steps = plan(wanted, group(backups: backups)).steps
        let cut = now - .days(2) + .hours(1)
        #expect(
            steps.first?.preconditions == [
                .backupReady(.known(backupID(1))), .readyContent(in: home, since: cut, atLeast: 1),
                .readyBackupsApart(from: backupID(1), in: home, atLeast: 1),
            ]
        )
        #expect(
            steps.last?.preconditions == [
                .backupReady(.known(backupID(5))), .readyContent(in: home, since: cut, atLeast: 1),
                .readyBackupsApart(from: backupID(5), in: ireland, atLeast: 1),
                .readyContent(in: ireland, since: cut, atLeast: 1),
            ]
        )
    }

    @Test func theBudgetHoldsForAPurge() {
        let safety = Safety(deletionsPerRun: 1, deletionsPerDay: 1, deletionRatio: 1)
        let plan = plan(Self.wants(), group(backups: Self.dirty + Self.clean), safety: safety)
        #expect(plan.stepLines == [Self.gone(1, 1)])
        #expect(plan.notes.map(\.reason.rule) == ["deletion-budget"])
    }
}
