import CloudHSM
import StrongroomModel
import StrongroomReport
import Testing

@Suite("Marks of causes")
struct CauseMarkTests {
    private func plan(_ cause: Cause?) -> Plan {
        let reason = Reason(rule: "tags", "1 of 1 tags differ", at: Sample.place(12), cause: cause)
        let step = Sample.step(1, .tagCluster(tags: ["a": "b"], replacing: [:]), reason, before: [])
        let news = Reason(rule: "last-run", "hsm-a is hsm-b now", at: nil, cause: .service)
        let group = GroupPlan(
            subject: RichPlan.paymentsSubject,
            standing: .managed,
            steps: [step],
            notes: [Note(.noticed, "HSM", news)],
            unchangedCount: 0
        )
        return Plan(fleet: "acme", now: Sample.now, groups: [group])
    }

    @Test(
        "stand behind the reason",
        arguments: [
            (.manifest, " [edit]", " `edit`"), (.drift, " [drift]", " `drift`"),
            (.service, " [service]", " `service`"), (nil, "", ""),
        ] as [(Cause?, String, String)]
    )
    func marks(cause: Cause?, text: String, markdown: String) {
        let lines = PlanText(width: nil, colour: .never).text(of: plan(cause))
        #expect(lines.contains("1 of 1 tags differ\(text)  "))
        let comment = PlanMarkdown().text(of: plan(cause))
        #expect(comment.contains("1 of 1 tags differ\(markdown) ("))
    }

    @Test("what changed and needs nothing has lines of its own, and is no change")
    func noticed() {
        let plan = plan(.drift)
        let text = PlanText(width: nil, colour: .never).text(of: plan)
        #expect(text.contains("i noticed  HSM") && text.contains("hsm-a is hsm-b now [service]"))
        #expect(text.contains("plan: 1 change\n"))
        #expect(PlanMarkdown().text(of: plan).contains("#### Changed since the last run"))
    }

    @Test("a status says since when, and shows drift to look at")
    func status() throws {
        let group = RichFleet.unclaimedGroup
        let since = Sample.now - .hours(2)
        let part = plan(nil).groups[0]
        let cluster = ClusterStatus(
            of: group,
            desired: RichFleet.desired("payments"),
            plan: part,
            now: Sample.now,
            lastRun: since
        )
        let report = StatusReport(fleet: "acme", now: Sample.now, clusters: [cluster])
        let text = StatusText(width: nil, colour: .never).text(of: report)
        #expect(
            text.contains("since the last run (\(since)): HSM: hsm-a is hsm-b now [service]\n")
        )
        #expect(cluster.noticed.map(\.reason.cause) == [.service] && cluster.lastRun == since)
        let violations = try SchemaCheck.violations(
            in: report.json(),
            against: "status.schema.json"
        )
        #expect(violations == "")
    }
}
