import CloudHSM
import StrongroomModel
import Testing

@Suite struct DegradedHSMTests {
    @Test(arguments: creations) func aFailedCreationIsRemovedAndTriedAgain(_ row: Row) {
        row.check()
    }

    @Test(arguments: hardware) func brokenHardwareIsReplacedWhenTheServiceDoesNot(_ row: Row) {
        row.check()
    }

    private static func wants(_ hsms: DesiredHSMs?) -> DesiredCluster {
        desired { $0.hsms = hsms.map { at(Line.hsms, $0) } }
    }

    private static let waits = "waiting HSMs (degraded:9)"
    private static let holds = "held HSMs (degraded:9)"
    private static let one = [hsm(1, zoneA)]
    private static let bad = [hsm(9, zoneB, .degraded)]

    /// A call of ours that made an HSM.
    private static func made(
        _ number: Int,
        in zone: AvailabilityZone = zoneB,
        _ ago: Duration = .minutes(20)
    ) -> JournalEntry {
        entry("CreateHsm", "\(zone)", rule: "hsm-count", ago: ago, made: "\(hsmID(number))")
    }

    /// A call of ours that made an HSM, and another that removed it because it had failed.
    private static func failed(_ number: Int, in zone: AvailabilityZone = zoneB) -> [JournalEntry] {
        let ago = Duration.hours(number)
        return [
            made(number, in: zone, ago),
            entry("DeleteHsm", "\(hsmID(number))", rule: "degraded", ago: ago - .minutes(20)),
        ]
    }

    static let creations = [
        Row(
            "it goes, and the next plan adds another",
            wants(.total(2)),
            group(hsms: one + bad),
            journal: [made(9)],
            steps: ["1 - remove \(hsmID(9)) (degraded:9)"],
            notes: [waits]
        ),
        Row(
            "it is not wanted any more",
            wants(.total(1)),
            group(hsms: one + bad),
            journal: [made(9)],
            steps: ["1 - remove \(hsmID(9)) (degraded:9)"]
        ),
        Row(
            "one that only a forced backup needed, where HSMs are not managed",
            wants(nil),
            group(hsms: one + bad),
            journal: [made(9)],
            steps: ["1 - remove \(hsmID(9)) (degraded:1)"]
        ),
        Row(
            "while another is being made",
            wants(.total(3)),
            group(hsms: one + bad + [hsm(8, zoneA, .createInProgress)]),
            journal: [made(9)],
            notes: [waits]
        ),
        Row(
            "two at once go one after another",
            wants(.total(3)),
            group(hsms: one + bad + [hsm(8, zoneA, .degraded)]),
            journal: [made(9), made(8, in: zoneA)],
            steps: [
                "1 - remove \(hsmID(8)) (degraded:9)",
                "2 - remove \(hsmID(9)) after 1 (degraded:9)",
            ],
            notes: [waits]
        ),
        Row(
            "the third of a day stays, for someone to look at",
            wants(.total(2)),
            group(hsms: one + bad),
            journal: failed(7) + failed(8, in: zoneA) + [made(9)],
            notes: [holds]
        ),
        Row(
            "the third of a day goes if none is needed",
            wants(.total(1)),
            group(hsms: one + bad),
            journal: failed(7) + failed(8, in: zoneA) + [made(9)],
            steps: ["1 - remove \(hsmID(9)) (degraded:9)"]
        ),
        Row(
            "after three of a day none is added",
            wants(.total(2)),
            group(hsms: one),
            journal: failed(7) + failed(8, in: zoneA) + failed(6),
            notes: [holds]
        ),
        Row(
            "those of the day before do not count",
            wants(.total(2)),
            group(hsms: one),
            journal: failed(25) + failed(26) + failed(27),
            steps: ["1 + add us-east-1b, backed up (hsm-count:9)"]
        ),
        Row(
            "after one failure the same zone is tried again",
            wants(.total(2)),
            group(hsms: one),
            journal: failed(7),
            steps: ["1 + add us-east-1b, backed up (hsm-count:9)"]
        ),
        Row(
            "after two in one zone another is taken",
            wants(.total(2)),
            group(hsms: one),
            journal: failed(7) + failed(8),
            steps: ["1 + add us-east-1a, backed up (hsm-count:9)"]
        ),
        Row(
            "per zone, no other zone can be taken",
            wants(.perZone([zoneA: 1, zoneB: 1])),
            group(hsms: one),
            journal: failed(7) + failed(8),
            notes: [holds]
        ),
        Row(
            "the first of a resumed cluster failed, and it may have been in service for a moment",
            wants(.total(1)),
            group(hsms: bad, backups: [backup(1, age: .days(3))]),
            journal: [made(9)],
            notes: [holds]
        ),
        Row(
            "the only one may have been in service before it failed",
            wants(.total(1)),
            group(hsms: bad, backups: [backup(1, age: .days(3))]),
            journal: [made(9, .hours(9))],
            notes: [waits]
        ),
        Row(
            "the first of a new cluster",
            wants(.total(1)),
            group(hsms: bad) { $0.state = .uninitialized },
            steps: ["1 - remove \(hsmID(9)) (degraded:9)"],
            notes: ["waiting HSMs (hsm-count:9)"]
        ),
        Row(
            "the first of a new cluster, which was in service",
            wants(.total(1)),
            group(hsms: bad) {
                $0.state = .uninitialized
                $0.certificates["ClusterCsr"] = "request"
            },
            notes: [waits, "waiting initialisation (initialization:1)"]
        ),
        Row(
            "the third first of a new cluster",
            wants(.total(1)),
            group(hsms: bad) { $0.state = .uninitialized },
            journal: failed(7) + failed(8, in: zoneA) + [made(9)],
            notes: [holds, "waiting initialisation (initialization:1)"]
        ),
        Row(
            "INITIALIZED: nothing is known to help",
            wants(.total(1)),
            group(hsms: bad) { $0.state = .initialized },
            notes: [holds, "waiting activation (initialization:1)"]
        ),
    ]

