import StrongroomManifest
import StrongroomModel

/// One mistake as tests name it: rule, line, column.
struct Found: Hashable, CustomStringConvertible {
    let rule: String
    let line: Int
    let column: Int

    init(_ rule: String, _ line: Int, _ column: Int) {
        self.rule = rule
        self.line = line
        self.column = column
    }

    init(_ diagnostic: Diagnostic) {
        self.init(
            diagnostic.rule,
            diagnostic.location?.line ?? 0,
            diagnostic.location?.column ?? 0
        )
    }

    var description: String { "\(rule) \(line):\(column)" }
}

/// Reads a text into its tree.
func tree(_ bytes: [UInt8]) -> (documents: [LocatedDocument], findings: Findings) {
    let findings = Findings(in: SourceText(file: "test.yaml", bytes: bytes))
    return (LocatedTree.documents(notingIn: findings), findings)
}

/// The mistakes a text has as YAML, in the order they were found.
func yamlMistakes(_ text: String) -> [Found] {
    tree(Array(text.utf8)).findings.diagnostics.map(Found.init)
}

extension LocatedNode {
    /// A short form for comparison: `{a: 1, b: [x, "y"]}`, quoted scalars in quotes.
    var outline: String {
        switch content {
        case .scalar(let scalar): scalar.isPlain ? scalar.text : "\"\(scalar.text)\""
        case .mapping(let pairs):
            "{" + pairs.map { "\($0.key.text): \($0.value.outline)" }.joined(separator: ", ") + "}"
        case .sequence(let items): "[" + items.map(\.outline).joined(separator: ", ") + "]"
        case .refused: "<refused>"
        }
    }
}
