internal import CloudHSM
internal import StrongroomModel

extension Rule {
    /// Keeps the newest READY backup young enough; where told to, by an HSM cycle.
    ///
    /// There is no call that makes a backup: adding an HSM to a cluster with an active one does.
    /// Add first, then remove, so that redundancy never drops (fact sheet, section 7).
    static let freshness = Rule(code: "freshness") { situation, earlier in
        guard
            let group = situation.group, let cluster = situation.cluster,
            let maxAge = situation.desired.backups.maxAge,
            cluster.isActivated
        else { return .nothing }
        let newest = group.newestOwnReadyBackup
        let limit = situation.now - maxAge.value
        if let newest, newest.createdAt >= limit {
            let age = situation.now - newest.createdAt
            return .satisfied("backup freshness", "freshness", at: maxAge.location) {
                "\(newest.id) is \(inWords(age)) old, at most \(inWords(maxAge.value)) asked for"
            }
        }
        // No HSM changes a parked cluster, so its newest backup does not age.
        if cluster.hsms.isEmpty, newest != nil, (situation.desired.hsms?.value.count ?? 0) == 0 {
            return .satisfied("backup freshness", "freshness", at: maxAge.location) { "parked" }
        }
        let need =
            newest.map {
                "\($0.id) is \(inWords(situation.now - $0.createdAt)) old, "
                    + "at most \(inWords(maxAge.value)) asked for"
            } ?? "there is no READY backup"
        return ForcedBackup(
            situation: situation,
            rule: "freshness",
            need: need,
            location: maxAge.location,
            subject: "backup freshness",
            since: limit,
            mayCycle: situation.desired.backups.whenStale == .force
        )
        .findings(after: earlier)
    }
}

/// A span in the largest unit that loses little: minutes, hours up to three days, then days.
func inWords(_ span: Duration) -> String {
    let minutes = span.wholeMilliseconds / 60_000
    switch minutes {
    case ..<120: return "\(minutes) min"
    case ..<(72 * 60): return "\(minutes / 60) h"
    default: return "\(minutes / 60 / 24) days"
    }
}
