import CloudHSM
import StrongroomModel

/// One entry of `recoveryPoints`: a backup to keep by name.
struct WrittenRecoveryPoint {
    /// Its name.
    private(set) var name: Spanned<String>?

    /// Which backup it is.
    private(set) var selector: Spanned<DesiredRecoveryPoint.Selector>?

    /// The Regions it is to be held in besides the home Region.
    private(set) var regions: [Spanned<Region>] = []

    private enum Key: String, ManifestKey {
        case name, backup, takenBefore, takenAfter, newest, regions

        /// The keys that say which backup it is.
        static let selectors: [Key] = [.backup, .takenBefore, .takenAfter, .newest]
    }

    /// Reads one entry.
    init(of field: Field) {
        guard let fields = Fields<Key>(of: field) else { return }
        name = fields.required(.name, example: "before-rotation")?.value(.name)
        regions = fields[.regions]?.regions() ?? []
        let selectors = Key.selectors.compactMap { Self.selector($0, in: fields) }
        if fields.onlyOne(of: Key.selectors, example: "backup: backup-ro5c4er4aac") != nil {
            selector = selectors.first
        }
    }

    private static func selector(
        _ key: Key,
        in fields: Fields<Key>
    ) -> Spanned<DesiredRecoveryPoint.Selector>? {
        guard let field = fields[key] else { return nil }
        switch key {
        case .backup: return field.value(.backupID)?.map { .backup($0) }
        case .takenBefore: return field.timestamp()?.map { .takenBefore($0) }
        case .takenAfter: return field.timestamp()?.map { .takenAfter($0) }
        case .newest: return field.newest()
        case .name, .regions: return nil
        }
    }
}

extension Field {
    /// The nomination of the newest backup; nil, and noted, if this is anything but `true`.
    fileprivate func newest() -> Spanned<DesiredRecoveryPoint.Selector>? {
        guard let boolean = boolean() else { return nil }
        guard boolean.value else {
            report(NominatesNothing())
            return nil
        }
        return boolean.map { _ in .newest }
    }
}

/// A recovery point that says which backup it is not.
struct NominatesNothing: Mistake {
    let rule = "nominates-nothing"
    let message = "newest is false, which nominates no backup"
    let help = "write newest: true, or say which one with backup, takenBefore or takenAfter"
}

extension Field {
    /// A list of Regions, at least one and each once.
    func regions() -> [Spanned<Region>] {
        guard let entries = entries() else { return [] }
        guard !entries.isEmpty else {
            report(ValueMistake.tooFew(name, least: "one Region"))
            return []
        }
        var regions: [Spanned<Region>] = []
        for entry in entries {
            guard let region = entry.value(.region) else { continue }
            if regions.contains(where: { $0.value == region.value }) {
                entry.report(ValueMistake.listedTwice("\(region.value)", name: name))
            } else {
                regions.append(region)
            }
        }
        return regions
    }
}
