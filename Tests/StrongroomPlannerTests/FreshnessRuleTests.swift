import CloudHSM
import StrongroomModel
import Testing

@Suite struct FreshnessRuleTests {
    @Test(arguments: rows) func keepsTheNewestBackupYoungEnough(_ row: Row) { row.check() }

    private static func wants(
        _ maxAge: Duration? = .hours(26),
        _ response: StaleBackupResponse = .force,
        hsms: DesiredHSMs? = .total(2)
    ) -> DesiredCluster {
        desired {
            $0.backups.maxAge = maxAge.map { at(Line.maxAge, $0) }
            $0.backups.whenStale = response
            $0.hsms = hsms.map { at(Line.hsms, $0) }
        }
    }

    private static let stale = [backup(1, age: .days(4)), backup(2, age: .hours(27))]
    private static let waits = "waiting backup freshness (freshness:11)"
    private static let holds = "held backup freshness (freshness:11)"
    private static let cycle = [
        "1 + add us-east-1a, backed up (freshness:11)",
        "2 - remove that of 1 after 1 (freshness:11)",
    ]

    /// What the journal keeps of a cycle that another run began with HSM 9.
    private static func begun(_ ago: Duration) -> [JournalEntry] {
        [
            entry(
                "CreateHsm",
                "us-east-1a",
                rule: "freshness",
                ago: ago,
                made: "\(hsmID(9))"
            )
        ]
    }

    private static let withTemporary = [hsm(1, zoneA), hsm(2, zoneB), hsm(9, zoneA)]

