internal import StrongroomModel

/// Finds a name of its own for every cluster that is adopted.
public enum AdoptedNames {
    /// The clusters with names that nothing else has.
    ///
    /// A cluster is called what the tag `strongroom:cluster` calls it, else what the tag `Name`
    /// does, else by its id. Where two want one name, the first has it.
    ///
    /// - Parameters:
    ///   - clusters: The clusters, in an order that does not change from run to run.
    ///   - taken: The names that manifests have already.
    /// - Returns: The clusters in the same order.
    public static func named(
        _ clusters: [AdoptedCluster],
        besides taken: Set<String>
    ) -> [AdoptedCluster] {
        var taken = taken
        return clusters.map { cluster in
            var cluster = cluster
            cluster.name =
                cluster.suggestedNames.first { ManifestName.isValid($0) && !taken.contains($0) }
                ?? numbered("\(cluster.id)".lowercased(), besides: taken)
            taken.insert(cluster.name)
            return cluster
        }
    }

    /// Ids differ in case, and names have none; so two ids may be one name.
    private static func numbered(_ name: String, besides taken: Set<String>) -> String {
        guard taken.contains(name) else { return name }
        var number = 2
        while taken.contains("\(name)-\(number)") { number += 1 }
        return "\(name)-\(number)"
    }
}
