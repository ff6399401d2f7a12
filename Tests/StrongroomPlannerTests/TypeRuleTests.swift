import CloudHSM
import StrongroomModel
import Testing

@Suite struct TypeRuleTests {
    @Test(arguments: rows) func movesAClusterOffTheOldTypeAndNeverBack(_ row: Row) { row.check() }

    private static func old(
        hsms: [HSM] = [hsm(1, zoneA), hsm(2, zoneB)],
        backups: [Backup] = []
    ) -> ProtectionGroup {
        group(hsms: hsms, backups: backups) { $0.hsmType = .hsm1Medium }
    }

    private static let change = "1 ~ type hsm1.medium to hsm2m.medium (hsm-type:4)"
    private static let waits = "waiting HSM type (hsm-type:4)"
    private static let holds = "held HSM type (hsm-type:4)"

    private static func wants(_ count: Int) -> DesiredCluster {
        desired { $0.hsms = at(Line.hsms, .total(count)) }
    }

    private static func tried(_ ago: Duration, rule: String = "hsm-type") -> [JournalEntry] {
        [entry("ModifyCluster", "\(clusterID(1))", rule: rule, ago: ago)]
    }

    static let rows = [
        Row("as asked", desired(), group()),
        Row("the old type", desired(), old(), steps: [change]),
        Row(
            "AWS moved it, and the manifest is older",
            desired { $0.hsmType = at(Line.hsmType, .hsm1Medium) },
            group(),
            notes: [holds]
        ),
        Row(
            "a type that the service changes to nothing else",
            desired(),
            group { $0.hsmType = known(HSMType("hsm3x.large")) },
            notes: [holds]
        ),
        Row("not managed", desired { $0.hsmType = nil }, old()),
        Row(
            "an HSM is added first",
            wants(3),
            old(),
            steps: ["1 + add us-east-1a, backed up (hsm-count:9)"],
            notes: [waits]
        ),
        Row(
            "an HSM is still leaving",
            desired(),
            old(hsms: [hsm(1, zoneA), hsm(2, zoneB), hsm(3, zoneB, .deleteInProgress)]),
            notes: ["waiting HSMs (hsm-count:9)", waits]
        ),
        Row(
            "an HSM is DEGRADED",
            desired(),
            old(hsms: [hsm(1, zoneA), hsm(2, zoneB, .degraded)]),
            notes: ["waiting HSMs (degraded:9)", holds]
        ),
        Row(
            "parked",
            wants(0),
            old(hsms: [], backups: [backup(1, age: .days(1), pinned: true)]),
            notes: [holds]
        ),
        Row(
            "28 HSMs",
            wants(28),
            old(hsms: (1...28).map { hsm($0, $0 % 2 == 0 ? zoneA : zoneB) }),
            notes: [holds]
        ),
        Row(
            "just asked for",
            desired(),
            old(),
            journal: tried(.minutes(1)),
            notes: ["waiting earlier call (journal:1)"]
        ),
        Row(
            "asked for and taken back",
            desired(),
            old(),
            journal: tried(.hours(3)),
            notes: [holds]
        ),
        Row(
            "asked for and taken back long ago",
            desired(),
            old(),
            journal: tried(.hours(25)),
            steps: [change]
        ),
        Row(
            "a change of retention is none of the type",
            desired(),
            old(),
            journal: tried(.hours(3), rule: "retention"),
            steps: [change]
        ),
        Row(
            "the backups before each HSM serve freshness",
            desired {
                $0.backups.maxAge = at(Line.maxAge, .hours(26))
                $0.backups.whenStale = .force
            },
            old(),
            steps: [change],
            notes: ["waiting backup freshness (freshness:11)"]
        ),
    ]

    @Test func everyHSMIsActiveJustBeforeTheCall() {
        let step = plan(desired(), Self.old()).steps.first
        #expect(
            step?.preconditions == [
                .clusterState(.active), .hsmsSettled, .hsmType(.hsm1Medium), .presentHSMs(2),
                .healthyHSMs(in: zoneA, atLeast: 1), .healthyHSMs(in: zoneB, atLeast: 1),
            ]
        )
        #expect(step?.postcondition == .hsmType(.hsm2mMedium))
        #expect(step?.action.causesBackup == true)
        #expect(step?.reason.text.contains("blocked for about 30 min for each of 2") == true)
    }

    @Test func aTypeThatAWSMovedIsTheManifestsMistake() {
        let plan = plan(desired { $0.hsmType = at(Line.hsmType, .hsm1Medium) }, group())
        #expect(plan.texts == ["it is hsm2m.medium since AWS moved it: correct the manifest"])
    }

    @Test func aChangeUnderWaySaysHowFarItIs() {
        let there = group(hsms: [hsm(1, zoneA), hsm(2, zoneB)]) {
            $0.state = .modifyInProgress
            $0.hsms[0].type = .hsm2mMedium
            $0.typeRollbackExpiration = now + .hours(20)
        }
        let text = plan(desired(), there).texts.first
        #expect(text?.contains("1 of 2 HSMs are moved") == true)
        #expect(text?.contains("rolled back until \(now + .hours(20))") == true)
    }
}
