import CloudHSM
import StrongroomModel
import StrongroomReport
import Testing

@Suite struct PlanTextTests {
    @Test func aPlanForALogHasOneLinePerChange() throws {
        let text = PlanText(width: nil, colour: .never).text(of: RichPlan.plan)
        try Golden.expect(text, is: "plan.txt")
    }

    @Test func aPlanReadsWellInANarrowTerminal() throws {
        let text = PlanText(width: 80, colour: .never, unchanged: .listed).text(of: RichPlan.plan)
        try Golden.expect(text, is: "plan-80.txt")
    }

    @Test func aPlanReadsWellInAWideTerminal() throws {
        let text = PlanText(width: 120, colour: .always).text(of: RichPlan.plan)
        try Golden.expect(text, is: "plan-120-colour.txt")
    }

    @Test(arguments: [60, 72, 80, 100, 120, 200])
    func noLineIsWiderThanTheTerminal(width: Int) {
        let text = PlanText(width: width, colour: .never, unchanged: .listed).text(
            of: RichPlan.plan
        )
        for line in text.split(separator: "\n") {
            #expect(width >= line.count, "\(line)")
        }
    }

    @Test func colourAddsNothingButColour() {
        for width in [nil, 80, 120] {
            let plain = PlanText(width: width, colour: .never).text(of: RichPlan.plan)
            let painted = PlanText(width: width, colour: .always).text(of: RichPlan.plan)
            #expect(painted.replacing(/\u{1B}\[[0-9;]*m/, with: "") == plain)
        }
    }

    private static let add = Action.addHSM(zone: Sample.zone("us-east-1b"), causesBackup: false)
    private static let copy = Action.copyBackup(
        .known(Sample.backup("ro5c4er4aa2")),
        to: Sample.ireland
    )
    private static let delete = Action.deleteBackup(
        Sample.backup("ro5c4er4aa2"),
        in: Sample.ireland,
        createdAt: Sample.now - .days(41)
    )
    private static let remove = Action.removeHSM(
        .known(Sample.hsm("aaaaaaaaaa2")),
        zone: nil,
        causesBackup: false
    )
    private static let retention = Action.setRetention(
        from: .unmanaged,
        to: Sample.days(30),
        losing: []
    )
    private static let because = Reason(rule: "sample", "because", at: nil)
    private static let held = Note(.held, "HSMs", because)
    private static let waiting = Note(.waiting, "HSMs", because)

    @Test(
        arguments: [
            ([], [], 0, "No changes."),
            ([], [], 14, "No changes. 14 unchanged."),
            (
                [], [held, waiting, held], 14,
                "plan: nothing to do now, 1 waiting, 2 held, 14 unchanged"
            ),
            ([add], [], 0, "plan: 1 add"),
            (
                [add, add, copy, delete, remove, delete], [held], 14,
                "plan: 2 add, 1 copy, 3 delete, 1 held, 14 unchanged"
            ),
            ([retention], [waiting], 0, "plan: 1 change, 1 waiting"),
        ] as [([Action], [Note], Int, String)]
    )
    func totalsLeaveZerosOut(actions: [Action], notes: [Note], unchanged: Int, line: String) {
        let steps = actions.enumerated().map { Sample.step($0 + 1, $1) }
        let plan = Sample.plan(steps, notes: notes, unchanged: unchanged)
        let text = PlanText(width: nil, colour: .never).text(of: plan)
        #expect(text.split(separator: "\n").contains(Substring(line)), "\(text)")
    }

    @Test func aPlanThatLosesBackupsEndsWithHowToAcceptThat() {
        let plan = Sample.plan([Sample.step(1, Self.delete)])
        let text = PlanText(width: nil, colour: .never).text(of: plan)
        #expect(
            text.hasSuffix(
                """
                plan: 1 delete
                It loses 1 backup, restorable for 7 days. To accept: answer when strongroom apply \
                asks, or give --yes.

                """
            )
        )
    }

    @Test func aGroupAsItShouldBeIsOnlyCounted() {
        let plan = Sample.plan([], unchanged: 9)
        #expect(PlanText(width: 80, colour: .never).text(of: plan) == "No changes. 9 unchanged.\n")
    }
}