    static let rows = [
        Row("young enough", wants(), group(backups: [backup(1, age: .hours(26))])),
        Row("not managed", wants(nil), group(backups: stale)),
        Row("stale: add first, then remove", wants(), group(backups: stale), steps: cycle),
        Row("no backup at all", wants(), group(), steps: cycle),
        Row("only reported", wants(.hours(26), .report), group(backups: stale), notes: [holds]),
        Row("HSMs not managed", wants(hsms: nil), group(backups: stale), steps: cycle),
        Row(
            "a failed or deleted backup is none",
            wants(),
            group(
                backups: stale + [
                    backup(3, age: .hours(1), .deleted),
                    backup(4, age: .hours(2), .pendingDeletion),
                ]
            ),
            steps: cycle
        ),
        Row(
            "a copy is none, wherever it lies",
            wants(),
            group(
                backups: stale + [
                    copy(3, of: 9, age: .hours(1)), copy(4, of: 9, age: .hours(1), in: home),
                ]
            ),
            steps: cycle,
            notes: ["noticed copies in eu-west-1 (copy:1)"]
        ),
        Row(
            "one is being made",
            wants(),
            group(backups: stale + [backup(3, age: .minutes(4), .createInProgress)]),
            notes: [waits]
        ),
        Row(
            "one has been made for longer than any takes",
            wants(.hours(26)),
            group(backups: stale + [backup(3, age: .hours(25), .createInProgress)]),
            notes: [holds]
        ),
        Row(
            "one being made would be too old",
            wants(.hours(26)),
            group(backups: stale + [backup(3, age: .hours(30), .createInProgress)]),
            steps: cycle
        ),
        Row(
            "the change of HSMs makes one",
            wants(hsms: .total(3)),
            group(backups: stale),
            steps: ["1 + add us-east-1a, backed up (hsm-count:9)"],
            notes: [waits]
        ),
        Row(
            "an HSM is being made",
            wants(),
            group(hsms: [hsm(1, zoneA), hsm(2, zoneB, .createInProgress)], backups: stale),
            notes: ["waiting HSMs (hsm-count:9)", waits]
        ),
        Row(
            "an HSM is DEGRADED",
            wants(),
            group(hsms: [hsm(1, zoneA), hsm(2, zoneB, .degraded)], backups: stale),
            notes: ["waiting HSMs (degraded:9)", holds]
        ),
        Row(
            "parked",
            wants(hsms: .total(0)),
            group(hsms: [], backups: [backup(1, age: .days(4), pinned: true)])
        ),
        Row("parked and HSMs not managed", wants(hsms: nil), group(hsms: [], backups: stale)),
        Row(
            "parked without a backup",
            wants(hsms: .total(0)),
            group(hsms: []),
            notes: ["held HSMs (parking:9)", holds]
        ),
        Row(
            "being taken back into service",
            wants(hsms: .total(1)),
            group(hsms: [], backups: stale),
            steps: ["1 + add us-east-1a (hsm-count:9)"],
            notes: [waits]
        ),
        Row(
            "a cluster without a zone",
            wants(hsms: nil),
            group(backups: stale) { $0.subnets = [:] },
            notes: ["held subnets (immutable:7)", holds]
        ),
        Row(
            "a cycle that was begun is ended, by the HSM that it added",
            wants(),
            group(hsms: withTemporary, backups: [backup(3, age: .minutes(9))]),
            journal: begun(.minutes(12)),
            steps: ["1 - remove \(hsmID(9)) (hsm-count:9)"]
        ),
        Row(
            "also where HSMs are not managed",
            wants(hsms: nil),
            group(hsms: withTemporary, backups: [backup(3, age: .minutes(9))]),
            journal: begun(.minutes(12)),
            steps: ["1 - remove \(hsmID(9)) (hsm-count:11)"]
        ),
        Row(
            "also where freshness is not asked for any more",
            desired { $0.hsms = nil },
            group(hsms: withTemporary, backups: [backup(3, age: .minutes(9))]),
            journal: begun(.minutes(12)),
            steps: ["1 - remove \(hsmID(9)) (hsm-count:1)"]
        ),
        Row(
            "one HSM: the added one goes, not the one in service",
            wants(hsms: .total(1)),
            group(hsms: [hsm(1, zoneA), hsm(9, zoneB)], backups: [backup(3, age: .minutes(9))]),
            journal: begun(.minutes(12)),
            steps: ["1 - remove \(hsmID(9)) (hsm-count:9)"]
        ),
        Row(
            "not before its backup is READY, and none is forced again",
            wants(),
            group(hsms: withTemporary, backups: stale),
            journal: begun(.minutes(12)),
            notes: ["waiting HSMs (hsm-count:9)", waits]
        ),
        Row(
            "a cycle without a backup for a day",
            wants(),
            group(hsms: withTemporary, backups: stale),
            journal: begun(.hours(25)),
            notes: ["held HSMs (hsm-count:9)", holds]
        ),
        Row(
            "the added HSM is wanted by now",
            wants(hsms: .total(3)),
            group(hsms: withTemporary, backups: [backup(3, age: .minutes(9))]),
            journal: begun(.minutes(12))
        ),
        Row(
            "the added HSM is the only one left",
            wants(hsms: nil),
            group(hsms: [hsm(9, zoneA)], backups: [backup(3, age: .minutes(9))]),
            journal: begun(.minutes(12))
        ),
        Row(
            "an HSM that someone else added is no temporary one",
            wants(hsms: nil),
            group(hsms: withTemporary, backups: [backup(3, age: .minutes(9))]),
            journal: [
                entry(
                    "CreateHsm",
                    "us-east-1a",
                    rule: "hsm-count",
                    ago: .minutes(12),
                    made: "\(hsmID(9))"
                )
            ]
        ),
    ]

    @Test func theDailyBackupIsWaitedForIfItComesWithinAnHour() {
        let maxAge = Duration.hours(23)
        let stale = { (age: Duration) in
            plan(Self.wants(maxAge), group(backups: [backup(1, age: age)]))
        }
        #expect(stale(.hours(23) + .minutes(1)).noteLines == [Self.waits])
        #expect(stale(.hours(24)).noteLines == [Self.waits])
        #expect(stale(.hours(24) + .minutes(1)).stepLines == Self.cycle)
        let text = stale(.minutes(23 * 60 + 30)).texts.first
        #expect(text?.contains("the daily backup comes by \(now + .minutes(30))") == true)
        let early = plan(
            Self.wants(.hours(22)),
            group(backups: [backup(1, age: .minutes(22 * 60 + 59))])
        )
        #expect(early.stepLines == Self.cycle)
    }

