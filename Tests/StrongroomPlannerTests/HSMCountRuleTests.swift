import CloudHSM
import StrongroomModel
import Testing

@Suite struct HSMCountRuleTests {
    @Test(arguments: rows) func bringsTheNumberToWhatIsAsked(_ row: Row) { row.check() }

    private static func wants(_ hsms: DesiredHSMs?) -> DesiredCluster {
        desired { $0.hsms = hsms.map { at(Line.hsms, $0) } }
    }

    private static let waits = "waiting HSMs (hsm-count:9)"
    private static let holds = "held HSMs (hsm-count:9)"
    private static let one = [hsm(1, zoneA)]
    private static let two = [hsm(1, zoneA), hsm(2, zoneB)]
    private static let three = two + [hsm(3, zoneA)]

    static let rows = [
        Row("as asked", wants(.total(2)), group()),
        Row("not managed", wants(nil), group(hsms: one)),
        Row(
            "one missing goes where the fewest are",
            wants(.total(2)),
            group(hsms: one),
            steps: ["1 + add us-east-1b, backed up (hsm-count:9)"]
        ),
        Row(
            "ties go by name",
            wants(.total(3)),
            group(),
            steps: ["1 + add us-east-1a, backed up (hsm-count:9)"]
        ),
        Row(
            "several come one after another",
            wants(.total(4)),
            group(hsms: one),
            steps: [
                "1 + add us-east-1b, backed up (hsm-count:9)",
                "2 + add us-east-1a, backed up after 1 (hsm-count:9)",
                "3 + add us-east-1b, backed up after 2 (hsm-count:9)",
            ]
        ),
        Row(
            "what is being made counts",
            wants(.total(2)),
            group(hsms: one + [hsm(2, zoneB, .createInProgress)]),
            notes: [waits]
        ),
        Row(
            "what is being removed does not count",
            wants(.total(2)),
            group(hsms: one + [hsm(2, zoneB, .deleteInProgress)]),
            steps: ["1 + add us-east-1b, backed up (hsm-count:9)"],
            notes: [waits]
        ),
        Row(
            "an unknown state counts",
            wants(.total(2)),
            group(hsms: one + [hsm(2, zoneB, .unrecognised("REBOOTING"))]),
            notes: [waits]
        ),
        Row(
            "a DEGRADED one counts, and the service may be replacing it",
            wants(.total(2)),
            group(hsms: one + [hsm(2, zoneB, .degraded)]),
            notes: ["waiting HSMs (degraded:9)"]
        ),
        Row(
            "AWS swapped an HsmId on the same interface",
            wants(.total(2)),
            group(hsms: one + [hsm(9, zoneB, interface: 2)])
        ),
        Row(
            "one too many goes from where the most are, newest first",
            wants(.total(2)),
            group(hsms: three),
            steps: ["1 - remove \(hsmID(3)) (hsm-count:9)"]
        ),
        Row(
            "several go one after another",
            wants(.total(1)),
            group(hsms: three),
            steps: [
                "1 - remove \(hsmID(3)) (hsm-count:9)",
                "2 - remove \(hsmID(1)) after 1 (hsm-count:9)",
            ]
        ),
        Row(
            "nothing is removed while another is DEGRADED",
            wants(.total(1)),
            group(hsms: two + [hsm(3, zoneA, .degraded)]),
            notes: [holds, "waiting HSMs (degraded:9)"]
        ),
        Row(
            "nothing is removed while another is being made",
            wants(.total(1)),
            group(hsms: one + [hsm(2, zoneB, .createInProgress)]),
            notes: [waits, waits]
        ),
        Row(
            "per zone, as asked",
            wants(.perZone([zoneA: 1, zoneB: 1])),
            group()
        ),
        Row(
            "per zone, one missing",
            wants(.perZone([zoneA: 1, zoneB: 2])),
            group(),
            steps: ["1 + add us-east-1b, backed up (hsm-count:9)"]
        ),
        Row(
            "per zone, added before removed",
            wants(.perZone([zoneA: 1, zoneB: 1])),
            group(hsms: [hsm(1, zoneA), hsm(2, zoneA)]),
            steps: [
                "1 + add us-east-1b, backed up (hsm-count:9)",
                "2 - remove \(hsmID(2)) after 1 (hsm-count:9)",
            ]
        ),
        Row(
            "per zone, a mapped zone that is not named gets none",
            wants(.perZone([zoneA: 1])),
            group(),
            steps: ["1 - remove \(hsmID(2)) (hsm-count:9)"]
        ),
        Row(
            "per zone, every HSM at once is not moved",
            wants(.perZone([zoneB: 1])),
            group(hsms: one),
            notes: [holds]
        ),
        Row(
            "per zone, a zone without a subnet",
            wants(.perZone([zoneA: 1, zoneC: 1])),
            group(),
            notes: [holds]
        ),
        Row(
            "an HSM in a zone that is not mapped counts, and no other is added there",
            wants(.total(5)),
            group(hsms: [hsm(1, zoneA), hsm(2, zoneA), hsm(3, zoneA), hsm(4, zoneC)]) {
                $0.subnets = subnets([zoneA])
            },
            steps: ["1 + add us-east-1a, backed up (hsm-count:9)"],
            notes: ["held subnets (immutable:7)"]
        ),
        Row(
            "a cluster that names no subnet",
            wants(.total(3)),
            group { $0.subnets = [:] },
            notes: [holds, "held subnets (immutable:7)"]
        ),
        Row(
            "an HSM that names no zone",
            wants(.total(3)),
            group(hsms: [hsm(1, zoneA), hsm(2, nil)]),
            notes: [holds]
        ),
        Row(
            "before activation there is one HSM, never a second",
            wants(.total(3)),
            group(hsms: one) { $0.state = .initialized },
            notes: [waits, "waiting activation (initialization:1)"]
        ),
        Row(
            "an uninitialised cluster without one gets its first",
            wants(.total(3)),
            group(hsms: []) { $0.state = .uninitialized },
            steps: ["1 + add us-east-1a (hsm-count:9)"],
            notes: [waits, "waiting initialisation (initialization:1)"]
        ),
        Row(
            "the first is still being made",
            wants(.total(1)),
            group(hsms: [hsm(1, zoneA, .createInProgress)]) { $0.state = .uninitialized },
            notes: [waits, "waiting initialisation (initialization:1)"]
        ),
        Row(
            "the first is still being removed",
            wants(.total(1)),
            group(hsms: [hsm(1, zoneA, .deleteInProgress)]) { $0.state = .uninitialized },
            notes: [waits, "waiting initialisation (initialization:1)"]
        ),
        Row(
            "INITIALIZED and its HSM lost",
            wants(.total(1)),
            group(hsms: []) { $0.state = .initialized },
            notes: [holds, "waiting activation (initialization:1)"]
        ),
    ]

