import CloudHSM
import Foundation
import HostileText
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

    @Test func everyRenderingEscapesWhatOthersWrote() throws {
        let colours = Colour.always.sequences.sorted()
        for hostile in HostileText.all {
            for (name, text) in renderings(of: hostile) {
                let faults = HostileText.faults(in: text, allowing: colours)
                #expect(faults.isEmpty, "\(name): \(faults.prefix(3))")
            }
        }
    }

    @Test func aSavedPlanIsReadAsWrittenNowAndAsWrittenBefore() throws {
        for hostile in HostileText.all {
            let document = PlanDocument(plan(of: hostile))
            let json = document.json()
            #expect(try PlanDocument(json: json) == document)
            let before = try JSONSerialization.jsonObject(with: Data(json))
            let raw = try JSONSerialization.data(
                withJSONObject: before,
                options: [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
            )
            #expect(try PlanDocument(json: Array(raw) + [0x0A]) == document)
        }
    }

    @Test func aSignedOverrideSaysTheSameHoweverItIsWritten() throws {
        let key = SigningKey()
        for hostile in HostileText.all {
            let fields = [
                "format": "strongroom-override/1", "rule": "deletion-budget", "group": hostile,
                "plan": "sha256:0", "expires": "2026-11-24T09:00:00Z", "approver": "Ada",
                "reason": hostile,
            ]
            let plain = try OverrideDocument(json: Array(try JSONEncoder().encode(fields)))
            let signed = try plain.signed(by: key).json()
            #expect(HostileText.faults(in: signed) == [])
            #expect(try OverrideDocument(json: signed).sha256 == plain.sha256)
        }
    }

    private func plan(of evil: String) -> Plan {
        let location = SourceLocation(file: evil, line: 1, column: 1)
        let reason = Reason(rule: "sample", evil, at: location)
        let step = Sample.step(1, .tagCluster(tags: [evil: evil], replacing: [evil: evil]), reason)
        return Sample.plan([step], notes: [Note(.held, evil, reason)])
    }

    private func renderings(of evil: String) -> [(String, [UInt8])] {
        let location = SourceLocation(file: evil, line: 1, column: 1)
        let plan = plan(of: evil)
        let step = plan.groups[0].steps[0]
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
        let misfits = PlanFit(
            PlanDocument(plan),
            against: Plan(fleet: plan.fleet, now: plan.now, groups: []),
            observed: [:],
            entries: [],
            use: .fresh
        ).misfits
        var desired = RichFleet.desired("payments")
        desired.purge = Located(
            DesiredPurge(materialRemovedAt: Sample.now - .days(3), reason: evil),
            at: location
        )
        let status = StatusReport(
            fleet: evil,
            now: Sample.now,
            clusters: [RichFleet.status(of: [RichFleet.backup(1, taken: Sample.now)], desired)]
        )
        let texts = [
            ("plan", PlanText(width: nil, colour: .always).text(of: plan)),
            ("plan of 80", PlanText(width: 80, colour: .never).text(of: plan)),
            ("Markdown", PlanMarkdown().text(of: plan)),
            ("progress", ProgressText(subjects: [subject], colour: .always).line(for: report)),
            ("run", RunText(width: nil, colour: .never).text(of: run)),
            (
                "table",
                table.frame(at: plan.now, width: 200, height: 9, colour: .never)
                    .joined(separator: "\n")
            ),
            ("diagnostics", DiagnosticsText(width: 60, colour: .always).text(of: [diagnostic])),
            ("misfits", misfits.joined(separator: "\n")),
            ("status", StatusText(width: 100, colour: .always).text(of: status)),
        ]
        return texts.map { ($0.0, Array($0.1.utf8)) } + [
            ("plan's JSON", PlanDocument(plan).json()),
            ("diagnostics' JSON", DiagnosticsDocument([diagnostic]).json()),
            ("status's JSON", status.json()),
        ]
    }
}
