import CloudHSM
import StrongroomModel
import Testing

@Suite struct TagRuleTests {
    @Test(arguments: rows) func givesAClusterTheTagsItsManifestNames(_ row: Row) { row.check() }

    private static func wants(_ tags: [String: String]) -> DesiredCluster {
        desired { $0.tags = at(Line.tags, tags) }
    }

    private static func has(_ tags: [String: String]) -> ProtectionGroup {
        group { $0.tags.merge(tags) { $1 } }
    }

    static let rows = [
        Row("as asked", wants(["cost": "1"]), has(["cost": "1"])),
        Row("others are left alone", wants(["cost": "1"]), has(["cost": "1", "owner": "x"])),
        Row("missing", wants(["cost": "1"]), has([:]), steps: ["1 ~ tag cost (tags:8)"]),
        Row(
            "only what differs is set",
            wants(["cost": "1", "env": "prod"]),
            has(["cost": "2", "env": "prod"]),
            steps: ["1 ~ tag cost (tags:8)"]
        ),
        Row(
            "whose the cluster is, only Strongroom says",
            wants([OwnershipTag.cluster: "ledger", "cost": "1"]),
            has([:]),
            notes: ["held tags (tags:8)"]
        ),
        Row("ours as they are", wants([OwnershipTag.cluster: "payments"]), has([:])),
        Row(
            "more than a resource can have",
            wants(Dictionary(uniqueKeysWithValues: (0..<50).map { ("key\($0)", "") })),
            has([:]),
            notes: ["held tags (tags:8)"]
        ),
    ]

    @Test func theOldValueIsKept() {
        let plan = plan(Self.wants(["cost": "1", "env": "prod"]), Self.has(["cost": "2"]))
        #expect(
            plan.steps.map(\.action) == [
                .tagCluster(tags: ["cost": "1", "env": "prod"], replacing: ["cost": "2"])
            ]
        )
        #expect(
            plan.steps.map(\.postcondition) == [.clusterTags(["cost": "1", "env": "prod"])]
        )
        #expect(plan.steps.map(\.preconditions) == [[.clusterExists]])
    }

    @Test func aManifestWithManyMistakesGivesTheSameReasonEveryTime() {
        let wanted = Self.wants(
            Dictionary(uniqueKeysWithValues: (0..<20).map { ("key\($0)!", "") })
        )
        #expect(plan(wanted, Self.has([:])).texts.first?.contains("\"key0!\"") == true)
    }
}
