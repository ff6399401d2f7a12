import CloudHSM
import StrongroomModel
import StrongroomReport
import Testing

@Suite struct ProgressTests {
    @Test func whatRunsSaysHowLongAndHowLongThatTakesAsARule() {
        var table = LiveTable(plan: RichPlan.plan)
        #expect(table.running(at: Sample.now) == [])
        for event in Self.events.prefix(4) { table.record(event) }
        #expect(
            table.running(at: Sample.now + .minutes(4)) == [
                "ledger  + create cluster hsm2m.medium FIPS in eu-west-1a, eu-west-1b, retention "
                    + "90 days  running 3 min of about 5 min",
                "payments  + add HSM us-east-1b  running 3 min of about 10 min",
            ]
        )
    }

    private static let subjects = [RichPlan.paymentsSubject, RichPlan.ledgerSubject]

    /// A run of the rich plan in which something of everything happens.
    private static let events: [StepReport] = {
        let payments = { (index: Int, status: StepStatus, seconds: Int) in
            StepReport(
                subject: RichPlan.paymentsSubject,
                step: RichPlan.paymentsSteps[index],
                status: status,
                at: Sample.now + .seconds(seconds)
            )
        }
        let ledger = { (index: Int, status: StepStatus, seconds: Int) in
            StepReport(
                subject: RichPlan.ledgerSubject,
                step: RichPlan.ledgerSteps[index],
                status: status,
                at: Sample.now + .seconds(seconds)
            )
        }
        return [
            payments(0, .started, 1), payments(0, .done, 2), ledger(0, .started, 2),
            payments(1, .started, 3), ledger(0, .done, 61),
            ledger(
                1,
                .refused("CloudHsmInvalidRequestException: eu-west-1a\nhas no capacity"),
                62
            ),
            payments(1, .done, 604), payments(2, .started, 605),
            payments(3, .waiting("2 or more HSMs apart from it must be ACTIVE"), 606),
            payments(4, .inDoubt("the connection was closed before an answer came"), 607),
            payments(5, .unsafe("only 1 other backup is READY in eu-west-1"), 608),
            ledger(2, .waiting(""), 609),
        ]
    }()

    private static let ending: [StepReport] = {
        var last: [StepReport] = []
        for event in events {
            last.removeAll { $0.subject == event.subject && $0.step.id == event.step.id }
            last.append(event)
        }
        return last.sorted { ($1.subject, $0.step.id) < ($0.subject, $1.step.id) }
    }()

    @Test func aLogHasOneLinePerEvent() throws {
        let progress = ProgressText(subjects: Self.subjects, colour: .never)
        let text = Self.events.map { progress.line(for: $0) + "\n" }.joined()
        try Golden.expect(text, is: "progress.txt")
    }

    @Test func aTableShowsWhatRunsAndWhatIsInTrouble() throws {
        var table = LiveTable(plan: RichPlan.plan)
        var frames: [String] = []
        for (index, event) in Self.events.enumerated() {
            table.record(event)
            guard [0, 3, 11].contains(index) else { continue }
            for height in [12, 5] {
                let frame = table.frame(at: event.at, width: 100, height: height, colour: .never)
                frames.append(
                    "\(event.at), \(height) lines\n" + frame.joined(separator: "\n") + "\n"
                )
            }
        }
        try Golden.expect(frames.joined(separator: "\n"), is: "live-table.txt")
    }

    @Test(arguments: [20, 33, 60, 80, 200], [1, 2, 5, 12, 40])
    func aFrameFitsItsTerminal(width: Int, height: Int) {
        var table = LiveTable(plan: RichPlan.plan)
        for event in Self.events {
            table.record(event)
            let frame = table.frame(at: event.at, width: width, height: height, colour: .never)
            #expect(frame.count <= height)
            #expect(frame.allSatisfy { $0.count <= width }, "\(frame)")
        }
    }

    @Test func troubleIsShownEvenWhenThereIsRoomForOneLine() {
        var table = LiveTable(plan: RichPlan.plan)
        for event in Self.events { table.record(event) }
        let frame = table.frame(at: Sample.now, width: 80, height: 2, colour: .never)
        #expect(frame[0].contains("in doubt") || frame[0].contains("refused"))
        #expect(frame[1].contains("not shown"))
    }

    @Test func aRunEndsWithATableAndWhatToTypeNext() throws {
        let report = RunReport(
            steps: Self.ending,
            endedAt: Sample.now + .seconds(610),
            wasStopped: true
        )
        let wide = RunText(width: nil, colour: .never).text(of: report)
        let narrow = RunText(width: 80, colour: .never).text(of: report)
        try Golden.expect(wide + "--- 80 columns ---\n" + narrow, is: "run.txt")
    }

    @Test(
        arguments: [
            ([], "result: nothing was to be done\n"),
            ([.done], "result: 1 done\n"),
            (
                [.started],
                "It is the service's turn (payments). Next: strongroom apply, which waits for it, or the "
                    + "next reconcile.\n"
            ),
            (
                [.waiting("later")],
                "The next run goes on with what waits. Next: strongroom apply\n"
            ),
            (
                [.notReached(.unread("us-east-1 was not read"))],
                "Next: read the reasons above, then strongroom apply\n"
            ),
            ([.refused("no")], "Next: strongroom plan\n"),
            ([.unsafe("no")], "Next: strongroom plan\n"),
            ([.inDoubt("no")], "never repeats it blindly.\n"),
        ] as [([StepStatus], String)]
    )
    func eachEndSaysWhatToTypeNext(statuses: [StepStatus], ending: String) {
        let steps = statuses.map {
            StepReport(
                subject: RichPlan.paymentsSubject,
                step: RichPlan.paymentsSteps[0],
                status: $0,
                at: Sample.now
            )
        }
        let report = RunReport(steps: steps, endedAt: Sample.now, wasStopped: false)
        #expect(RunText(width: nil, colour: .never).text(of: report).hasSuffix(ending))
    }
}
