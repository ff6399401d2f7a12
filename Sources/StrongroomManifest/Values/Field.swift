/// One key of a manifest and the value behind it, with what is needed to read it.
struct Field {
    /// What messages call it: the key, or the list it stands in.
    let name: String

    /// Where the key was written; for an entry of a list, where the entry was.
    let keySpan: Span

    /// The value.
    let node: LocatedNode

    /// Where mistakes go.
    let findings: Findings

    /// Notes a mistake about the value.
    func report(_ mistake: some Mistake) {
        findings.report(mistake, at: isEmpty ? keySpan : node.span)
    }

    private var isEmpty: Bool {
        guard case .scalar(let scalar) = node.content else { return false }
        return scalar.isPlain && scalar.text.isEmpty
    }
}

extension Field {
    /// The whole document as a field.
    init(document: LocatedDocument, findings: Findings) {
        name = "the document"
        keySpan = Span(at: document.root.span.start)
        node = document.root
        self.findings = findings
    }

    /// The entries of a list; nil, and noted, if it is none.
    func entries() -> [Field]? {
        switch node.content {
        case .sequence(let items):
            return items.map { item in
                Field(name: name, keySpan: item.span, node: item, findings: findings)
            }
        case .refused: return nil
        case .scalar(let scalar) where scalar.isEmptyValue: report(ValueMistake.empty(name))
        default: report(ValueMistake.notAList(name))
        }
        return nil
    }

    /// The keys and values of a mapping whose keys people choose; nil, and noted, if it is none.
    ///
    /// - Parameter keyName: What messages call the keys.
    /// - Returns: Keys and values in the order written.
    func pairs(keyName: String) -> [(key: Field, value: Field)]? {
        guard let pairs = rawPairs() else { return nil }
        return pairs.map { pair in
            let key = LocatedNode(content: .scalar(pair.key.scalar), span: pair.key.span)
            let span = pair.key.span
            return (
                Field(name: keyName, keySpan: span, node: key, findings: findings),
                Field(name: pair.key.text, keySpan: span, node: pair.value, findings: findings)
            )
        }
    }

    /// The pairs of a mapping; nil, and noted, if it is none.
    func rawPairs() -> [LocatedNode.Pair]? {
        switch node.content {
        case .mapping(let pairs): return pairs
        case .refused: return nil
        case .scalar(let scalar) where scalar.isEmptyValue: report(ValueMistake.empty(name))
        default: report(ValueMistake.notAMapping(name))
        }
        return nil
    }

    /// The scalar; nil, and noted, if there is none or it is empty.
    func scalar() -> Scalar? {
        switch node.content {
        case .scalar(let scalar):
            guard scalar.isEmptyValue else { return scalar }
            report(ValueMistake.empty(name))
        case .mapping, .sequence: report(ValueMistake.notAValue(name))
        case .refused: break
        }
        return nil
    }
}

extension Scalar {
    /// Whether nothing, `~` or `null` was written.
    var isEmptyValue: Bool {
        guard isPlain, text.utf8.count <= 4 else { return false }
        if case .empty = PlainLook(of: text) { return true }
        return false
    }
}
