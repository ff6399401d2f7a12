internal import CloudHSM
internal import StrongroomModel

extension Rule {
    /// Gives a cluster the tags its manifest names; others, whoever set them, are left alone.
    static let tags = Rule(code: "tags") { situation, _ in
        guard let cluster = situation.cluster, let desired = situation.desired.tags else {
            return .nothing
        }
        let wrong = desired.value.filter { cluster.tags[$0.key] != $0.value }
        if let ours = wrong.keys.filter({ $0.hasPrefix(OwnershipTag.prefix) }).min() {
            let text = "\(ours) says whose the cluster is, and only Strongroom sets it"
            return .held("tags", Reason(rule: "tags", text, at: desired.location))
        }
        guard !wrong.isEmpty else {
            return .satisfied("tags", "tags", at: desired.location) { "all as asked" }
        }
        let request = TagResource(.cluster(cluster.id), tags: wrong)
        if let refusal = request.refusal(given: cluster.tags) {
            let text = "the service would refuse: \(refusal.message)"
            return .held("tags", Reason(rule: "tags", text, at: desired.location))
        }
        let old = cluster.tags.filter { wrong[$0.key] != nil }
        return .step(
            DraftStep(
                id: Phase.tag.draft(0),
                phase: .tag,
                action: .tagCluster(tags: wrong, replacing: old),
                reason: Reason(
                    rule: "tags",
                    "\(wrong.count) of \(desired.value.count) tags differ",
                    at: desired.location
                ),
                preconditions: [.clusterExists],
                postcondition: .clusterTags(wrong)
            )
        )
    }
}