    private static func since(_ ago: Duration) -> [String: Timestamp] {
        Dictionary(uniqueKeysWithValues: bad.map { ($0.place, now - ago) })
    }

    static let hardware = [
        Row(
            "it is not known since when",
            wants(.total(2)),
            group(hsms: one + bad),
            notes: [waits]
        ),
        Row(
            "the service has two hours",
            wants(.total(2)),
            group(hsms: one + bad),
            degradedSince: since(.minutes(119)),
            notes: [waits]
        ),
        Row(
            "another is added before it goes",
            wants(.total(2)),
            group(hsms: one + bad),
            degradedSince: since(.hours(2)),
            steps: [
                "1 + add us-east-1b, backed up (hsm-count:9)",
                "2 - remove \(hsmID(9)) after 1 (degraded:9)",
            ]
        ),
        Row(
            "per zone, another is added where it stands",
            wants(.perZone([zoneA: 1, zoneB: 1])),
            group(hsms: one + bad),
            degradedSince: since(.hours(2)),
            steps: [
                "1 + add us-east-1b, backed up (hsm-count:9)",
                "2 - remove \(hsmID(9)) after 1 (degraded:9)",
            ]
        ),
        Row(
            "what replaces it is in service",
            wants(.total(2)),
            group(hsms: one + [hsm(2, zoneB)] + bad),
            degradedSince: since(.hours(3)),
            steps: ["1 - remove \(hsmID(9)) (degraded:9)"]
        ),
        Row(
            "what replaces it is being made",
            wants(.total(2)),
            group(hsms: one + [hsm(2, zoneB, .createInProgress)] + bad),
            degradedSince: since(.hours(3)),
            notes: [waits, "waiting HSMs (hsm-count:9)"]
        ),
        Row(
            "it goes before one in service when there are too many",
            wants(.total(1)),
            group(hsms: one + [hsm(2, zoneB)] + bad),
            degradedSince: since(.hours(3)),
            steps: [
                "1 - remove \(hsmID(9)) (degraded:9)",
                "2 - remove \(hsmID(1)) after 1 (hsm-count:9)",
            ]
        ),
        Row(
            "the last live one with content that no backup holds stays",
            wants(.total(1)),
            group(hsms: bad, backups: [backup(1, age: .hours(4))]),
            degradedSince: since(.hours(3)),
            notes: [holds]
        ),
        Row(
            "and none is added beside it, which would hold less",
            wants(.total(2)),
            group(hsms: bad, backups: [backup(1, age: .hours(4))]),
            degradedSince: since(.minutes(3)),
            notes: [waits]
        ),
        Row(
            "the last live one, with a younger backup",
            wants(.total(1)),
            group(hsms: bad, backups: [backup(1, age: .hours(1))]),
            degradedSince: since(.hours(3)),
            steps: [
                "1 + add us-east-1a (hsm-count:9)", "2 - remove \(hsmID(9)) after 1 (degraded:9)",
            ]
        ),
        Row(
            "HSMs that are not managed are not replaced",
            wants(nil),
            group(hsms: one + bad),
            degradedSince: since(.hours(9))
        ),
        Row(
            "parking: it goes first",
            wants(.total(0)),
            group(hsms: one + bad, backups: [backup(1, age: .hours(4))]),
            degradedSince: since(.hours(3)),
            steps: ["1 - remove \(hsmID(9)) (degraded:9)"]
        ),
        Row(
            "parking: the last live one stays",
            wants(.total(0)),
            group(hsms: bad, backups: [backup(1, age: .hours(4))]),
            degradedSince: since(.hours(3)),
            notes: ["held HSMs (degraded:9)"]
        ),
        Row(
            "deleting: the last live one stays",
            desired { $0.ensure = at(Line.hsms, .absent(reason: "over", finalBackup: .keep)) },
            group(hsms: bad, backups: [backup(1, age: .hours(4))]),
            degradedSince: since(.hours(3)),
            notes: ["held HSMs (degraded:9)"]
        ),
    ]

