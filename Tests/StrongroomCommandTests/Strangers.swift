import Foundation
import Testing

/// A fleet of two accounts, and three clusters in it that no manifest names any more.
///
/// `payments` has two HSMs in us-east-1 and a copy in eu-west-1; `sessions` lives in eu-west-1 in
/// the other account; `ledger` lives in eu-west-1 and is parked.
struct Strangers {
    let folder: Folder

    /// Makes the tree.
    ///
    /// - Throws: When a command on the way there fails.
    init() async throws {
        folder = try Folder()
        for (path, data) in try await Self.prepared.value {
            try folder.write(data, to: "tree/\(path)")
        }
    }

    private init(in folder: Folder) {
        self.folder = folder
    }

    /// The clusters, where they live and how many HSMs they have.
    static let clusters = [
        Stranger(name: "payments", account: "prod", region: "us-east-1", hsms: 2),
        Stranger(name: "sessions", account: "dev", region: "eu-west-1", hsms: 1),
        Stranger(name: "ledger", account: "prod", region: "eu-west-1", hsms: 1),
    ]

    private static let fleet = """
        apiVersion: strongroom/v1
        kind: Fleet
        metadata: { name: acme }
        spec:
          service: simulator
          state: ./state
          accounts:
            - { name: prod, id: "111122223333" }
            - { name: dev, id: "444455556666" }
          regions: [us-east-1, eu-west-1]

        """

    /// The files, made once by the commands that lead there.
    private static let prepared = Task {
        let tree = Strangers(in: try Folder())
        try await tree.done("init", "tree", "--now", Tree.beginning)
        try FileManager.default.removeItem(at: tree.folder.file("tree/clusters"))
        try tree.folder.write(fleet, to: "tree/fleet.yaml")
        for cluster in clusters {
            try tree.folder.write(cluster.manifest, to: "tree/\(cluster.name).yaml")
        }
        try await tree.done("apply", "tree", "--yes")
        for cluster in clusters { try await tree.done("simulate", "sign", cluster.name, "tree") }
        try await tree.done("apply", "tree", "--yes")
        for cluster in clusters {
            try await tree.done("simulate", "activate", cluster.name, "tree")
        }
        try await tree.done("apply", "tree", "--yes")
        for cluster in clusters {
            try FileManager.default.removeItem(at: tree.folder.file("tree/\(cluster.name).yaml"))
        }
        try tree.park("ledger")
        return try tree.folder.contents(below: "tree")
    }

    /// Runs a command beside the tree.
    func run(_ arguments: String..., input: String = "") async throws -> Program.Ended {
        try await Program.run(arguments, in: folder, input: input)
    }

    /// Runs a command that has to end well.
    @discardableResult
    func done(_ arguments: String..., input: String = "") async throws -> Program.Ended {
        let ended = try await Program.run(arguments, in: folder, input: input)
        try #require(ended.status == 0, "\(arguments.joined(separator: " ")): \(ended.err)")
        return ended
    }

    /// The manifests beside the fleet's, by file name.
    func manifests(in directory: String = "tree") throws -> [String: String] {
        let files = try folder.contents(below: directory)
            .filter { $0.key.hasSuffix(".yaml") && $0.key != "fleet.yaml" }
        return files.mapValues { String(decoding: $0, as: UTF8.self) }
    }

    /// The path of a cluster's state, found by the name in its tags.
    func groupFile(of name: String) throws -> String {
        let files = try folder.contents(below: "tree/state").filter { file in
            file.key.contains("/cluster-")
                && String(decoding: file.value, as: UTF8.self).contains(#""Value" : "\#(name)""#)
        }
        return "tree/state/\(try #require(files.keys.first))"
    }

    /// The id of a cluster, found by the name in its tags.
    func id(of name: String) throws -> String {
        let path = try groupFile(of: name)
        return URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
    }

    /// Makes a cluster one that was never ours: the tags that say so get other keys.
    func estrange(_ name: String) throws {
        let path = try groupFile(of: name)
        for (ours, theirs) in [("cluster", "Name"), ("fleet", "origin"), ("intent", "batch")] {
            try folder.replace(
                #""Key" : "strongroom:\#(ours)""#,
                with: #""Key" : "\#(theirs)""#,
                in: path
            )
        }
    }

    /// Takes a cluster's HSMs away, and pins what it is resumed from.
    private func park(_ name: String) throws {
        try change(name) { record in
            var cluster = record["Cluster"] as? [String: Any]
            cluster?["Hsms"] = []
            record["Cluster"] = cluster
        }
        try pin(name, true)
    }

    /// Pins every backup of a cluster, or lets all of them go.
    func pin(_ name: String, _ isPinned: Bool) throws {
        try change(name) { record in
            let backups = record["Backups"] as? [[String: Any]] ?? []
            record["Backups"] = backups.map { backup in
                backup.merging(["NeverExpires": isPinned]) { _, new in new }
            }
        }
    }

    /// Records and pins the first of a cluster's own backups as a recovery point.
    ///
    /// - Returns: The backup's id.
    func nominate(_ point: String, of name: String) throws -> String {
        var id: String?
        try change(name) { record in
            guard var backups = record["Backups"] as? [[String: Any]],
                let index = backups.firstIndex(where: { $0["SourceBackup"] == nil })
            else { return }
            let tag = ["Key": "strongroom:recovery-point:\(point)", "Value": Tree.beginning]
            backups[index]["TagList"] = [tag]
            backups[index]["NeverExpires"] = true
            id = backups[index]["BackupId"] as? String
            record["Backups"] = backups
        }
        return try #require(id)
    }

    private func change(_ name: String, _ change: (inout [String: Any]) -> Void) throws {
        let path = try groupFile(of: name)
        let data = try Data(contentsOf: folder.file(path))
        var record = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        change(&record)
        let options: JSONSerialization.WritingOptions = [
            .prettyPrinted, .sortedKeys, .withoutEscapingSlashes,
        ]
        try folder.write(
            JSONSerialization.data(withJSONObject: record, options: options),
            to: path
        )
    }
}

/// A cluster as it was described once.
struct Stranger {
    let name: String
    let account: String
    let region: String
    let hsms: Int

    /// Its manifest.
    var manifest: String {
        """
        apiVersion: strongroom/v1
        kind: Cluster
        metadata: { name: \(name) }
        spec:
          region: \(region)
          account: \(account)
          hsmType: hsm2m.medium
          mode: FIPS
          networkType: IPV4
          subnets: { \(region)a: subnet-0a1b2c3d, \(region)b: subnet-1a2b3c4d }
          tags: { cost-center: "12345" }
          hsms: \(hsms)
          backups: { retentionDays: 60 }
          copies: \(region == "us-east-1" ? "[{ region: eu-west-1 }]" : "[]")
          initialization: { certificate: certs/\(name).crt, trustAnchor: certs/\(name)-root.crt }

        """
    }
}
