import CloudHSM
import StrongroomModel
import Testing

@Suite struct CreationRuleTests {
    @Test(arguments: rows) func makesWhatNobodyHasMade(_ row: Row) { row.check() }

    private static let created = "1 + create (creation:1)"
    private static let first = "2 + add us-east-1a after 1 (hsm-count:9)"
    private static let unclaimed = "waiting initialisation (initialization:1)"

    static let rows = [
        Row(
            "a cluster begins with one HSM, whatever is asked",
            desired { $0.hsms = at(Line.hsms, .total(3)) },
            nil,
            steps: [created, first],
            notes: ["waiting HSMs (hsm-count:9)", unclaimed]
        ),
        Row(
            "its zone is one that is asked for",
            desired { $0.hsms = at(Line.hsms, .perZone([zoneB: 1])) },
            nil,
            steps: [created, "2 + add us-east-1b after 1 (hsm-count:9)"],
            notes: [unclaimed]
        ),
        Row(
            "without HSMs, if none are asked for",
            desired { $0.hsms = nil },
            nil,
            steps: [created],
            notes: [unclaimed]
        ),
        Row(
            "with certificates it is claimed as well",
            desired {
                $0.hsms = at(Line.hsms, .total(1))
                $0.initialization = certificates()
            },
            nil,
            steps: [created, first, "3 ~ initialise after 2 (initialization:15)"]
        ),
        Row(
            "a type that is no longer sold",
            desired { $0.hsmType = at(Line.hsmType, .hsm1Medium) },
            nil,
            notes: ["held create cluster (creation:1)"]
        ),
        Row(
            "something is missing",
            desired { $0.mode = nil },
            nil,
            notes: ["held create cluster (creation:1)"]
        ),
        Row(
            "clones are not made empty",
            desired {
                $0.restoreFrom = at(
                    Line.restoreFrom,
                    DesiredSource(cluster: "ledger", recoveryPoint: nil)
                )
            },
            nil,
            notes: ["held create cluster (clone:14)"]
        ),
    ]

    @Test func aNewClusterCarriesOurTagsAndTheManifests() {
        let wanted = desired {
            $0.tags = at(Line.tags, ["cost": "1", OwnershipTag.cluster: "someone-else"])
        }
        guard case .createCluster(let request) = plan(wanted, nil).steps.first?.action else {
            Issue.record("no cluster is created")
            return
        }
        #expect(
            request
                == CreateCluster(
                    hsmType: .hsm2mMedium,
                    subnets: subnets([zoneA, zoneB]),
                    mode: .fips,
                    networkType: .ipv4,
                    retention: days(90),
                    tags: ["cost": "1"].merging(ownership()) { _, ours in ours }
                )
        )
    }

    @Test func stepsOfANewClusterCanBeLookedUp() {
        let steps = plan(desired { $0.initialization = certificates() }, nil).steps
        #expect(
            steps.map(\.preconditions) == [
                [], [.clusterState(.uninitialized), .presentHSMs(0)],
                [.signingRequestShown, .clusterState(.uninitialized)],
            ]
        )
        #expect(
            steps.map(\.postcondition) == [
                .clusterState(.uninitialized), .healthyHSMs(in: zoneA, atLeast: 1), .clusterClaimed,
            ]
        )
    }
}
