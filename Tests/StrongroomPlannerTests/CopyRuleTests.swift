import CloudHSM
import StrongroomModel
import Testing

@Suite struct CopyRuleTests {
    @Test(arguments: rows) func keepsAFreshCopyInEveryRegionAskedFor(_ row: Row) { row.check() }

    private static func wants(
        _ maxAge: Duration? = .hours(48),
        in region: Region = ireland,
        _ change: (inout DesiredCluster) -> Void = { _ in }
    ) -> DesiredCluster {
        desired {
            $0.copies = [copies(in: region, maxAge: maxAge)]
            change(&$0)
        }
    }

    private static let own = [backup(1, age: .days(3)), backup(2, age: .hours(20))]
    private static let copied = "1 > copy \(backupID(2)) to eu-west-1 (copy:21)"
    private static let waits = "waiting copy in eu-west-1 (copy:21)"
    private static let holds = "held copy in eu-west-1 (copy:21)"

    static let rows = [
        Row("none yet", wants(), group(backups: own), steps: [copied]),
        Row(
            "not made again while it is fresh",
            wants(),
            group(backups: own + [copy(5, of: 2, age: .hours(20))])
        ),
        Row(
            "the age is that of the content, not of the copying",
            wants(),
            group(backups: own + [copy(5, of: 1, age: .days(3), copied: .minutes(1))]),
            steps: [copied]
        ),
        Row(
            "a failed copy is none",
            wants(),
            group(backups: own + [copy(5, of: 2, age: .hours(20), .deleted)]),
            steps: [copied]
        ),
        Row(
            "a copy that is being deleted is none",
            wants(),
            group(backups: own + [copy(5, of: 2, age: .hours(20), .pendingDeletion)]),
            steps: [copied]
        ),
        Row(
            "one that keeps failing is not tried for ever",
            wants(),
            group(
                backups: own + (5...7).map { copy($0, of: 2, age: .hours(20), .deleted) }
            ),
            notes: [holds]
        ),
        Row(
            "failures of another backup do not count",
            wants(),
            group(
                backups: own + (5...7).map { copy($0, of: 1, age: .days(3), .deleted) }
            ),
            steps: [copied]
        ),
        Row(
            "failures of yesterday do not count",
            wants(),
            group(
                backups: own
                    + (5...7).map {
                        copy($0, of: 2, age: .hours(40), .deleted, copied: .hours(25))
                    }
            ),
            steps: [copied]
        ),
        Row(
            "one is being made",
            wants(),
            group(backups: own + [copy(5, of: 2, age: .hours(20), .createInProgress)]),
            notes: [waits]
        ),
        Row(
            "one has been made for longer than any takes",
            wants(),
            group(
                backups: own + [
                    copy(5, of: 2, age: .hours(20), .createInProgress, copied: .hours(25))
                ]
            ),
            notes: [holds]
        ),
        Row(
            "a stuck copy does not keep younger content from being copied",
            wants(),
            group(
                backups: own + [
                    copy(5, of: 1, age: .days(3), .createInProgress, copied: .hours(25))
                ]
            ),
            steps: [copied],
            notes: [holds]
        ),
        Row(
            "a copy being made of what is there already does not count",
            wants(),
            group(
                backups: own + [
                    copy(5, of: 1, age: .days(3)), copy(6, of: 1, age: .days(3), .createInProgress),
                ]
            ),
            steps: [copied]
        ),
        Row(
            "any age will do",
            wants(nil),
            group(backups: own + [copy(5, of: 1, age: .days(300))])
        ),
        Row(
            "any age will do, but there is none",
            wants(nil),
            group(backups: own),
            steps: ["1 > copy \(backupID(2)) to eu-west-1 (copy:20)"]
        ),
        Row(
            "a stale source is still better than what is there",
            wants(.hours(12)),
            group(backups: own),
            steps: [copied]
        ),
        Row(
            "no younger backup to copy",
            wants(.hours(12)),
            group(backups: own + [copy(5, of: 2, age: .hours(20))]),
            notes: [waits]
        ),
        Row("no backup to copy", wants(), group(), notes: [waits]),
        Row(
            "copies are made of the cluster's own backups only",
            wants(),
            group(backups: [backup(1, age: .days(3)), copy(6, of: 9, age: .hours(1), in: home)]),
            steps: ["1 > copy \(backupID(1)) to eu-west-1 (copy:21)"]
        ),
        Row(
            "not of what is not READY",
            wants(),
            group(backups: own + [backup(3, age: .hours(1), .createInProgress)]),
            steps: [copied]
        ),
        Row(
            "the backup that this plan makes, where no other is fresh",
            wants(.hours(12)) {
                $0.backups.maxAge = at(Line.maxAge, .hours(12))
                $0.backups.whenStale = .force
            },
            group(backups: own),
            steps: [
                "1 + add us-east-1a, backed up (freshness:11)",
                "2 - remove that of 1 after 1 (freshness:11)",
                "3 > copy that of 1 to eu-west-1 after 1 (copy:21)",
            ]
        ),
        Row(
            "another partition",
            wants(in: region("us-gov-west-1")),
            group(backups: own),
            notes: ["held copy in us-gov-west-1 (copy:21)"]
        ),
        Row(
            "a Region that was not read whole",
            wants(),
            group(backups: own),
            unreadPlaces: [Place(account: .simulated, region: ireland): "throttled"],
            notes: ["unread copy in eu-west-1 (copy:21)"]
        ),
        Row(
            "before activation there is nothing to copy",
            wants { $0.hsms = at(Line.hsms, .total(1)) },
            group(hsms: [hsm(1, zoneA)]) { $0.state = .initialized },
            notes: ["waiting activation (initialization:1)"]
        ),
    ]

