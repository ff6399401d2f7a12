internal import CloudHSM
internal import StrongroomModel

extension Rule {
    /// Gives up the backups that no manifest line keeps by name any more, in a plan of its own.
    static let recoveryPointEnds = Rule(code: "recovery-point") { situation, earlier in
        guard let group = situation.group else { return .nothing }
        let recorded = group.recordedBackups
        guard !recorded.isEmpty else { return .nothing }
        let nominations = Nominations(situation)
        var findings = Findings.nothing
        for backup in recorded {
            let names = nominations.ended(on: backup)
            guard !names.isEmpty else { continue }
            let list = names.joined(separator: ", ")
            let isNamed = nominations.all.contains { names.contains($0.name) }
            let release = PinRelease(
                backup: backup,
                rule: "recovery-point",
                subject: "recovery point \(list)",
                why: isNamed
                    ? "\(list) means another backup now, not \(backup.id)"
                    : "no manifest line nominates \(list) (\(backup.id)) any more",
                keys: names.map { OwnershipTag.recoveryPoint + $0 },
                location: situation.desired.name.location,
                situation: situation
            )
            findings += release.findings(after: earlier + findings)
        }
        return findings
    }
}