    @Test func noDailyBackupComesToAClusterWithoutAnActiveHSM() {
        let plan = plan(
            Self.wants(.hours(23), hsms: .total(1)),
            group(
                hsms: [hsm(1, zoneA, .degraded)],
                backups: [backup(1, age: .minutes(23 * 60 + 30))]
            )
        )
        #expect(plan.noteLines == ["waiting HSMs (degraded:9)", Self.holds])
    }

    @Test func theReasonNamesWhatEachWayCosts() {
        let text = { (hsms: [HSM], age: Duration) in
            plan(
                Self.wants(.hours(13), hsms: .total(hsms.count)),
                group(hsms: hsms, backups: [backup(1, age: age)])
            )
            .steps.first?.reason.text
        }
        let two = [hsm(1, zoneA), hsm(2, zoneB)]
        #expect(
            text(two, .hours(14))
                == "\(backupID(1)) is 14 h old, at most 13 h asked for; one more HSM for about "
                + "15 min makes one and costs 1 HSM-hour; waiting for the daily one costs 0 "
                + "HSM-hours and may last until \(now + .hours(10)); removing one first costs 0 "
                + "HSM-hours and redundancy meanwhile"
        )
        #expect(text([hsm(1, zoneA)], .hours(30))?.hasSuffix("has no end in sight") == true)
    }

    @Test func noneIsForcedWhereCreationsFail() {
        let journal = (3...5).flatMap { number in
            [
                entry(
                    "CreateHsm",
                    "us-east-1a",
                    ago: .hours(number),
                    made: "\(hsmID(number))"
                ),
                entry("DeleteHsm", "\(hsmID(number))", rule: "degraded", ago: .hours(1)),
            ]
        }
        let held = plan(Self.wants(), group(backups: Self.stale), journal: journal)
        #expect(held.noteLines == [Self.holds])
        let elsewhere = plan(
            Self.wants(),
            group(backups: Self.stale),
            journal: Array(journal.prefix(4))
        )
        #expect(elsewhere.stepLines.first == "1 + add us-east-1b, backed up (freshness:11)")
    }

    @Test func aCycleThatAPurgeBeganServesFreshnessToo() {
        let purge = entry(
            "CreateHsm",
            "us-east-1a",
            rule: "purge",
            ago: .minutes(12),
            made: "\(hsmID(9))"
        )
        let plan = plan(
            Self.wants(),
            group(hsms: Self.withTemporary, backups: Self.stale),
            journal: [purge]
        )
        #expect(plan.noteLines == ["waiting HSMs (hsm-count:9)", Self.waits])
    }

    @Test func theAddedHSMGoesOnlyOnceItsBackupIsThere() {
        let steps = plan(Self.wants(), group(backups: Self.stale)).steps
        let added = StepID(1)
        #expect(
            steps.map(\.preconditions) == [
                [.clusterState(.active), .hsmsSettled, .presentHSMs(2)],
                [
                    .clusterState(.active), .hsmsSettled, .freshBackup(causedBy: added),
                    .healthyHSMsApart(from: .added(by: added), atLeast: 2),
                ],
            ]
        )
        #expect(
            steps.map(\.postcondition) == [
                .healthyHSMs(in: zoneA, atLeast: 2), .hsmGone(.added(by: added)),
            ]
        )
    }

    @Test func aCycleThatTheQuotaHasNoRoomForIsHeldWhole() {
        let plan = plan(
            Self.wants(),
            group(backups: Self.stale),
            quotas: Quotas(clusters: 4, hsms: 2)
        )
        #expect(plan.steps.isEmpty)
        #expect(
            plan.noteLines == [
                "held add HSM in us-east-1a (quota:11)", "held remove the HSM of step 1 (quota:11)",
            ]
        )
        #expect(plan.texts.first?.contains("its quota is 2: have it raised") == true)
        #expect(plan.texts.first?.contains("is 27 h old, at most 26 h asked for") == true)
    }
}
