import StrongroomManifest
import StrongroomModel
import Testing

@Suite struct LocatedTreeTests {
    @Test func keepsOrderStyleAndNesting() {
        let read = tree(Array("b: 2\na: [x, \"2\", 'y']\nc: { k: v }\n".utf8))
        #expect(read.documents.map(\.root.outline) == ["{b: 2, a: [x, \"2\", \"y\"], c: {k: v}}"])
    }

    @Test func knowsWhereEveryNodeBeginsAndEnds() throws {
        let read = tree(Array("# café\nspec:\n  naïve: [a, \"bc\"]\n".utf8))
        let root = try #require(read.documents.first?.root)
        guard case .mapping(let outer) = root.content,
            case .mapping(let inner) = try #require(outer.first).value.content,
            case .sequence(let items) = try #require(inner.first).value.content
        else {
            Issue.record("unexpected tree \(root.outline)")
            return
        }
        #expect(outer[0].key.span.start == Mark(line: 1, column: 0))
        #expect(
            inner[0].key.span == Span(from: Mark(line: 2, column: 2), to: Mark(line: 2, column: 7))
        )
        #expect(
            items[1].span == Span(from: Mark(line: 2, column: 13), to: Mark(line: 2, column: 17))
        )
        #expect(items[1].span.width == 4)
    }

    @Test func readsEveryDocumentAndSkipsEmptyOnes() {
        let read = tree(Array("---\n# nothing\n---\na: 1\n---\nb: 2\n...\n---\n".utf8))
        #expect(read.documents.map(\.root.outline) == ["{a: 1}", "{b: 2}"])
        #expect(read.findings.diagnostics.isEmpty)
    }

    @Test(arguments: ["", "\n\n", "# only a comment\n", "---\n", "---\n...\n"])
    func readsNothingFromNothing(text: String) {
        let read = tree(Array(text.utf8))
        #expect(read.documents.isEmpty)
        #expect(read.findings.diagnostics.isEmpty)
    }

    @Test(arguments: [
        ("a: &x 1\n", Found("yaml-anchor", 1, 4)),
        ("a:\n  - &x {b: 1}\n", Found("yaml-anchor", 2, 5)),
        ("&x a: 1\n", Found("yaml-anchor", 1, 1)),
        ("a: *x\n", Found("yaml-alias", 1, 4)),
        ("*x : 1\n", Found("yaml-alias", 1, 1)),
        ("a: !!str 1\n", Found("yaml-tag", 1, 4)),
        ("a: !local {}\n", Found("yaml-tag", 1, 4)),
        ("a: ! x\n", Found("yaml-tag", 1, 4)),
        ("%YAML 1.1\n---\na: 1\n", Found("yaml-directive", 1, 1)),
        ("%TAG ! tag:x,2000:\n---\na: 1\n", Found("yaml-directive", 1, 1)),
        ("a:\n  <<: {b: 1}\n", Found("yaml-merge-key", 2, 3)),
        ("a: 1\nb: 2\n  \na: 3\n", Found("duplicate-key", 4, 1)),
        ("a: 1\n\"a\": 3\n", Found("duplicate-key", 2, 1)),
        ("{a: 1, a: 2}\n", Found("duplicate-key", 1, 8)),
        ("? [a, b]\n: 1\n", Found("yaml-key", 1, 3)),
        ("? {a: b}\n: 1\n", Found("yaml-key", 1, 3)),
        ("a:\n\tb: 1\n", Found("yaml-tab", 2, 1)),
        ("a:\n  b: 1\n\tc: 1\n", Found("yaml-tab", 3, 1)),
        ("a:\n -\tb: 1\n", Found("yaml-tab", 2, 3)),
        ("a: |\n\tb\n", Found("yaml-tab", 2, 1)),
        ("a: [b\n", Found("yaml-syntax", 2, 1)),
        ("a: 'b\n", Found("yaml-syntax", 2, 1)),
        ("a: [b", Found("yaml-syntax", 1, 6)),
        ("a: b: c\n", Found("yaml-syntax", 1, 5)),
        ("a: @b\n", Found("yaml-syntax", 1, 4)),
        ("%YAML 2.0\n---\na: 1\n", Found("yaml-syntax", 1, 1)),
        ("a: 1\nb\n", Found("yaml-syntax", 3, 1)),
    ])
    func refusesByNameAndPlace(text: String, mistake: Found) {
        #expect(yamlMistakes(text) == [mistake])
    }

    @Test func namesTheFirstOfTwoEqualKeys() throws {
        let findings = tree(Array("a: 1\nx:\n  b: 1\n  c: 2\n  b: 3\n".utf8)).findings
        let diagnostic = try #require(findings.diagnostics.first)
        #expect(diagnostic.message == "the key \"b\" is written twice; the first is at 3:3")
        #expect(diagnostic.sourceLine == "  b: 3")
    }

    @Test func findsEqualKeysInLargeMappings() {
        let keys = (0..<500).map { "k\($0): 1\n" }.joined()
        #expect(yamlMistakes(keys + "k499: 2\nk0: 2\n").map(\.line) == [501, 502])
    }

    @Test func listsEveryMistakeOfATextAtOnce() {
        let text = "a: &x 1\nb: *x\nc: !t 1\nb: 2\nd: [\n"
        #expect(
            yamlMistakes(text).map(\.rule)
                == ["yaml-anchor", "yaml-alias", "yaml-tag", "duplicate-key", "yaml-syntax"]
        )
    }

    @Test func acceptsTabsThatAreNotIndentation() {
        #expect(yamlMistakes("a:\tb\nc: d\t# comment\ne: \"x\ty\"\n").isEmpty)
    }
}
