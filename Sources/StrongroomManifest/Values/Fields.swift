/// The keys one kind of mapping may have.
protocol ManifestKey: RawRepresentable<String>, CaseIterable, Equatable, Sendable {}

/// The fields of one mapping, sorted out by key.
///
/// Unknown keys are noted when it is made.
struct Fields<Key: ManifestKey> {
    private let owner: Field
    private let pairs: [LocatedNode.Pair]

    /// The key of each pair; nil for an unknown one.
    private let keys: [Key?]

    /// Sorts a mapping out; nil, and noted, if there is none.
    ///
    /// - Parameter owner: The field that holds the mapping.
    init?(of owner: Field) {
        guard let pairs = owner.rawPairs() else { return nil }
        self.owner = owner
        self.pairs = pairs
        keys = pairs.map { pair in
            let key = Key(rawValue: pair.key.text)
            if key == nil { Self.reportUnknown(pair.key, in: owner) }
            return key
        }
    }

    /// The field of a key, if it is written.
    subscript(key: Key) -> Field? {
        guard let index = keys.firstIndex(of: key) else { return nil }
        let pair = pairs[index]
        return Field(
            name: pair.key.text,
            keySpan: pair.key.span,
            node: pair.value,
            findings: owner.findings
        )
    }

    /// The field of a key that must be written; nil, and noted, if it is not.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - example: What could stand behind it.
    /// - Returns: The field.
    func required(_ key: Key, example: String) -> Field? {
        if let field = self[key] { return field }
        reportMissing(key, example: example)
        return nil
    }

    /// Notes that a key is missing.
    func reportMissing(_ key: Key, example: String) {
        let mistake = ValueMistake.missingKey(key.rawValue, in: owner.name, example: example)
        owner.findings.report(mistake, at: owner.keySpan)
    }

    /// The one of some keys that is written; nil, and noted, if none or another is as well.
    ///
    /// - Parameters:
    ///   - choices: The keys, in the order to prefer them.
    ///   - example: A key and what could stand behind it.
    /// - Returns: The key.
    func onlyOne(of choices: [Key], example: String) -> Key? {
        let written = choices.compactMap { key in self[key].map { (key: key, field: $0) } }
        guard let first = written.first else {
            let keys = choices.map(\.rawValue)
            let mistake = ValueMistake.missingChoice(keys, in: owner.name, example: example)
            owner.findings.report(mistake, at: owner.keySpan)
            return nil
        }
        for other in written.dropFirst() {
            let mistake = ValueMistake.conflictingKeys(first.key.rawValue, other.key.rawValue)
            owner.findings.report(mistake, at: other.field.keySpan)
        }
        return written.count == 1 ? first.key : nil
    }

    private static func reportUnknown(_ key: LocatedScalar, in owner: Field) {
        let known = Key.allCases.map(\.rawValue)
        let mistake = ValueMistake.unknownKey(
            key.text,
            in: owner.name,
            nearest: nearestWord(to: key.text, among: known),
            known: known
        )
        owner.findings.report(mistake, at: key.span)
    }
}
