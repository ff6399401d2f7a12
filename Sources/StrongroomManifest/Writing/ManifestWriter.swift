internal import CloudHSM
internal import StrongroomModel

/// Writes the manifest of a cluster that exists.
///
/// The same cluster gives the same bytes. Whether a plan from it would be empty is not judged here.
public struct ManifestWriter: Sendable {
    /// Makes a writer.
    public init() {}

    /// The manifest of a cluster.
    ///
    /// - Parameter cluster: What to write, its name among it.
    /// - Returns: One YAML document, without the line `---` before it.
    public func text(of cluster: AdoptedCluster) -> String {
        let lines = comments(on: cluster) + document(of: cluster).lines
        return lines.map { $0 + "\n" }.joined()
    }

    private func comments(on cluster: AdoptedCluster) -> [String] {
        let origin = [
            "\(cluster.id) in \(cluster.home), as it was at \(cluster.observedAt).",
            "Written by strongroom adopt. What is not written here is not managed.",
        ]
        return (origin + cluster.omissions.map { "Left out: \($0)." }).map(YAMLText.comment)
    }

    private func document(of cluster: AdoptedCluster) -> YAMLWriting {
        .mapping([
            ("apiVersion", .plain(DocumentHead.apiVersion)),
            ("kind", .plain(ManifestKind.cluster.rawValue)),
            ("metadata", .mapping([("name", .text(cluster.name))])),
            (
                "spec",
                .mapping(identity(of: cluster) + hardware(of: cluster) + backups(of: cluster))
            ),
        ])
    }

    private typealias Pairs = [(key: String, value: YAMLWriting)]

    private func identity(of cluster: AdoptedCluster) -> Pairs {
        [("region", .plain("\(cluster.home.region)"))]
            + (cluster.account.map { [("account", .text($0))] } ?? [])
            + [("clusterId", .plain("\(cluster.id)"))]
    }

    private func hardware(of cluster: AdoptedCluster) -> Pairs {
        let subnets = cluster.subnets.sorted { $0.key < $1.key }
            .map { ("\($0.key)", YAMLWriting.plain("\($0.value)")) }
        let tags = cluster.tags.sorted { $0.key < $1.key }
            .map { ($0.key, YAMLWriting.text($0.value)) }
        return [("hsmType", .plain("\(cluster.hsmType)"))]
            + (cluster.mode.map { [("mode", .plain($0.rawValue))] } ?? [])
            + (cluster.networkType.map { [("networkType", .plain($0.rawValue))] } ?? [])
            + (subnets.isEmpty ? [] : [("subnets", .mapping(subnets))])
            + (tags.isEmpty ? [] : [("tags", .mapping(tags))])
            + (cluster.hsms.map { [("hsms", writing($0))] } ?? [])
    }

    private func writing(_ hsms: DesiredHSMs) -> YAMLWriting {
        switch hsms {
        case .total(let count): .plain("\(count)")
        case .perZone(let counts):
            .mapping(
                counts.sorted { $0.key < $1.key }.map { ("\($0.key)", .plain("\($0.value)")) }
            )
        }
    }

    private func backups(of cluster: AdoptedCluster) -> Pairs {
        let copies = cluster.copyRegions.map { region in
            YAMLWriting.mapping([("region", .plain("\(region)"))])
        }
        let points = cluster.recoveryPoints.map { point in
            YAMLWriting.mapping([
                ("name", .text(point.name)), ("backup", .plain("\(point.backup)")),
            ])
        }
        let retention = cluster.retention.map {
            YAMLWriting.mapping([("retentionDays", .plain("\($0.days)"))])
        }
        return (retention.map { [("backups", $0)] } ?? [])
            + (copies.isEmpty ? [] : [("copies", .list(copies))])
            + (points.isEmpty ? [] : [("recoveryPoints", .list(points))])
    }
}
