internal import CloudHSM
internal import StrongroomModel

extension Rule {
    /// Recovery points that are not safe yet, said aloud; nothing that may be one is deleted.
    static let recoveryPoints = Rule(code: "recovery-point") { situation, _ in
        guard let group = situation.group else { return .nothing }
        return situation.desired.recoveryPoints.reduce(.nothing) { findings, point in
            let subject = "recovery point \(point.name.value)"
            if case .backup(let id) = point.selector, point.regions.isEmpty,
                let backup = group.backup(id), backup.isReady, backup.neverExpires
            {
                return findings
                    + .satisfied(subject, "recovery-point", at: point.name.location) {
                        "\(id) is READY and pinned"
                    }
            }
            return findings
                + .held(
                    subject,
                    Reason(
                        rule: "recovery-point",
                        "this version of Strongroom does not pin or copy recovery points; "
                            + "it deletes nothing that may be one",
                        at: point.name.location
                    )
                )
        }
    }
}
