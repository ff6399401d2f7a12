internal import CloudHSM
internal import StrongroomModel

/// The recovery points that a manifest names, and what each of them means now.
struct Nominations {
    /// One name and its meaning.
    struct Nomination {
        let point: DesiredRecoveryPoint
        let meaning: RecoveryPointMeaning

        var name: String { point.name.value }
        var subject: String { "recovery point \(name)" }
        var location: SourceLocation { point.name.location }

        /// Whether it means a backup, a copy of it, or may still turn out to.
        func mayMean(_ backup: Backup) -> Bool {
            guard let decided = meaning.decided else { return point.mayMean(backup) }
            return backup.id == decided.id || backup.copiedFrom == decided.id
        }
    }

    /// In the order written.
    let all: [Nomination]

    /// The cluster's own backups that are recorded under a name, whoever nominates it now.
    private let recorded: Set<BackupID>

    init(_ situation: Situation) {
        guard let group = situation.group else {
            all = []
            recorded = []
            return
        }
        let points = situation.desired.recoveryPoints
        let records =
            points.isEmpty ? RecoveryPointRecords([]) : RecoveryPointRecords(situation.entries)
        all = points.map { point in
            Nomination(
                point: point,
                meaning: point.meaning(in: group, records: records, at: situation.now)
            )
        }
        recorded = Set(group.recordedBackups.map(\.id))
    }

    /// The first nomination that means a backup or copy, or may turn out to.
    func first(meaning backup: Backup) -> Nomination? { all.first { $0.mayMean(backup) } }

    /// Whether a copy is kept for a recovery point.
    ///
    /// One whose nomination ended is kept until its source is released: a line that is removed
    /// takes no protection away in the same run.
    func keep(_ copy: Backup) -> Bool {
        if let source = copy.copiedFrom, recorded.contains(source) { return true }
        return first(meaning: copy) != nil
    }

    /// The names a backup is recorded under that no longer mean it, in order.
    func ended(on backup: Backup) -> [String] {
        backup.recordedNames.filter { name in
            // A name that no manifest can say was never recorded by us.
            guard ManifestName.isValid(name) else { return false }
            guard let current = all.first(where: { $0.name == name }) else { return true }
            guard let decided = current.meaning.decided else { return false }
            return decided.id != backup.id
        }
    }
}

extension ProtectionGroup {
    /// The cluster's own backups that are not gone and recorded as recovery points, by id.
    var recordedBackups: [Backup] {
        backups.filter { !$0.isCopy && $0.state != .deleted && !$0.recordedNames.isEmpty }
            .sorted { $0.id < $1.id }
    }
}

extension Backup {
    /// The names it is recorded under as a recovery point, in order.
    var recordedNames: [String] {
        guard let tags = details?.tags, !tags.isEmpty else { return [] }
        return tags.keys.filter { $0.hasPrefix(OwnershipTag.recoveryPoint) }.sorted()
            .map { String($0.dropFirst(OwnershipTag.recoveryPoint.count)) }
    }
}

extension Situation {
    /// Where a purge that is asked for draws the line.
    var purgeCut: PurgeCut? { desired.purge.map { PurgeCut($0.value, in: group) } }
}
