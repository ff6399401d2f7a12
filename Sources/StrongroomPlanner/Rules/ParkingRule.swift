internal import CloudHSM
internal import StrongroomModel

/// An activated cluster that is to have no HSM, but to keep what it holds.
///
/// It is parked once no HSM is listed and the backup that the last removal made is READY and
/// pinned (fact sheet, section 13).
struct Parking {
    let situation: Situation
    let cluster: Cluster
    let group: ProtectionGroup
    let desired: Located<DesiredHSMs>

    /// The removals, or what keeps the last backup, or that it is parked.
    var findings: Findings {
        guard cluster.presentHSMs.isEmpty else { return emptying }
        if let leaving = cluster.firstHSM(where: { $0.state != .deleted }) {
            return Rule.parkingNote(.waiting, "\(leaving.id) is \(leaving.state)", at: desired)
        }
        switch last.standing {
        case .open(let findings): return findings
        case .known(let backup, let steps):
            guard steps.isEmpty else { return Findings(steps: steps) }
            return .satisfied("HSMs", Rule.parking, at: desired.location) {
                "parked; \(backup.id) is pinned"
            }
        case .none: return withoutBackup
        }
    }

    private var emptying: Findings {
        let emptying = Emptying(
            situation: situation,
            cluster: cluster,
            group: group,
            rule: Rule.parking,
            subject: "HSMs",
            purpose: "0 asked for",
            location: desired.location
        )
        switch emptying.outcome {
        case .obstacle(let findings): return findings
        case .removals(let steps):
            return Findings(steps: steps + (steps.last.map(last.keeping(whatMakes:)) ?? []))
        }
    }

    private var last: LastBackup {
        LastBackup(
            situation: situation,
            group: group,
            rule: Rule.parking,
            subject: "HSMs",
            purpose: OwnershipTag.pinForParking,
            location: desired.location
        )
    }

    /// A clone that was never given an HSM still has all it holds in the backup it was made from.
    private var withoutBackup: Findings {
        guard let source = cluster.sourceBackup else {
            return Rule.parkingNote(
                .held,
                "there is neither an HSM nor a backup, so there is nothing to resume it from",
                at: desired
            )
        }
        return .satisfied("HSMs", Rule.parking, at: desired.location) {
            "0 present; what it holds is in \(source), which it was made from"
        }
    }
}

extension Rule {
    /// The code of what is done to a cluster that is to have no HSM.
    static let parking = "parking"

    static func parkingNote(
        _ kind: Note.Kind,
        _ text: String,
        at desired: Located<DesiredHSMs>
    ) -> Findings {
        Findings(notes: [Note(kind, "HSMs", Reason(rule: parking, text, at: desired.location))])
    }
}