    @Test func itGoesOnlyWhileItIsDegradedAndTheOthersAreInService() {
        let steps = plan(
            Self.wants(.total(2)),
            group(hsms: Self.one + Self.bad),
            degradedSince: Self.since(.hours(3))
        ).steps
        #expect(
            steps.map(\.preconditions) == [
                [.clusterState(.active), .hsmsSettled, .presentHSMs(2)],
                [
                    .clusterState(.active), .hsmsSettled, .presentHSMs(3), .hsmDegraded(hsmID(9)),
                    .healthyHSMsApart(from: .known(hsmID(9)), atLeast: 2),
                ],
            ]
        )
        #expect(steps.map(\.action.causesBackup) == [true, true])
    }

    @Test func whatIsRestoredInsteadOfTheLastOneIsLookedUpAgainBeforeEachCall() {
        let steps = plan(
            Self.wants(.total(1)),
            group(hsms: Self.bad, backups: [backup(1, age: .hours(1))]),
            degradedSince: Self.since(.hours(3))
        ).steps
        #expect(steps.first?.preconditions.last == .newestBackup(backupID(1)))
        #expect(steps.map(\.action.causesBackup) == [false, true])
    }

    @Test func aReplacementThatTheQuotaHasNoRoomForHoldsTheRemovalToo() {
        let plan = plan(
            Self.wants(.total(2)),
            group(hsms: Self.one + Self.bad),
            quotas: Quotas(clusters: 4, hsms: 2),
            degradedSince: Self.since(.hours(3))
        )
        #expect(plan.steps.isEmpty)
        #expect(plan.texts.first?.contains("goes once it is replaced") == true)
    }
}
