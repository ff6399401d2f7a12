import CloudHSM
import StrongroomModel
import StrongroomReport
import Testing

@Suite struct PlanDocumentTests {
    private let rich = PlanDocument(RichPlan.plan)

    @Test func aDocumentHoldsEverythingThePlanSays() throws {
        try Golden.expect(String(decoding: rich.json(), as: UTF8.self), is: "plan.json")
    }

    @Test func aDocumentFollowsItsSchema() throws {
        #expect(try SchemaCheck.violations(in: rich.json(), against: "plan.schema.json") == "")
    }

    @Test func theSchemaRefusesWhatNoPlanSays() throws {
        let text = String(decoding: rich.json(), as: UTF8.self)
        for (old, new) in [
            ("\"type\" : \"addHSM\"", "\"type\" : \"deleteCluster\""),
            ("\"zone\" : \"eu-west-1a\"", "\"zone\" : \"mars\""),
            ("\"fleet\" : \"acme\"", "\"fleet\" : \"acme\",\n  \"more\" : 1"),
        ] {
            let broken = Array(text.replacing(old, with: new).utf8)
            #expect(try SchemaCheck.violations(in: broken, against: "plan.schema.json") != "")
        }
    }

    @Test func everyKindOfActionAndFactFollowsTheSchema() throws {
        let plan = Sample.plan([everyFact] + actions.enumerated().map { Sample.step($0 + 2, $1) })
        let json = PlanDocument(plan).json()
        #expect(try SchemaCheck.violations(in: json, against: "plan.schema.json") == "")
    }

    @Test func aDocumentReadsBackAsItWasWritten() throws {
        let read = try PlanDocument(json: rich.json())
        #expect(read == rich)
        #expect(read.json() == rich.json())
        #expect(read.id.count == 12 && read.sha256.hasPrefix(read.id))
    }

    @Test func equalPlansGiveEqualBytes() {
        let groups = Array(RichPlan.plan.groups.reversed())
        let other = Plan(fleet: "acme", now: Sample.now, groups: groups)
        #expect(PlanDocument(other).json() == rich.json())
    }

    @Test func theDigestIsWhatThePageSaysItIs() throws {
        let tags = ["b": "1", "B": "2", "10": "3", "9": "4", "é": "\u{1B}\u{7F}\"\\/\u{2028}"]
        let odd = PlanDocument(
            Sample.plan([Sample.step(1, .tagCluster(tags: tags, replacing: [:]))])
        )
        for document in [rich, odd] {
            let digest = try PythonScript.output(of: "digest.py", reading: document.json())
            #expect(digest == document.sha256 + "\n")
        }
    }

    @Test func theDigestOfWhatIsAgreedToIsWhatThePageSaysItIs() throws {
        let document = PlanDocument(RichPlan.plan, boundBy: SampleBinding.now)
        let digest = try PythonScript.output(
            of: "digest.py",
            reading: document.json(),
            ["approval"]
        )
        #expect(digest == document.body.digest.map { $0 + "\n" })
        #expect(try SchemaCheck.violations(in: document.json(), against: "plan.schema.json") == "")
    }

    @Test func aPlanHoldsForADay() throws {
        try rich.requireCurrent(at: Sample.now)
        try rich.requireCurrent(at: Sample.now + .hours(24) - .milliseconds(1))
        #expect(throws: PlanDocumentError.expired(made: Sample.now, now: rich.expiresAt)) {
            try rich.requireCurrent(at: rich.expiresAt)
        }
        let before = Sample.now - .milliseconds(1)
        #expect(throws: PlanDocumentError.ahead(made: Sample.now, now: before)) {
            try rich.requireCurrent(at: before)
        }
    }

    @Test func aPlanOfHundredsOfStepsSurvivesWritingAndReading() throws {
        let groups = (0..<100).map { number in
            GroupPlan(
                subject: PlanSubject(
                    name: "cluster-\(number)",
                    home: Sample.prod,
                    cluster: ClusterID(bits: UInt64(number))
                ),
                standing: .managed,
                steps: RichPlan.paymentsSteps,
                notes: [],
                unchangedCount: 3
            )
        }
        let document = PlanDocument(Plan(fleet: "acme", now: Sample.now, groups: groups))
        #expect(try PlanDocument(json: document.json()) == document)
    }

    private var actions: [Action] {
        let hsm = Sample.hsm("aaaaaaaaaa2")
        let file = CertificateFile(path: "a.crt", content: "PEM")
        let request = CreateCluster(
            hsmType: .hsm2mMedium,
            subnets: [Sample.zone("us-east-1a"): Sample.subnet("0a1b2c3d")],
            mode: .nonFIPS,
            networkType: .dualStack,
            sourceBackup: Sample.backup("ro5c4er4aa2")
        )
        return [
            .createCluster(request),
            .initializeCluster(DesiredInitialization(certificate: file, trustAnchor: file)),
            .addHSM(zone: Sample.zone("us-east-1a"), causesBackup: true),
            .removeHSM(.known(hsm), zone: nil, causesBackup: true),
            .removeHSM(.added(by: StepID(3)), zone: nil, causesBackup: false),
            .setRetention(from: .unmanaged, to: Sample.days(7), losing: []),
            .copyBackup(.known(Sample.backup("ro5c4er4aa2")), to: Sample.ireland),
            .tagCluster(tags: ["a": "b"], replacing: [:]),
        ]
    }

    private var everyFact: Step {
        let backup = Sample.backup("ro5c4er4aa2")
        let region = Sample.ireland
        let facts: [Fact] = [
            .clusterExists, .clusterState(.unrecognised("NEW_STATE")), .signingRequestShown,
            .clusterClaimed, .hsmsSettled, .presentHSMs(2),
            .healthyHSMs(in: Sample.zone("us-east-1a"), atLeast: 1),
            .healthyHSMsApart(from: .known(Sample.hsm("aaaaaaaaaa2")), atLeast: 1),
            .hsmGone(.added(by: StepID(1))), .freshBackup(causedBy: StepID(1)),
            .readyBackupsApart(from: backup, in: region, atLeast: 2),
            .readyContent(in: region, since: Sample.now, atLeast: 1),
            .backupReady(.known(backup)), .backupGone(backup),
            .notCopied(.known(backup), to: region),
            .copyReady(of: .caused(by: StepID(1)), in: region), .retention(.unmanaged),
            .retention(.days(455)), .clusterTags(["a": "b"]),
        ]
        return Sample.step(
            1,
            .addHSM(zone: Sample.zone("us-east-1a"), causesBackup: false),
            before: facts
        )
    }
}
