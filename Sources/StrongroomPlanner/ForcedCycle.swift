internal import CloudHSM
internal import StrongroomModel

/// An HSM that an earlier run added only for the backup it causes, and that still stands.
///
/// The journal knows it, so a cycle that was begun is ended by whichever run comes next: only an
/// HSM recorded there as temporary may be removed for this reason (`execution.md`, section 2.5).
struct ForcedCycle {
    /// The HSM to remove once the backup is there.
    let hsm: HSM

    /// When it was asked for; the backup it caused has younger content.
    let begunAt: Timestamp

    /// The READY backup that the cycle was for, once there is one.
    let backup: Backup?

    /// What has to be said while the backup is not there; `nil` once it is.
    ///
    /// - Parameter now: The moment planned for.
    /// - Returns: The kind of line it makes, and its words.
    func notYet(at now: Timestamp) -> (kind: Note.Kind, text: String)? {
        guard backup == nil else { return nil }
        let text = "\(hsm.id) was added for a backup at \(begunAt), and there is none yet"
        return (now - begunAt > Patience.inProgress ? .held : .waiting, text)
    }
}

extension Situation {
    /// The rules that add an HSM only for the backup it causes.
    private static let rules = [Rule.freshness.code, Rule.purge.code]

    /// The cycle that was begun and not ended, if there is one; the latest if there are several.
    var forcedCycle: ForcedCycle? {
        #if PLANTED_BUGS
            if PlantedBug.temporaryHSMForgotten.isPlanted { return nil }
        #endif
        guard let group, let cluster, !entries.isEmpty else { return nil }
        let newest = group.newestOwnReadyBackup
        return entries.lazy
            .compactMap { entry -> ForcedCycle? in
                guard
                    entry.intent.operation == "CreateHsm", Self.rules.contains(entry.intent.rule),
                    let made = entry.outcome?.made,
                    let hsm = cluster.hsms.first(where: {
                        $0.id.description == made && $0.state.isPresent
                    })
                else { return nil }
                let begunAt = entry.intent.writtenAt
                let backup = newest.flatMap { $0.createdAt >= begunAt ? $0 : nil }
                return ForcedCycle(hsm: hsm, begunAt: begunAt, backup: backup)
            }
            .max { ($0.begunAt, $0.hsm.id) < ($1.begunAt, $1.hsm.id) }
    }
}
