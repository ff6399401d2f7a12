internal import CloudHSM
internal import StrongroomModel

/// The latest removal of ours that made a backup, as the journal tells it.
///
/// The API links no backup to what caused it; content that is no older than the call is taken for
/// it (fact sheet, section 7).
struct LastRemoval {
    /// The HSM that was removed.
    let hsm: String

    /// When its removal was asked for.
    let at: Timestamp

    /// Whether a backup may be the one it made, or a later one; a minute is allowed for skew.
    func isIn(_ backup: Backup) -> Bool { backup.createdAt + .minutes(1) >= at }
}

extension Situation {
    /// The latest removal of an HSM of the group, if the journal knows one.
    ///
    /// A DEGRADED HSM that goes as the last one makes no backup, so those are left out.
    var lastRemoval: LastRemoval? {
        entries.lazy
            .filter { entry in
                entry.intent.operation == "DeleteHsm" && entry.wasDone
                    && entry.intent.rule != Rule.degraded
            }
            .max { $0.intent.writtenAt < $1.intent.writtenAt }
            .map { LastRemoval(hsm: $0.intent.target, at: $0.intent.writtenAt) }
    }
}
