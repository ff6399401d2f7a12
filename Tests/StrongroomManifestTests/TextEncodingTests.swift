import StrongroomManifest
import StrongroomModel
import Testing

@Suite struct TextEncodingTests {
    @Test(
        arguments: [
            ([0xEF, 0xBB, 0xBF] + Array("a: 1\n".utf8), Found("byte-order-mark", 1, 1)),
            ([0xFF, 0xFE, 0x61, 0x00], Found("utf-16", 1, 1)),
            ([0xFE, 0xFF, 0x00, 0x61], Found("utf-16", 1, 1)),
            ([0x00, 0x00, 0xFE, 0xFF], Found("utf-16", 1, 1)),
            ([0x61, 0x00, 0x3A, 0x00], Found("utf-16", 1, 1)),
            ([0x00, 0x61, 0x00, 0x3A], Found("utf-16", 1, 1)),
            (Array("a: 1\nb: é".utf8) + [0xFF, 0x0A], Found("invalid-utf-8", 2, 5)),
            (Array("a: ".utf8) + [0xC0, 0x80], Found("invalid-utf-8", 1, 4)),
            (Array("a: ".utf8) + [0xED, 0xA0, 0x80], Found("invalid-utf-8", 1, 4)),
            (Array("a: \r\nb: \rc: ".utf8) + [0xF5, 0x80], Found("invalid-utf-8", 3, 4)),
            (Array("a: 1\nb: x".utf8) + [0x00, 0x0A], Found("nul-byte", 2, 5)),
            (Array("a: 1\nb: x".utf8) + [0x07, 0x0A], Found("control-character", 2, 5)),
            (Array("a: \"é".utf8) + [0x1B, 0x22], Found("control-character", 1, 6)),
            (Array("a: 1\n# é \u{202E}1 :a\n".utf8), Found("reading-order", 2, 5)),
            (Array("a: x\u{2066}y\n".utf8), Found("reading-order", 1, 5)),
            (Array("\u{200F}a: 1\n".utf8), Found("reading-order", 1, 1)),
            (Array("a: \"\u{61C}\"\n".utf8), Found("reading-order", 1, 5)),
        ] as [([UInt8], Found)]
    )
    func refusesWhatIsNotPlainUTF8(bytes: [UInt8], mistake: Found) {
        let read = tree(bytes)
        #expect(read.findings.diagnostics.map(Found.init) == [mistake])
        #expect(read.documents.isEmpty)
    }

    @Test(arguments: [
        "a: ü\n", "a: 漢字 # 字\n", "a: 😀\n", "a: ’–Ø\n", "\u{85}a: 1\n", "a: 1\u{2028}b: 2\n",
    ])
    func acceptsPlainUTF8(text: String) {
        #expect(yamlMistakes(text).isEmpty)
    }

    /// YAML 1.1 has more line breaks than LF; a shown line must be the one libyaml counted.
    @Test(arguments: ["\n", "\r", "\r\n", "\u{85}", "\u{2028}", "\u{2029}"])
    func showsTheLineThatLibyamlCounted(lineBreak: String) throws {
        let text = ["a: 1", "b: *x", "c: 2"].joined(separator: lineBreak)
        let diagnostic = try #require(tree(Array(text.utf8)).findings.diagnostics.first)
        #expect(Found(diagnostic) == Found("yaml-alias", 2, 4))
        #expect(diagnostic.sourceLine == "b: *x")
        #expect(diagnostic.width == 2)
    }

    @Test func doesNotShowEndlessLines() throws {
        let text = "a: [" + String(repeating: "x, ", count: 1_000) + "*y]\n"
        let diagnostic = try #require(tree(Array(text.utf8)).findings.diagnostics.first)
        #expect(Found(diagnostic) == Found("yaml-alias", 1, 3_005))
        #expect(diagnostic.sourceLine == nil)
    }

    @Test func quotesForeignTextWithoutControlCharacters() {
        #expect(quoted("a\u{1B}[31m\u{202E}b\n") == "\"a\\u{001B}[31m\\u{202E}b\\u{000A}\"")
        #expect(quoted(String(repeating: "x", count: 100)).count == 63)
    }
}
