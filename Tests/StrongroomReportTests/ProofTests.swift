import CloudHSM
import StrongroomModel
import StrongroomReport
import Testing

@Suite struct ProofTests {
    private let plan = RichPlan.plan

    private var subject: PlanSubject { plan.groups[0].subject }

    private func proof(
        margin: Int? = nil,
        findings: [Proof.Finding] = []
    ) -> Proof {
        let region = subject.home.region
        let cases = Promise.allCases.map { promise in
            Proof.WorstCase(
                promise,
                of: subject,
                "the worst case",
                steps: [StepID(1)],
                margin: promise == .floors
                    ? margin.map { Proof.Margin($0, .readyBackup, in: region, of: subject) } : nil
            )
        }
        let facts = Proof.GroupFacts(
            subject: subject,
            backups: [region: Proof.GroupFacts.Count(there: 3, floor: 2)],
            hsms: Proof.GroupFacts.Count(there: 2, floor: 2)
        )
        return Proof(
            fleet: plan.fleet,
            now: plan.now,
            stepCount: 41,
            worstCases: cases,
            findings: findings,
            facts: [facts]
        )
    }

    private var finding: Proof.Finding {
        Proof.Finding(.floors, of: subject, "1 is left", steps: [StepID(1), StepID(3)])
    }

    @Test func aProofThatHoldsIsOneLine() {
        let title = subject.name ?? ""
        #expect(
            ProofText.text(proof(margin: 1)) == [
                "proved: 8 promises over 41 steps; smallest margin: 1 READY backup above the floor "
                    + "in \(subject.home.region) of \(title)"
            ]
        )
        #expect(ProofText.text(proof()) == ["proved: 8 promises over 41 steps"])
    }

    @Test func aBrokenPromiseIsNamedWithItsSteps() {
        let lines = ProofText.text(proof(findings: [finding]))
        #expect(lines.first == "not proved: 1 finding, so the plan cannot be applied")
        #expect(lines.last?.hasPrefix("  promise 1, READY backups never fall") == true)
        #expect(lines.last?.hasSuffix("1 is left (steps 1, 3)") == true)
    }

    @Test func aDocumentFollowsItsSchema() throws {
        for proof in [proof(), proof(margin: 1), proof(margin: -1, findings: [finding])] {
            let json = ProofDocument(proof, of: plan).json()
            #expect(try SchemaCheck.violations(in: json, against: "proof.schema.json") == "")
        }
    }

    @Test func theSchemaRefusesWhatNoProofSays() throws {
        let text = String(decoding: ProofDocument(proof(), of: plan).json(), as: UTF8.self)
        for (old, new) in [
            ("\"holds\" : true", "\"holds\" : 1"), ("\"promise\" : 8", "\"promise\" : 9"),
        ] {
            #expect(text.contains(old))
            let broken = Array(text.replacing(old, with: new).utf8)
            #expect(try SchemaCheck.violations(in: broken, against: "proof.schema.json") != "")
        }
    }
}
