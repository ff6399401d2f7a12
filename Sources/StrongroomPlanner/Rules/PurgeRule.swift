internal import CloudHSM
internal import StrongroomModel

extension Rule {
    /// Gets rid of every backup and copy that may hold material removed on the HSMs: a clean backup
    /// first, then one Region after the other (fact sheet, section 14).
    static let purge = Rule(code: "purge") { situation, earlier in
        guard
            let purge = situation.desired.purge, let group = situation.group,
            let cut = situation.purgeCut
        else { return .nothing }
        return Purge(wanted: purge, cut: cut, group: group, situation: situation)
            .findings(after: earlier)
    }
}

/// A purge on its way: what is still to come before deletions, and what is to be said after them.
private struct Purge {
    let wanted: Located<DesiredPurge>
    let cut: PurgeCut
    let group: ProtectionGroup
    let situation: Situation

    func findings(after earlier: Findings) -> Findings {
        if let conflict { return held(conflict) }
        guard situation.now >= cut.cut else {
            return waiting(
                "what is taken before \(cut.cut) may still hold it; the purge begins then"
            )
        }
        guard !cut.left.isEmpty else { return finished }
        guard !cut.clean(in: group).isEmpty else { return cleanBackup(after: earlier) + unproven }
        let deletions = PurgeDeletions(
            wanted: wanted,
            cut: cut,
            group: group,
            situation: situation,
            earlier: earlier
        )
        return deletions.findings + unproven
    }

    /// A recovery point that the purge would delete, or may delete (fact sheet, section 14).
    private var conflict: String? {
        let nominations = Nominations(situation)
        for backup in cut.holding where backup.state != .deleted {
            guard let nomination = nominations.first(meaning: backup) else { continue }
            let verb = nomination.meaning.decided == nil ? "may mean" : "means"
            return "the recovery point \(nomination.name) \(verb) \(backup.id), taken before "
                + "\(cut.cut), which may hold the material; nominate another first"
        }
        return nil
    }

    // MARK: A clean backup

    /// What makes the first backup without the material.
    private func cleanBackup(after earlier: Findings) -> Findings {
        let need = "no READY backup was taken since \(cut.cut)"
        guard let cluster = situation.cluster, !cluster.hsms.isEmpty else {
            return held(
                "\(need), but no HSM has run since: what is parked cannot have been cleaned; "
                    + "correct materialRemovedAt"
            )
        }
        return ForcedBackup(
            situation: situation,
            rule: "purge",
            need: need,
            location: wanted.location,
            subject: "purge",
            since: cut.cut
        )
        .findings(after: earlier)
    }

    // MARK: The end

    /// Nothing is left to delete: only time is to pass, until nobody can restore anything.
    private var finished: Findings {
        guard !cut.restorable.isEmpty else {
            guard unproven.notes.isEmpty else { return unproven }
            return .satisfied("purge", "purge", at: wanted.location) { [end] in
                end.map { "complete: the last backup with the material went on \($0)" }
                    ?? "complete: no backup holds the material"
            }
        }
        let deadline = cut.lastDeadline.map { "pending until \($0)" } ?? "pending"
        let count = cut.restorable.count
        let noun = count == 1 ? "backup" : "backups"
        return waiting("\(deadline); \(count) \(noun) can still be restored until then") + unproven
    }

    /// When the last of it could no longer be restored, as far as that is known.
    private var end: Timestamp? {
        let listed = cut.holding.compactMap(\.deletesAt)
        let asked = situation.entries.compactMap { entry -> Timestamp? in
            guard
                entry.intent.operation == "DeleteBackup", entry.intent.rule == "purge",
                let outcome = entry.outcome, outcome.result.isDone
            else { return nil }
            return DeletionWindow.end(ofDeletionAt: outcome.at)
        }
        return (listed + asked).max()
    }

    /// The Regions in which nobody has looked: nothing is proven there.
    private var unproven: Findings {
        let places = situation.context.unreadPlaces
            .filter { $0.key.account == situation.desired.account.id }
            .sorted { $0.key < $1.key }
        guard !places.isEmpty else { return .nothing }
        let list = places.map { "\($0.key.region)" }.joined(separator: ", ")
        let text = "not proven in Regions that were not read: \(list)"
        return .unread("purge", Reason(rule: "purge", text, at: wanted.location))
    }

    private func held(_ text: String) -> Findings {
        .held("purge", Reason(rule: "purge", text, at: wanted.location))
    }

    private func waiting(_ text: String) -> Findings {
        .waiting("purge", Reason(rule: "purge", text, at: wanted.location))
    }
}
