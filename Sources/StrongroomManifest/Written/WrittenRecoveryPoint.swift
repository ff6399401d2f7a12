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
        case name, backup, takenBefore, regions
    }

    /// Reads one entry.
    init(of field: Field) {
        guard let fields = Fields<Key>(of: field) else { return }
        name = fields.required(.name, example: "before-rotation")?.value(.name)
        regions = fields[.regions]?.regions() ?? []
        let backup = fields[.backup]?.value(.backupID)
        let moment = fields[.takenBefore]?.timestamp()
        switch (fields[.backup], fields[.takenBefore]) {
        case (nil, nil): fields.reportMissing(.backup, example: "backup-ro5c4er4aac")
        case (.some, nil): selector = backup.map { $0.map { .backup($0) } }
        case (nil, .some): selector = moment.map { $0.map { .takenBefore($0) } }
        case (.some, let both?):
            let mistake = ValueMistake.conflictingKeys("backup", "takenBefore")
            both.findings.report(mistake, at: both.keySpan)
        }
    }
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
