/// Reads a YAML text into documents of located nodes, within limits, and notes what it refuses.
///
/// Anchors, tags, merge keys and repeated keys are noted and reading goes on. What is over a limit
/// and what is not YAML ends the text at that place, so that hostile input costs no more than the
/// part before it. Aliases are never followed.
package struct LocatedTree: ~Copyable {
    private var events: YAMLEvents
    private let findings: Findings
    private var nodeCount = 0

    /// Reads every document of a text.
    ///
    /// - Parameter findings: The text, and where its mistakes are noted.
    /// - Returns: The documents before the first mistake that ends reading. Empty documents (nothing
    ///   but comments between two `---`) are left out, as every Kubernetes tool does.
    package static func documents(notingIn findings: Findings) -> [LocatedDocument] {
        let source = findings.source
        guard source.bytes.count <= YAMLLimits.bytes else {
            findings.report(LimitExceeded.bytes, at: Span(at: .start))
            return []
        }
        if let mistake = TextEncoding.mistake(atStartOf: source.bytes) {
            findings.report(mistake, at: Span(at: .start))
            return []
        }
        if let turn = source.firstTurn {
            findings.report(turn.mistake, at: Span(at: turn.mark))
            return []
        }
        return source.bytes.withUnsafeBufferPointer { bytes in
            var tree = LocatedTree(events: YAMLEvents(over: bytes), findings: findings)
            return tree.readStream()
        }
    }

    private init(events: consuming YAMLEvents, findings: Findings) {
        self.events = events
        self.findings = findings
    }

    private mutating func readStream() -> [LocatedDocument] {
        var documents: [LocatedDocument] = []
        do {
            var count = 0
            while let start = try documentStart() {
                count += 1
                guard count <= YAMLLimits.documents else {
                    throw stop(LimitExceeded.documents, at: start)
                }
                let root = try node(from: try next(), depth: 1)
                _ = try next()
                if !root.isEmptyDocument { documents.append(LocatedDocument(root: root)) }
            }
        } catch {
            // The mistake that ended reading has been noted where it was found.
        }
        return documents
    }

    private mutating func documentStart() throws(Stopped) -> Span? {
        while true {
            let event = try next()
            switch event.kind {
            case .documentStart:
                if event.decorations.contains(.directive) {
                    findings.report(YAMLMistake.directive, at: event.span)
                }
                return event.span
            case .streamEnd: return nil
            default: continue
            }
        }
    }

    private mutating func node(from event: YAMLEvent, depth: Int) throws(Stopped) -> LocatedNode {
        nodeCount += 1
        guard nodeCount <= YAMLLimits.nodes else { throw stop(LimitExceeded.nodes, at: event.span) }
        if !event.decorations.isEmpty { reportDecorations(of: event) }
        switch event.kind {
        case .scalar(let scalar):
            guard scalar.text.utf8.count <= YAMLLimits.scalarBytes else {
                throw stop(LimitExceeded.scalarBytes(scalar.text.utf8.count), at: event.span)
            }
            return LocatedNode(content: .scalar(scalar), span: event.span)
        case .mappingStart: return try mapping(from: event.span, depth: depth)
        case .sequenceStart: return try sequence(from: event.span, depth: depth)
        default:
            // The only event left inside a document is an alias.
            findings.report(YAMLMistake.alias, at: event.span)
            return LocatedNode(content: .refused, span: event.span)
        }
    }

    private mutating func mapping(from start: Span, depth: Int) throws(Stopped) -> LocatedNode {
        guard depth <= YAMLLimits.levels else { throw stop(LimitExceeded.levels, at: start) }
        var pairs: [LocatedNode.Pair] = []
        var seen = SeenKeys()
        while true {
            let event = try next()
            if case .mappingEnd = event.kind {
                return LocatedNode(
                    content: .mapping(pairs),
                    span: Span(from: start.start, to: event.span.end)
                )
            }
            let key = try node(from: event, depth: depth + 1)
            let value = try node(from: try next(), depth: depth + 1)
            guard case .scalar(let scalar) = key.content else {
                if case .refused = key.content { continue }
                findings.report(YAMLMistake.keyIsNoWord, at: key.span)
                continue
            }
            guard !(scalar.isPlain && scalar.text == "<<") else {
                findings.report(YAMLMistake.mergeKey, at: key.span)
                continue
            }
            if let first = seen.insert(scalar.text, after: pairs) {
                let mistake = YAMLMistake.duplicateKey(
                    scalar.text,
                    firstLine: Int(first.start.line) + 1,
                    firstColumn: Int(first.start.column) + 1
                )
                findings.report(mistake, at: key.span)
                continue
            }
            let located = LocatedScalar(scalar: scalar, span: key.span)
            pairs.append(LocatedNode.Pair(key: located, value: value))
        }
    }

    private mutating func sequence(from start: Span, depth: Int) throws(Stopped) -> LocatedNode {
        guard depth <= YAMLLimits.levels else { throw stop(LimitExceeded.levels, at: start) }
        var items: [LocatedNode] = []
        while true {
            let event = try next()
            if case .sequenceEnd = event.kind {
                return LocatedNode(
                    content: .sequence(items),
                    span: Span(from: start.start, to: event.span.end)
                )
            }
            items.append(try node(from: event, depth: depth + 1))
        }
    }

    private mutating func next() throws(Stopped) -> YAMLEvent {
        guard !findings.isFull else { throw Stopped() }
        do {
            return try events.next()
        } catch {
            let (mistake, mark) = findings.source.mistake(behind: error)
            throw stop(mistake, at: Span(at: mark))
        }
    }

    private func reportDecorations(of event: YAMLEvent) {
        if event.decorations.contains(.anchor) {
            findings.report(YAMLMistake.anchor, at: Span(at: event.span.start))
        }
        if event.decorations.contains(.tag) {
            findings.report(YAMLMistake.tag, at: Span(at: event.span.start))
        }
    }

    private func stop(_ mistake: some Mistake, at span: Span) -> Stopped {
        findings.report(mistake, at: span)
        return Stopped()
    }
}

/// Reading of a text has ended early; the reason is among its findings.
private struct Stopped: Error {}
