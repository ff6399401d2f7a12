internal import CloudHSM
internal import StrongroomModel

extension Rule {
    /// Shows where a cluster differs in what no call can change; never destroys to recreate.
    static let immutable = Rule(code: "immutable") { situation, _ in
        guard let cluster = situation.cluster else { return .nothing }
        let desired = situation.desired
        var findings = Findings.nothing
        let differ = { (subject: String, text: String, location: SourceLocation) in
            Findings.held(subject, Reason(rule: "immutable", text, at: location))
        }
        let newCluster = "another value needs a new cluster made from a backup"
        if let wanted = desired.subnets, wanted.value != cluster.subnets {
            findings =
                findings + differ("subnets", "fixed at creation; \(newCluster)", wanted.location)
        }
        if let wanted = desired.mode, let mode = cluster.mode, wanted.value != mode {
            let text = "it is \(mode.rawValue), fixed at creation; \(newCluster)"
            findings = findings + differ("mode", text, wanted.location)
        }
        if let wanted = desired.networkType, let type = cluster.networkType, wanted.value != type {
            let text = "it is \(type.rawValue), fixed at creation; \(newCluster)"
            findings = findings + differ("network type", text, wanted.location)
        }
        return findings
    }
}
