internal import CloudHSM
internal import StrongroomModel

/// Keeps the sweep away from backups between their restoration and their pins.
///
/// A restored backup that is older than the policy may be swept again at once: the policy is made
/// longer first (fact sheet, section 8), and goes back once the pins are seen.
struct RetentionShelter {
    /// The policy that reaches far enough, where the one there is does not.
    private let longer: RetentionPeriod?

    private let exposed: [Backup]
    private let situation: Situation

    /// Looks at what is to be restored.
    ///
    /// - Parameters:
    ///   - backups: The backups.
    ///   - situation: The situation.
    init(for backups: [Backup], _ situation: Situation) {
        self.situation = situation
        // An hour for the restoration and the pin to be carried out.
        let soon = situation.now + .hours(1)
        let lifetime = situation.cluster?.retention.lifetime
        exposed = backups.filter { backup in
            !backup.isCopy && !backup.neverExpires
                && lifetime.map { backup.createdAt + $0 <= soon } ?? false
        }
        // What is not managed is left as it is.
        let mayChange =
            situation.cluster?.state == .active && situation.desired.backups.retention != nil
        let periods = exposed.compactMap { Self.period(reaching: $0, at: situation.now) }
        let desired = situation.desired.backups.retention?.value
        longer = mayChange ? periods.max().map { max($0, desired ?? $0) } : nil
    }

    /// A period that does not end within a day; `nil` if the service accepts none so long.
    private static func period(reaching backup: Backup, at now: Timestamp) -> RetentionPeriod? {
        let age = (now - backup.createdAt).wholeMilliseconds
        return RetentionPeriod(days: Int(age / Duration.days(1).wholeMilliseconds) + 2)
    }

    private func covers(_ backup: Backup) -> Bool {
        guard let longer, exposed.contains(where: { $0.id == backup.id }) else { return false }
        return backup.createdAt + .days(longer.days) > situation.now + .hours(1)
    }

    /// The step that makes the policy longer, unless what the manifest asks for reaches as far.
    var findings: Findings {
        guard let longer, let cluster = situation.cluster else { return .nothing }
        guard longer != situation.desired.backups.retention?.value else { return .nothing }
        let count = exposed.count { covers($0) }
        return .step(
            DraftStep(
                id: Phase.lengthenRetention.draft(0),
                phase: .lengthenRetention,
                action: .setRetention(from: cluster.retention, to: longer, losing: []),
                reason: Reason(
                    rule: "recovery-point",
                    "\(count) older than \(cluster.retention) to be restored, and would be taken "
                        + "again before the pin",
                    at: situation.desired.backups.retention?.location
                ),
                preconditions: [.clusterState(.active), .retention(cluster.retention)],
                postcondition: .retention(.days(longer.days))
            )
        )
    }

    /// The steps that the restoration of a backup comes after.
    func before(_ backup: Backup) -> [StepID] {
        covers(backup) ? [Phase.lengthenRetention.draft(0)] : []
    }

    /// What must hold when a backup is restored.
    func facts(for backup: Backup) -> [Fact] {
        guard covers(backup), let longer else { return [] }
        return [.retention(.days(longer.days))]
    }

    /// What has to be said where nothing keeps the sweep away.
    func warning(for backup: Backup) -> String {
        guard exposed.contains(where: { $0.id == backup.id }), !covers(backup) else { return "" }
        return "; retention may take it again before it is pinned"
    }
}
