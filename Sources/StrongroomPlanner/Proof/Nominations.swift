internal import CloudHSM
internal import StrongroomModel

/// Which backups are nominated as recovery points, or may turn out to be.
struct Nominations: Sendable {
    /// The points a backup can be told from, with their names.
    private let resolved: [BackupID: String]

    /// The points that no tag records yet.
    private let open: [(name: String, selector: DesiredRecoveryPoint.Selector)]

    /// Where the copies of a backup named by its id are held.
    private let copied: [BackupID: Set<Region>]

    /// The names that manifests nominate.
    private let names: Set<String>

    /// Those of them that mean what a tag records.
    private let pointsByTag: Set<String>

    /// The cluster's own backups that are recorded under a name that no manifest has any more.
    private let former: [BackupID: String]

    /// Reads the nominations.
    ///
    /// - Parameters:
    ///   - desired: The manifest.
    ///   - backups: The group's backups and copies.
    ///   - steps: The steps before the first that loses a backup: what they record is decided by
    ///     then, for what loses a backup waits for all of them.
    init(desired: DesiredCluster, backups: [Backup], recordedBy steps: some Sequence<Step>) {
        let names = Set(desired.recoveryPoints.map(\.name.value))
        self.names = names
        // A point that names its backup by id means that one, whatever was recorded before.
        let byTag = Set(desired.recoveryPoints.filter { !$0.selector.isByID }.map(\.name.value))
        former = Self.former(among: backups, but: names)
        var resolved: [BackupID: String] = [:]
        var recorded: Set<String> = []
        let byID = Dictionary(backups.map { ($0.id, $0) }) { first, _ in first }
        for backup in byTag.isEmpty ? [] : backups where backup.details != nil {
            // A copy has the tags its source had then; the source says what holds by now.
            let source = backup.copiedFrom.flatMap { byID[$0] }
            for key in backup.tags.keys {
                guard let name = key.recoveryPointName, byTag.contains(name) else { continue }
                if let source, source.details != nil, source.tags[key] == nil { continue }
                resolved[backup.id] = name
                recorded.insert(name)
            }
        }
        for case .tagBackup(.known(let id), let tags) in steps.lazy.map(\.action) {
            for name in tags.keys.compactMap(\.recoveryPointName) where byTag.contains(name) {
                let point = desired.recoveryPoints.first { $0.name.value == name }
                guard let backup = byID[id], point?.selector.admits(backup) == true else {
                    continue
                }
                resolved[id] = name
                recorded.insert(name)
            }
        }
        var copied: [BackupID: Set<Region>] = [:]
        var open: [(String, DesiredRecoveryPoint.Selector)] = []
        for point in desired.recoveryPoints {
            switch point.selector {
            case .backup(let id):
                resolved[id] = point.name.value
                copied[id, default: []].formUnion(point.regions.map(\.value))
            case .takenBefore, .takenAfter, .newest:
                if !recorded.contains(point.name.value) {
                    open.append((point.name.value, point.selector))
                }
            }
        }
        pointsByTag = byTag
        self.resolved = resolved
        self.copied = copied
        self.open = open
    }

    /// The recovery point that a backup is, or may be.
    func name(of backup: Backup) -> String? {
        if let name = resolved[backup.id] { return name }
        if let source = backup.copiedFrom, let regions = copied[source],
            regions.contains(backup.region)
        {
            return resolved[source]
        }
        return open.first { _, selector in selector.admits(backup) }?.name
    }

    /// A recovery point that a backup is recorded as, though no manifest nominates it any more.
    ///
    /// A copy has the tags of its source from when it was made, so its source decides.
    func formerName(of backup: Backup) -> String? { former[backup.copiedFrom ?? backup.id] }

    private static func former(
        among backups: [Backup],
        but names: Set<String>
    ) -> [BackupID: String] {
        var former: [BackupID: String] = [:]
        for backup in backups where backup.details != nil && !backup.isCopy {
            let old = backup.tags.keys.compactMap(\.recoveryPointName).filter {
                !names.contains($0)
            }
            former[backup.id] = old.min()
        }
        return former
    }

    /// The recovery point still nominated that one of the tags records.
    func nominated(by keys: [String]) -> String? {
        keys.lazy.compactMap(\.recoveryPointName).first { pointsByTag.contains($0) }
    }
}

extension DesiredRecoveryPoint.Selector {
    /// Whether it names its backup.
    fileprivate var isByID: Bool {
        if case .backup = self { return true }
        return false
    }

    /// Whether it may mean a backup.
    fileprivate func admits(_ backup: Backup) -> Bool {
        switch self {
        case .backup(let id): id == backup.id
        case .takenBefore(let moment): backup.createdAt < moment
        case .takenAfter(let moment): backup.createdAt > moment
        case .newest: true
        }
    }
}

extension String {
    /// The name of the recovery point that a tag's key records.
    var recoveryPointName: String? {
        guard hasPrefix(OwnershipTag.recoveryPoint) else { return nil }
        return String(dropFirst(OwnershipTag.recoveryPoint.count))
    }
}
