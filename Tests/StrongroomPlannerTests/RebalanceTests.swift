import CloudHSM
import StrongroomModel
import Testing

@Suite struct RebalanceTests {
    @Test(arguments: rows) func evensZonesOutByOneMoveAtATime(_ row: Row) { row.check() }

    private static func wants(_ hsms: DesiredHSMs) -> DesiredCluster {
        desired { $0.hsms = at(Line.hsms, hsms) }
    }

    private static let move = [
        "1 + add us-east-1b, backed up (rebalance:9)",
        "2 - remove \(hsmID(3)) after 1 (rebalance:9)",
    ]
    private static let twoToNone = [hsm(1, zoneA), hsm(3, zoneA)]
    private static let threeToOne = [
        hsm(1, zoneA), hsm(2, zoneA), hsm(3, zoneA), hsm(4, zoneB),
    ]
    private static let fourToNone = [
        hsm(0, zoneA), hsm(1, zoneA), hsm(2, zoneA), hsm(3, zoneA),
    ]

    static let rows = [
        Row(
            "two in one zone, none in the other",
            wants(.total(2)),
            group(hsms: twoToNone),
            steps: move
        ),
        Row("three and one", wants(.total(4)), group(hsms: threeToOne), steps: move),
        Row(
            "two and one is even enough",
            wants(.total(3)),
            group(hsms: [hsm(1, zoneA), hsm(2, zoneA), hsm(3, zoneB)])
        ),
        Row(
            "four and none: the second move has a plan of its own",
            wants(.total(4)),
            group(hsms: fourToNone),
            steps: move,
            notes: ["waiting HSMs (hsm-count:9)"]
        ),
        Row(
            "not while one is being made",
            wants(.total(3)),
            group(hsms: twoToNone + [hsm(4, zoneA, .createInProgress)]),
            notes: ["waiting HSMs (hsm-count:9)"]
        ),
        Row(
            "not while one is DEGRADED",
            wants(.total(3)),
            group(hsms: twoToNone + [hsm(4, zoneA, .degraded)]),
            notes: ["waiting HSMs (degraded:9)"]
        ),
        Row(
            "one zone is as even as can be",
            wants(.total(2)),
            group(hsms: twoToNone) {
                $0.subnets = subnets([zoneA])
            },
            notes: ["held subnets (immutable:7)"]
        ),
        Row(
            "an HSM only for a backup goes first",
            wants(.total(2)),
            group(
                hsms: [hsm(1, zoneA), hsm(3, zoneA), hsm(9, zoneB)],
                backups: [backup(1, age: .minutes(3))]
            ),
            journal: [
                entry(
                    "CreateHsm",
                    "us-east-1b",
                    rule: "freshness",
                    ago: .minutes(20),
                    made: "\(hsmID(9))"
                )
            ],
            steps: ["1 - remove \(hsmID(9)) (hsm-count:9)"],
            notes: ["waiting HSMs (hsm-count:9)"]
        ),
        Row(
            "after the number is as asked",
            wants(.total(3)),
            group(hsms: fourToNone),
            steps: ["1 - remove \(hsmID(3)) (hsm-count:9)"],
            notes: ["waiting HSMs (hsm-count:9)"]
        ),
    ]

    @Test(
        "Removed first only where the quota leaves no room and two zones stay in service",
        arguments: [
            (DesiredHSMs.total(4), threeToOne, 4, ["1 - remove \(hsmID(3)) (rebalance:9)"]),
            (.total(4), threeToOne, 5, move),
            (.total(2), twoToNone, 2, []),
            (.total(4), fourToNone, 4, []),
            (
                .perZone([zoneA: 2, zoneB: 2]), threeToOne, 4,
                ["1 - remove \(hsmID(3)) (rebalance:9)"]
            ),
        ]
    )
    func removedFirst(_ wanted: DesiredHSMs, _ hsms: [HSM], _ quota: Int, _ steps: [String]) {
        let plan = plan(
            Self.wants(wanted),
            group(hsms: hsms),
            quotas: Quotas(clusters: 4, hsms: quota)
        )
        #expect(plan.stepLines == steps)
    }

    @Test func whatStaysInServiceIsLookedUpAgainBeforeTheCall() {
        let moved = plan(Self.wants(.total(2)), group(hsms: Self.twoToNone)).steps
        #expect(
            moved.last?.preconditions == [
                .clusterState(.active), .hsmsSettled, .presentHSMs(3),
                .healthyHSMs(in: zoneB, atLeast: 1),
                .healthyHSMsApart(from: .known(hsmID(3)), atLeast: 2),
            ]
        )
        let first = plan(
            Self.wants(.total(4)),
            group(hsms: Self.threeToOne),
            quotas: Quotas(clusters: 4, hsms: 4)
        ).steps
        #expect(
            first.last?.preconditions == [
                .clusterState(.active), .hsmsSettled, .presentHSMs(4),
                .healthyHSMsApart(from: .known(hsmID(3)), atLeast: 3),
                .healthyHSMs(in: zoneA, atLeast: 2), .healthyHSMs(in: zoneB, atLeast: 1),
            ]
        )
    }

    @Test func oneTooManySaysWhetherACallOfOursMadeIt() {
        let three = [hsm(1, zoneA), hsm(2, zoneB), hsm(3, zoneA)]
        let ours = entry("CreateHsm", "us-east-1a", ago: .days(3), made: "\(hsmID(3))")
        let texts = { (journal: [JournalEntry]) in
            plan(Self.wants(.total(2)), group(hsms: three), journal: journal).steps
                .map(\.reason.text)
        }
        #expect(texts([ours]) == ["3 present, 2 asked for"])
        #expect(
            texts([]) == [
                "3 present, 2 asked for; none of our own calls of the last 30 days made it"
            ]
        )
    }

    @Test func oneThatMakesRoomElsewhereIsNotTooMany() {
        let moved = plan(
            Self.wants(.perZone([zoneA: 1, zoneB: 1])),
            group(hsms: Self.twoToNone)
        )
        #expect(moved.steps.last?.reason.text == "3 present, 2 asked for")
    }

    @Test func onlyTheRemovalThatLeavesOneWarns() {
        let four = Self.threeToOne
        for wanted in [DesiredHSMs.total(1), .perZone([zoneA: 1, zoneB: 0])] {
            let warned = plan(Self.wants(wanted), group(hsms: four)).steps
                .map { $0.reason.text.contains("refuse new token keys") }
            #expect(warned == [false, false, true])
        }
    }
}
