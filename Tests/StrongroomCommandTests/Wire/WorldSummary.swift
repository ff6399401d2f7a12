import Foundation

/// What a world holds, without what differs from one good run to another: new ids and moments.
enum WorldSummary {
    /// Reads the files of a world.
    ///
    /// - Parameter files: The emulator's state directory.
    /// - Returns: A line for every cluster, HSM and backup, in order.
    /// - Throws: When a file is not what it should be.
    static func lines(of files: [String: Data]) throws -> [String] {
        var lines: [String] = []
        for (path, data) in files where path.contains("/cluster-") && path.hasSuffix(".json") {
            guard let group = try JSONSerialization.jsonObject(with: data) as? [String: Any] else {
                throw CocoaError(.fileReadCorruptFile)
            }
            let cluster = group["Cluster"] as? [String: Any] ?? [:]
            let name = tags(of: cluster).first { $0.hasPrefix("strongroom:cluster=") } ?? "-"
            lines += clusterLines(cluster, name)
            let backups = group["Backups"] as? [[String: Any]] ?? []
            lines += backups.map { "\(name) \(backupLine($0))" }
        }
        return lines.sorted()
    }

    private static func clusterLines(_ cluster: [String: Any], _ name: String) -> [String] {
        let retention = cluster["BackupRetentionPolicy"] as? [String: Any] ?? [:]
        let hsms = cluster["Hsms"] as? [[String: Any]] ?? []
        let own = words(cluster, "State", "HsmType", "Mode") + words(retention, "Value")
        return ["\(name) cluster " + (own + tags(of: cluster)).joined(separator: " ")]
            + hsms.map { "\(name) hsm " + words($0, "AvailabilityZone", "State").joined() }
    }

    private static func backupLine(_ backup: [String: Any]) -> String {
        let isCopy = backup["SourceBackup"] != nil
        let isPinned = backup["NeverExpires"] as? Bool == true
        return
            (["backup", isCopy ? "copy" : "own", isPinned ? "pinned" : "kept"]
            + words(backup, "Region", "BackupState") + tags(of: backup)).joined(separator: " ")
    }

    private static func words(_ object: [String: Any], _ keys: String...) -> [String] {
        keys.map { object[$0].map { "\($0)" } ?? "-" }
    }

    /// The tags; the intent that made something is another in every run, and so is the moment from
    /// which a recovery point is kept.
    private static func tags(of object: [String: Any]) -> [String] {
        let tags = object["TagList"] as? [[String: Any]] ?? []
        return tags.compactMap { tag in
            guard let key = tag["Key"], let value = tag["Value"] else { return nil }
            let isOfOneRun = ["strongroom:intent", "strongroom:recovery-point:"]
                .contains { "\(key)".hasPrefix($0) }
            return isOfOneRun ? "\(key)" : "\(key)=\(value)"
        }.sorted()
    }
}
