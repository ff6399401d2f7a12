import CloudHSM
import Foundation
import StrongroomModel
import StrongroomState

/// What exists, as `actual.json` says it.
struct ActualWorld {
    /// What Strongroom did before.
    let journal: [JournalEntry]

    /// The Regions that could not be read whole, and why.
    let unread: [Place: UnreadReason]

    private let file: URL
    private let written: [[String: Any]]

    init(file: URL) throws {
        self.file = file
        let data = try Data(contentsOf: file)
        guard let root = try JSONSerialization.jsonObject(with: data) as? [String: Any] else {
            throw ScenarioError(file, "is not a JSON object")
        }
        let unknown = Set(root.keys).subtracting(["Groups", "Journal", "Unread"])
        guard unknown.isEmpty else { throw ScenarioError(file, "unknown: \(unknown.sorted())") }
        written = root["Groups"] as? [[String: Any]] ?? []
        journal = try (root["Journal"] as? [Any] ?? []).map { entry in
            let data = try JSONSerialization.data(withJSONObject: entry)
            return try JSONDecoder().decode(WrittenEntry.self, from: data).entry
        }
        var unread: [Place: UnreadReason] = [:]
        for (name, reason) in root["Unread"] as? [String: String] ?? [:] {
            guard let region = Region(name) else { throw ScenarioError(file, "\(name)?") }
            unread[Place(account: .simulated, region: region)] = UnreadReason(reason)
        }
        self.unread = unread
    }

    /// The groups, read by the same code that reads a state directory.
    func groups() throws -> [ProtectionGroup] {
        let parent = try FileManager.default.url(
            for: .itemReplacementDirectory,
            in: .userDomainMask,
            appropriateFor: file,
            create: true
        )
        defer { try? FileManager.default.removeItem(at: parent) }
        let path = parent.appendingPathComponent("state").path
        var generator = SystemRandomNumberGenerator()
        try StateDirectory.create(
            at: path,
            service: .simulator,
            lineage: LineageID(using: &generator)
        )
        for group in written { try write(group, to: path) }
        let state = try StateDirectory.open(at: path, for: .reading)
        return try state.groupIDs().map { try state.record(of: $0).group }
    }

    private func write(_ group: [String: Any], to path: String) throws {
        guard
            let account = group["Account"] as? String, let region = group["Region"] as? String,
            let cluster = (group["Cluster"] as? [String: Any])?["ClusterId"] as? String
                ?? group["ClusterId"] as? String
        else { throw ScenarioError(file, "a group needs Account, Region and Cluster.ClusterId") }
        let folder = URL(fileURLWithPath: path).appendingPathComponent("\(account)/\(region)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        var content: [String: Any] = ["Format": 1, "Backups": group["Backups"] ?? []]
        content["Cluster"] = group["Cluster"]
        try JSONSerialization.data(withJSONObject: content)
            .write(to: folder.appendingPathComponent("\(cluster).json"))
    }
}

/// One entry of `Journal`.
private struct WrittenEntry: Decodable {
    let intent: Intent
    let outcome: Outcome?

    var entry: JournalEntry { JournalEntry(intent: intent, outcome: outcome) }
}