    @Test func aSecondCopyIsNeverAskedFor() {
        let step = plan(Self.wants(), group(backups: Self.own)).steps.first
        let source = BackupReference.known(backupID(2))
        #expect(step?.preconditions == [.backupReady(source), .notCopied(source, to: ireland)])
        #expect(step?.postcondition == .copyReady(of: source, in: ireland))
    }

    @Test(arguments: counts) func keepsAsManyCopiesAsAskedFor(_ row: Row) { row.check() }

    private static func counts(_ floor: Int, retentionDays: Int? = nil) -> DesiredCluster {
        desired { $0.copies = [copies(retentionDays: retentionDays, floor: floor)] }
    }

    private static let three = own + [backup(3, age: .hours(2))]
    private static let few = "waiting copies in eu-west-1 (copy:23)"

    static let counts = [
        Row(
            "newest first, one after the other",
            counts(3),
            group(backups: three),
            steps: [
                "1 > copy \(backupID(3)) to eu-west-1 (copy:20)",
                "2 > copy \(backupID(2)) to eu-west-1 after 1 (copy:23)",
                "3 > copy \(backupID(1)) to eu-west-1 after 2 (copy:23)",
            ]
        ),
        Row(
            "as many as there are backups",
            counts(3),
            group(backups: own),
            steps: [
                "1 > copy \(backupID(2)) to eu-west-1 (copy:20)",
                "2 > copy \(backupID(1)) to eu-west-1 after 1 (copy:23)",
            ],
            notes: [few]
        ),
        Row(
            "none that has a copy already",
            counts(2),
            group(backups: three + [copy(5, of: 2, age: .hours(20))]),
            steps: ["1 > copy \(backupID(3)) to eu-west-1 (copy:23)"]
        ),
        Row(
            "one under way at a time",
            counts(2),
            group(
                backups: three + [
                    copy(5, of: 3, age: .hours(2)),
                    copy(6, of: 2, age: .hours(20), .createInProgress),
                ]
            ),
            notes: [few]
        ),
        Row(
            "enough",
            counts(2),
            group(
                backups: three + [copy(5, of: 3, age: .hours(2)), copy(6, of: 9, age: .days(40))]
            )
        ),
        Row(
            "none that would be too old at once",
            counts(2, retentionDays: 2),
            group(backups: own + [copy(5, of: 2, age: .hours(20))]),
            notes: [few]
        ),
    ]

    @Test func copiesInARegionThatIsNotListedAreShown() {
        let backups =
            Self.own + [
                copy(5, of: 8, age: .days(40)), copy(6, of: 9, age: .days(12)),
                copy(7, of: 9, age: .days(12), .deleted),
            ]
        let plan = plan(desired { $0.copies = [] }, group(backups: backups))
        #expect(plan.stepLines == [])
        #expect(plan.noteLines == ["noticed copies in eu-west-1 (copy:1)"])
        #expect(
            plan.texts == [
                "2, the newest 12 days old; not listed, so they are kept and never cleaned"
            ]
        )
    }

    @Test func everyRegionGetsItsOwn() {
        let seoul = region("ap-northeast-2")
        let wanted = desired { $0.copies = [copies(), copies(in: seoul)] }
        #expect(
            plan(wanted, group(backups: Self.own)).stepLines == [
                "1 > copy \(backupID(2)) to eu-west-1 (copy:20)",
                "2 > copy \(backupID(2)) to ap-northeast-2 (copy:20)",
            ]
        )
    }
}
