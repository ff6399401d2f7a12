internal import CloudHSM
internal import StrongroomModel

/// What an earlier run began in a group and the service is still at.
///
/// Within a plan a step that loses backups comes after every step before it. Begun by an earlier run,
/// such a step is none of the plan any more, and what it is to bring about is awaited all the same.
enum UnderWay {
    /// The first thing that must come to its end before backups may go, in words.
    ///
    /// What takes longer than the service ever does holds nothing back: a person is told of it, and
    /// floors hold without it.
    ///
    /// - Parameter situation: What rules see.
    /// - Returns: The words; `nil` if there is nothing.
    static func text(in situation: Situation) -> String? {
        guard let group = situation.group else { return nil }
        let begun = situation.now - Patience.inProgress
        let making = group.backups.filter { $0.state == .createInProgress }
            .sorted { ($0.region, $0.id) < ($1.region, $1.id) }
        if let copy = making.first(where: { ($0.origin?.copiedAt ?? begun) > begun }) {
            return "\(copy.id) is being copied to \(copy.region)"
        }
        if let hsm = situation.cluster?.hsms.filter(\.state.isBusy).min(by: { $0.id < $1.id }) {
            return "\(hsm.id) is \(hsm.state)"
        }
        return making.first { !$0.isCopy && $0.createdAt > begun && isOurs($0, situation) }
            .map { "\($0.id) is being made" }
    }

    /// Whether a call of ours made the service take a backup; a minute is allowed for clock skew.
    private static func isOurs(_ backup: Backup, _ situation: Situation) -> Bool {
        situation.entries.contains { entry in
            let written = entry.intent.writtenAt
            return ["CreateHsm", "DeleteHsm"].contains(entry.intent.operation)
                && entry.outcome?.result.isDone ?? false
                && written <= backup.createdAt + .minutes(1)
                && backup.createdAt < written + .hours(1)
        }
    }
}
