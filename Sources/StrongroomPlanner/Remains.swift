internal import CloudHSM
internal import StrongroomModel

/// What is left of a cluster that is deleted: its backups and copies, and until when each stays.
struct Remains {
    let backups: [Backup]
    let retention: RetentionPolicy

    init(of group: ProtectionGroup) {
        backups = group.backups.filter { $0.state != .deleted }
            .sorted { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }
        retention = group.cluster?.retention ?? .unmanaged
    }

    /// How many remain, and until when.
    var summary: String {
        let own = backups.filter { !$0.isCopy }
        let pinned = own.count { $0.isReady && $0.neverExpires }
        let last = RetentionSweep.newestOwnReady(among: own)
        let expiring = own.filter { $0.isReady && !$0.neverExpires && $0.id != last }
        let end = retention.lifetime.flatMap { lifetime in
            expiring.map { $0.createdAt + lifetime }.max()
        }
        let leaving = backups.count { $0.state == .pendingDeletion }
        let copies = backups.count { $0.isCopy && $0.isReady }
        let counts = [
            (pinned, "pinned"),
            (end == nil ? 0 : expiring.count, "expire by \(end?.description ?? "")"),
            (leaving, "pending deletion"), (copies, "copied, and never expire"),
        ]
        let parts = counts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
        return heading + (parts.isEmpty ? "" : ": \(parts.joined(separator: ", "))")
    }

    private var heading: String {
        switch backups.count {
        case 0: "no backup remains"
        case 1: "1 backup remains"
        default: "\(backups.count) backups remain"
        }
    }

    /// Every one that remains, in one line.
    var text: String {
        guard !backups.isEmpty else { return heading }
        let own = backups.filter { !$0.isCopy }.map { "\($0.id) \(fate(of: $0))" }
        let copies = Set(backups.filter(\.isCopy).map(\.region)).sorted().map { region in
            let there = backups.filter { $0.isCopy && $0.region == region }
            let leaving = there.count { $0.state == .pendingDeletion }
            let stay = "\(there.count - leaving) copies in \(region) never expire"
            return leaving == 0 ? stay : "\(stay), \(leaving) are pending deletion"
        }
        return "\(heading): \((own + copies).joined(separator: "; "))"
    }

    /// After DeleteCluster the policy keeps working on what is left, down to the last backup
    /// (fact sheet, section 8).
    private func fate(of backup: Backup) -> String {
        switch backup.state {
        case .pendingDeletion:
            return "is pending deletion" + (backup.deletesAt.map { " until \($0)" } ?? "")
        case .createInProgress, .deleted, .unrecognised: return "is \(backup.state)"
        case .ready: break
        }
        if backup.neverExpires { return "is pinned" }
        if backup.id == RetentionSweep.newestOwnReady(among: backups) { return "is the last" }
        guard let lifetime = retention.lifetime else { return "does not expire" }
        return "expires \(backup.createdAt + lifetime)"
    }
}