    @Test func additionsAreCountedOnWhatIsThere() {
        let plan = plan(desired { $0.hsms = at(Line.hsms, .total(3)) }, group(hsms: Self.one))
        #expect(
            plan.steps.map(\.preconditions) == [
                [.clusterState(.active), .hsmsSettled, .presentHSMs(1)],
                [.clusterState(.active), .hsmsSettled, .presentHSMs(2)],
            ]
        )
        #expect(
            plan.steps.map(\.postcondition) == [
                .healthyHSMs(in: zoneB, atLeast: 1), .healthyHSMs(in: zoneA, atLeast: 2),
            ]
        )
        #expect(plan.steps.map(\.action.causesBackup) == [true, true])
    }

    @Test func anAdditionIsNotTakenForTheHSMThatIsBeingMade() {
        let plan = plan(
            desired { $0.hsms = at(Line.hsms, .perZone([zoneA: 3])) },
            group(hsms: [hsm(1, zoneA), hsm(2, zoneA, .createInProgress)])
        )
        #expect(plan.steps.map(\.postcondition) == [.healthyHSMs(in: zoneA, atLeast: 3)])
    }

    @Test func removalsLeaveWhatIsAskedForInService() {
        let plan = plan(desired { $0.hsms = at(Line.hsms, .total(1)) }, group(hsms: Self.three))
        #expect(
            plan.steps.map(\.preconditions) == [
                [
                    .clusterState(.active), .hsmsSettled, .presentHSMs(3),
                    .healthyHSMsApart(from: .known(hsmID(3)), atLeast: 1),
                ],
                [
                    .clusterState(.active), .hsmsSettled, .presentHSMs(2),
                    .healthyHSMsApart(from: .known(hsmID(1)), atLeast: 1),
                ],
            ]
        )
        #expect(
            plan.steps.map(\.postcondition) == [
                .hsmGone(.known(hsmID(3)), from: hsm(3, zoneA).eni),
                .hsmGone(.known(hsmID(1)), from: hsm(1, zoneA).eni),
            ]
        )
        #expect(plan.steps[1].reason.text.contains("refuse new token keys"))
    }

    @Test func theFirstHSMOfANewClusterNeedsItUninitialised() {
        let plan = plan(
            desired { $0.hsms = at(Line.hsms, .total(1)) },
            group(hsms: []) { $0.state = .uninitialized }
        )
        #expect(
            plan.steps.map(\.preconditions) == [[.clusterState(.uninitialized), .presentHSMs(0)]]
        )
        #expect(plan.steps.map(\.postcondition) == [.healthyHSMs(in: zoneA, atLeast: 1)])
    }

    @Test(
        "Busy clusters are left alone",
        arguments: [
            (ClusterState.createInProgress, "cluster"), (.initializeInProgress, "cluster"),
            (.updateInProgress, "cluster"), (.modifyInProgress, "HSM type"),
            (.rollbackInProgress, "HSM type"),
        ]
    )
    func busyClustersAreLeftAlone(_ state: ClusterState, _ subject: String) {
        let plan = plan(
            desired { $0.hsms = at(Line.hsms, .total(3)) },
            group { $0.state = state }
        )
        #expect(plan.steps.isEmpty)
        #expect(plan.noteLines == ["waiting \(subject) (presence:1)"])
    }
}
