internal import CloudHSM
internal import StrongroomModel

extension Witness {
    /// Lines for what changed since the last run although nothing is to be done about it.
    ///
    /// The daily backup and the retention sweep of a healthy cluster are none: all is well then.
    ///
    /// - Parameter open: The aspects that have a line already.
    /// - Returns: The lines, in a fixed order.
    func noticed(besides open: Set<String>) -> [Note] {
        guard let seen, let group = situation.group else { return [] }
        return replacedHSMs + (open.contains("hsm-count") ? [] : hsmsChangedByHand)
            + typeMoved(since: seen, besides: open) + retentionChanged(since: seen)
            + deletedBackups(in: group, since: seen) + restoredBackups(in: group, since: seen)
    }

    private var replacedHSMs: [Note] {
        hsms.replaced.map { old, new in
            note("HSM\(new.inZone)", "\(old) was replaced by the service: it is \(new.id) now")
        }
    }

    private var hsmsChangedByHand: [Note] {
        hsms.added.map { note("HSM\($0.inZone)", "\($0.id) was added by a person", .drift) }
            + hsms.removed.map { note("HSM", "\($0) was removed by a person", .drift) }
    }

    private func typeMoved(since seen: SeenGroup, besides open: Set<String>) -> [Note] {
        guard
            open.isDisjoint(with: ["hsm-type", "immutable HSM type"]),
            let old = seen.hsmType, let new = situation.cluster?.hsmType, old != new,
            !situation.entries.contains(where: { $0.hasModified(besidesRule: "retention") })
        else { return [] }
        return [note("HSM type", "it was moved from \(old) to \(new) by the service")]
    }

    private func retentionChanged(since seen: SeenGroup) -> [Note] {
        guard
            situation.desired.backups.retention == nil,
            let old = seen.retention, let new = situation.cluster?.retention, old != new,
            !situation.entries.contains(where: { $0.hasModified(besidesRule: nil) })
        else { return [] }
        return [note("retention", "it was changed from \(old) to \(new) by a person", .drift)]
    }

    private func deletedBackups(in group: ProtectionGroup, since seen: SeenGroup) -> [Note] {
        let known = Set(seen.deletedByPeople)
        let gone = (deletions?.byPeople ?? []).filter { !known.contains($0.id) }
        return list(gone, "deleted by a person") { backup in
            let end = backup.deletesAt.map { ", restorable until \($0)" } ?? ""
            return "\(backup.id) in \(backup.region)\(end)"
        }
    }

    private func restoredBackups(in group: ProtectionGroup, since seen: SeenGroup) -> [Note] {
        guard !seen.deletedByPeople.isEmpty else { return [] }
        let known = Set(seen.deletedByPeople)
        let back = group.backups.filter {
            known.contains($0.id) && deletions?.isRestored($0) == true
        }
        return list(back, "restored by a person") { "\($0.id) in \($0.region)" }
    }

    /// One line for several backups, which names the first few.
    private func list(
        _ backups: [Backup],
        _ what: String,
        _ name: (Backup) -> String
    ) -> [Note] {
        guard !backups.isEmpty else { return [] }
        let sorted = backups.sorted { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }
        let names = sorted.prefix(5).map(name).joined(separator: "; ")
        let more = backups.count > 5 ? "; and \(backups.count - 5) more" : ""
        let subject = backups.count == 1 ? "backup" : "\(backups.count) backups"
        return [note(subject, "\(what): \(names)\(more)", .drift)]
    }

    private func note(_ subject: String, _ text: String, _ cause: Cause = .service) -> Note {
        Note(.noticed, subject, Reason(rule: "last-run", text, at: nil, cause: cause))
    }
}

extension HSM {
    fileprivate var inZone: String { zone.map { " in \($0)" } ?? "" }
}

extension JournalEntry {
    fileprivate func hasModified(besidesRule rule: String?) -> Bool {
        intent.operation == "ModifyCluster" && intent.rule != rule && mayHaveHappened
    }
}
