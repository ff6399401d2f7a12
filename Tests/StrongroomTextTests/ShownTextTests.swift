import HostileText
import StrongroomText
import Testing

@Suite("Safe text as it is shown") struct SafeTextShownTests {
    @Test func everyDoorGivesSafeText() {
        #expect(HostileText.all.count == 300)
        for hostile in HostileText.all {
            let line = ShownText.line(hostile)
            #expect(HostileText.faults(in: line.utf8) == [], "\(line)")
            #expect(!line.contains("\n") && ShownText.line(line) == line)
            let page = ShownText.page("first\n\(hostile)\nlast \(hostile)")
            #expect(HostileText.faults(in: page.utf8) == [], "\(page)")
            #expect(ShownText.page(page) == page)
            let name = ShownText.name([0xFF, 0xC3] + Array(hostile.utf8) + [0xE2, 0x80])
            #expect(HostileText.faults(in: name.utf8) == [], "\(name)")
            #expect(ShownText.cells(hostile).count == hostile.unicodeScalars.count)
        }
    }

    @Test(arguments: [
        ("plain: text, 100 % a::b # c ## d\n  and [more]\n", nil),
        ("\u{1B}[31mred\u{1B}[0m → é 🔐\n", nil),
        ("\u{1B}[32mgreen", "\\u{1b}[32mgreen"), ("\u{1B}[31", "\\u{1b}[31"),
        ("one\n  ::error::x", "one\n  \\u{3a}:error::x"),
        ("\u{1B}[31m::error::x", "\u{1B}[31m\\u{3a}:error::x"),
        ("key: ::1", nil), ("a ##vso[x]", "a \\u{23}#vso[x]"), ("### [x]", nil),
        ("one\r\ntwo", "one\\r\ntwo"),
    ])
    func aPageKeepsWhatIsOurs(text: String, shown: String?) {
        let page = ShownText.page(text, keeping: ["\u{1B}[31m", "\u{1B}[0m"])
        #expect(page == shown ?? text)
    }

    @Test(arguments: [
        ([0x70, 0xFF, 0x79], "p\\xffy"), (Array("é\n".utf8), "é\\n"), ([0xC3], "\\xc3"),
        ([0xED, 0xA0, 0x80], "\\xed\\xa0\\x80"),
    ])
    func aNameNeedBeNoText(bytes: [UInt8], shown: String) {
        #expect(ShownText.name(bytes) == shown)
    }
}
