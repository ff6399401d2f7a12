import CloudHSM
import StrongroomModel
import StrongroomReport
import Testing

@Suite struct SafeTextTests {
    @Test(arguments: [
        ("plain text, 100 %", "plain text, 100 %"),
        ("Zürich 東京 🔐", "Zürich 東京 🔐"),
        ("two\nlines\r\n\tand a tab", "two\\nlines\\r\\n\\tand a tab"),
        ("\u{1B}[31mred\u{1B}[0m", "\\u{1b}[31mred\\u{1b}[0m"),
        ("\u{9B}31m", "\\u{9b}31m"),
        ("bell\u{07} null\u{00} delete\u{7F}", "bell\\u{7} null\\u{0} delete\\u{7f}"),
        ("abc\u{202E}cba", "abc\\u{202e}cba"),
        ("\u{2066}isolate\u{2069}", "\\u{2066}isolate\\u{2069}"),
        ("zero\u{200B}width\u{FEFF}", "zero\\u{200b}width\\u{feff}"),
        ("line\u{2028}separator", "line\\u{2028}separator"),
        ("hidden \u{E0041}tag", "hidden \\u{e0041}tag"),
        ("filler \u{3164}", "filler \\u{3164}"),
        ("private \u{E000}", "private \\u{e000}"),
        ("::error::forged", "\\u{3a}:error::forged"),
        ("see ::set-output", "see \\u{3a}:set-output"),
        ("arn:aws:iam::111122223333:role", "arn:aws:iam::111122223333:role"),
        ("##vso[task.complete]", "\\u{23}#vso[task.complete]"),
    ])
    func nothingUnseenReachesTheTerminal(text: String, shown: String) {
        #expect(SafeText.terminal(text) == shown)
    }

    @Test(arguments: [
        ("plain text, 100 %", "plain text, 100 %"),
        ("fleet/payments.yaml:7", "fleet/payments.yaml:7"),
        ("a | b", "a &#124; b"),
        ("`code`", "&#96;code&#96;"),
        ("<script>&", "&lt;script&gt;&amp;"),
        ("@everyone", "@<!-- -->everyone"),
        ("fixes #12", "fixes &#35;<!-- -->12"),
        ("*bold* _it_ ~~no~~ $x$", "\\*bold\\* \\_it\\_ \\~\\~no\\~\\~ \\$x\\$"),
        ("[link](javascript)", "\\[link\\](javascript)"),
        ("https://evil.example", "https&#58;//evil.example"),
        ("WWW.evil.example", "WWW&#46;evil.example"),
        ("row\n| forged |", "row\\\\n&#124; forged &#124;"),
        ("\u{202E}", "\\\\u{202e}"),
    ])
    func nothingForeignIsMarkup(text: String, shown: String) {
        #expect(SafeText.markdown(text) == shown)
    }

    @Test func everyRenderingEscapesWhatOthersWrote() {
        let evil = "\u{1B}[2J\n+ forged\u{202E}"
        let location = SourceLocation(file: evil, line: 1, column: 1)
        let reason = Reason(rule: "sample", evil, at: location)
        let step = Sample.step(1, .tagCluster(tags: [evil: evil], replacing: [evil: evil]), reason)
        let plan = Sample.plan([step], notes: [Note(.held, evil, reason)])
        let subject = PlanSubject(name: evil, home: Sample.prod, cluster: nil)
        let report = StepReport(subject: subject, step: step, status: .refused(evil), at: plan.now)
        let run = RunReport(steps: [report], endedAt: plan.now, wasStopped: false)
        var table = LiveTable(plan: plan)
        table.record(report)
        let diagnostic = Diagnostic(
            rule: evil,
            message: evil,
            at: location,
            sourceLine: evil,
            help: evil
        )
        let texts = [
            PlanText(width: nil, colour: .never).text(of: plan),
            PlanText(width: 80, colour: .never).text(of: plan),
            PlanMarkdown().text(of: plan),
            ProgressText(subjects: [subject], colour: .never).line(for: report),
            RunText(width: nil, colour: .never).text(of: run),
            table.frame(at: plan.now, width: 200, height: 9, colour: .never).joined(),
            DiagnosticsText(width: nil, colour: .never).text(of: [diagnostic]),
            PlanFit(
                PlanDocument(plan),
                against: Plan(fleet: plan.fleet, now: plan.now, groups: []),
                observed: [:],
                entries: [],
                use: .fresh
            ).misfits.joined(),
        ]
        for text in texts {
            #expect(!text.contains("\u{1B}") && !text.contains("\u{202E}"), "\(text)")
            #expect(!text.split(separator: "\n").contains { $0.hasPrefix("+ forged") }, "\(text)")
        }
    }
}
