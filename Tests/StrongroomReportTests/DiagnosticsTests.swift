import StrongroomModel
import StrongroomReport
import Testing

@Suite struct DiagnosticsTests {
    private static let mistakes = [
        Diagnostic(
            rule: "out-of-range",
            message: "retentionDays is 400, but the service accepts 7 to 379 days",
            at: SourceLocation(file: "examples/payments/manifest.yaml", line: 7, column: 18),
            sourceLine: "  retentionDays: 400",
            width: 3,
            help: "write a period from 7 to 379"
        ),
        Diagnostic(
            rule: "unknown-key",
            message: "there is no key retentionDay here",
            at: SourceLocation(file: "examples/payments/manifest.yaml", line: 112, column: 3),
            sourceLine: "  retentionDay: 90",
            width: 12,
            help: "did you mean retentionDays?"
        ),
        Diagnostic(
            rule: "tab",
            message: "a tab cannot be used to indent",
            at: SourceLocation(file: "-", line: 3, column: 2),
            sourceLine: " \thsms: 2",
            help: "indent with spaces"
        ),
        Diagnostic(
            rule: "missing-key",
            message: "spec.region is missing",
            at: SourceLocation(file: "fleet/東京.yaml", line: 9, column: 14),
            sourceLine: "  labels: { 東京: yes }",
            width: 2,
            help: "add region: us-east-1"
        ),
        Diagnostic(
            rule: "control-character",
            message: "the name holds a control character",
            at: SourceLocation(file: "fleet/evil.yaml", line: 4, column: 12),
            sourceLine: "  name: pay\u{1B}[31mments",
            width: 1,
            help: "write the name in letters, digits and hyphens"
        ),
        Diagnostic(
            rule: "end-of-file",
            message: "the mapping is not closed",
            at: SourceLocation(file: "fleet/evil.yaml", line: 5, column: 40),
            sourceLine: "",
            help: "close it with }"
        ),
        Diagnostic(
            rule: "nothing-read",
            message: "no manifest was found in fleet/empty",
            at: nil,
            help: "name a file or a directory that holds .yaml files"
        ),
    ]

    @Test func everyMistakeSaysWhatWhereAndWhatNext() throws {
        let text = DiagnosticsText(width: nil, colour: .never).text(of: Self.mistakes)
        try Golden.expect(text, is: "diagnostics.txt")
    }

    @Test func aDocumentHoldsTheSameFacts() throws {
        let json = DiagnosticsDocument(Self.mistakes).json()
        try Golden.expect(String(decoding: json, as: UTF8.self), is: "diagnostics.json")
        #expect(try SchemaCheck.violations(in: json, against: "diagnostics.schema.json") == "")
    }

    @Test func noMistakesGiveNoText() {
        #expect(DiagnosticsText(width: 80, colour: .always).text(of: []) == "")
    }

    @Test(arguments: [
        ("hsms: 2", 7, 1, "hsms: 2", "      ^"),
        ("\thsms: 2", 2, 4, "    hsms: 2", "    ^^^^"),
        ("東京: 2", 5, 1, "東京: 2", "      ^"),
        ("東京: 2", 1, 2, "東京: 2", "^^^^"),
        ("a\u{202E}b", 2, 1, "a\\u{202e}b", " ^^^^^^^^"),
        ("e\u{301}: 2", 5, 1, "e\u{301}: 2", "   ^"),
        ("hsms:", 20, 3, "hsms:", "     ^"),
        ("hsms: 2", 7, 99, "hsms: 2", "      ^"),
        ("", 1, 1, "", "^"),
    ])
    func theCaretStandsUnderTheMistake(
        source: String,
        column: Int,
        width: Int,
        line: String,
        caret: String
    ) {
        let diagnostic = Diagnostic(
            rule: "sample",
            message: "wrong",
            at: SourceLocation(file: "a.yaml", line: 1, column: column),
            sourceLine: source,
            width: width,
            help: "mend it"
        )
        let text = DiagnosticsText(width: nil, colour: .never).text(of: [diagnostic])
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines[3] == (line.isEmpty ? " 1 |" : " 1 | \(line)"))
        #expect(lines[4] == "   | \(caret)")
    }

    @Test(arguments: [1, 30, 200, 399, 401])
    func aLongLineIsCutAroundTheMistake(column: Int) {
        let letters = (0..<400).map { String(UnicodeScalar(UInt8(0x61 + $0 % 26))) }
        let diagnostic = Diagnostic(
            rule: "sample",
            message: "wrong",
            at: SourceLocation(file: "a.yaml", line: 10, column: column),
            sourceLine: letters.joined(),
            help: "mend it"
        )
        let text = DiagnosticsText(width: 60, colour: .never).text(of: [diagnostic])
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines[3].count <= 60 && lines[4].count <= 60, "\(lines[3])\n\(lines[4])")
        let under = lines[4].count - 1
        if column <= 400 {
            let letter = lines[3].dropFirst(under).first.map { String($0) }
            #expect(letter == letters[column - 1], "\(lines[3])\n\(lines[4])")
        }
    }
}
