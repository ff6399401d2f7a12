import Foundation

/// A look at a state directory from outside, without any of the program's own code.
struct StateLook: Sendable {
    let contents: [String: Data]
    let journal: JournalLook

    /// What cannot be read, file by file.
    let faults: [String]

    /// What exists at the service, one line a thing, in words that are the same in every run.
    let facts: [String]

    /// Looks at a state directory.
    ///
    /// - Parameters:
    ///   - directory: Where it is.
    ///   - afterFault: Whether a run was just cut short, so that a journal may be torn.
    /// - Throws: When the file system does not let it be read.
    init(_ directory: URL, afterFault: Bool = false) throws {
        contents = try Contents.of(directory)
        journal = JournalLook(in: contents, mayBeTorn: afterFault)
        var faults = journal.faults
        var facts: [String] = []
        for (path, data) in contents where Self.isJSON(path) {
            do {
                if path.contains("/cluster-") {
                    let group = try JSONDecoder().decode(GroupFacts.self, from: data)
                    facts += group.lines(file: path)
                } else {
                    _ = try JSONSerialization.jsonObject(with: data)
                }
            } catch {
                faults.append("\(path) cannot be read (\(data.count) bytes): \(error)")
            }
        }
        self.faults = faults.sorted()
        self.facts = facts.sorted()
    }

    /// Whether a file is one that a killed writer leaves beside the one it was writing.
    static func isTemporary(_ path: String) -> Bool { path.contains(".tmp.") }

    /// What matters of the contents: the lock and what goes with it say nothing of the world.
    var world: [String: Data] {
        contents.filter { !["lock", "lock.owner", "run.json"].contains($0.key) }
    }

    private static func isJSON(_ path: String) -> Bool {
        guard !isTemporary(path) else { return false }
        return path.hasSuffix(".json") || path == "FORMAT"
    }
}

/// What a group's file says that two runs to the same end have in common.
private struct GroupFacts: Decodable {
    struct Cluster: Decodable {
        struct HSM: Decodable {
            let AvailabilityZone: String?
            let State: String
        }
        struct Retention: Decodable {
            let Value: String
        }

        let State: String
        let Hsms: [HSM]
        let BackupRetentionPolicy: Retention?
        let TagList: [Tag]?
    }

    struct Backup: Decodable {
        let BackupState: String
        let Region: String
        let NeverExpires: Bool?
        let SourceRegion: String?
        let TagList: [Tag]?
    }

    struct Tag: Decodable {
        let Key: String
        let Value: String
    }

    let cluster: Cluster?
    let backups: [Backup]

    enum CodingKeys: String, CodingKey {
        case cluster = "Cluster"
        case backups = "Backups"
    }

    func lines(file: String) -> [String] {
        // Ids differ from run to run, so a cluster goes by its name while it has one.
        let named = cluster?.TagList?.first { $0.Key == "strongroom:cluster" }?.Value
        let name = named ?? file
        var lines: [String] = []
        if let cluster, !cluster.State.hasPrefix("DELETE") {
            let zones = cluster.Hsms.filter { !$0.State.hasPrefix("DELETE") }
                .map { $0.AvailabilityZone ?? "-" }.sorted()
            let days = cluster.BackupRetentionPolicy?.Value ?? "-"
            lines.append("\(name): HSMs in \(zones), retention \(days)\(text(of: cluster.TagList))")
        } else {
            lines.append("\(name): deleted")
        }
        let backups = backups.map { backup in
            let isGone =
                backup.BackupState == "PENDING_DELETION" || backup.BackupState.hasPrefix("DELETE")
            return "\(name): \(backup.SourceRegion.map { "copy from \($0)" } ?? "backup") "
                + "in \(backup.Region)\(isGone ? ", deleted" : "")"
                + (backup.NeverExpires == true ? ", pinned" : "") + text(of: backup.TagList)
        }
        return lines + backups
    }

    private func text(of tags: [Tag]?) -> String {
        // An intent's id is new in every run, and a moment may be a later one.
        let kept = (tags ?? []).filter { $0.Key != "strongroom:intent" }
            .map { $0.Key.hasPrefix("strongroom:pin") ? $0.Key : "\($0.Key)=\($0.Value)" }
        return kept.isEmpty ? "" : ", tags \(kept.sorted().joined(separator: " "))"
    }
}
