/// The keys one kind of mapping may have.
protocol ManifestKey: RawRepresentable<String>, CaseIterable, Equatable, Sendable {}

/// The fields of one mapping, sorted out by key.
///
/// Unknown keys are noted when it is made.
struct Fields<Key: ManifestKey> {
    private let owner: Field
    private var found: [(key: Key, field: Field)] = []

    /// Sorts a mapping out; nil, and noted, if there is none.
    ///
    /// - Parameter owner: The field that holds the mapping.
    init?(of owner: Field) {
        guard let pairs = owner.rawPairs() else { return nil }
        self.owner = owner
        found.reserveCapacity(pairs.count)
        for pair in pairs {
            guard let key = Key(rawValue: pair.key.text) else {
                Self.reportUnknown(pair.key, in: owner)
                continue
            }
            let field = Field(
                name: pair.key.text,
                keySpan: pair.key.span,
                node: pair.value,
                findings: owner.findings
            )
            found.append((key, field))
        }
    }

    /// The field of a key, if it is written.
    subscript(key: Key) -> Field? {
        for entry in found where entry.key == key { return entry.field }
        return nil
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
