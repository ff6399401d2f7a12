internal import CloudHSM
internal import StrongroomModel

extension Rule {
    /// Shows where a cluster differs in what no call can change; never destroys to recreate.
    static let immutable = Rule(code: "immutable") { situation, _ in
        guard let cluster = situation.cluster else { return .nothing }
        let desired = situation.desired
        let clone = CloneManifest(of: desired, on: cluster).text
        var findings = Findings.nothing
        let differ = { (subject: String, text: String, location: SourceLocation) in
            Findings.held(subject, Reason(rule: "immutable", text, at: location))
        }
        let differInAClone = { (subject: String, text: String, location: SourceLocation) in
            let reason = Reason(rule: "immutable", "\(text), fixed at creation", at: location)
            return Findings(notes: [Note(.held, subject, reason, suggestion: clone)])
        }
        if let wanted = desired.subnets, wanted.value != cluster.subnets {
            findings += differInAClone("subnets", "they differ", wanted.location)
        }
        if let wanted = desired.mode, let mode = cluster.mode, wanted.value != mode {
            // A clone has the mode of its source (`UG+:cluster-hsm-types`).
            let text =
                "it is \(mode.rawValue), fixed at creation, and a clone has it as well: make a new "
                + "cluster and move users and keys with the CloudHSM client, or correct the line"
            findings += differ("mode", text, wanted.location)
        }
        if let wanted = desired.networkType, let type = cluster.networkType, wanted.value != type {
            findings += differInAClone("network type", "it is \(type.rawValue)", wanted.location)
        }
        if let wanted = desired.restoreFrom, cluster.sourceBackup == nil {
            findings += differInAClone("source", "it was not made from a backup", wanted.location)
        }
        return findings
    }
}
