import Foundation
import Testing

/// What is asked for of a world.
///
/// Between them the stories make every call that changes something.
enum WireStory: String, CaseIterable, Sendable {
    case creation = "first-cluster"
    case initialization = "first-cluster, once its request is signed"
    case scaling = "scaling-and-zones"
    case parking = "parking"
    case deletion = "parking, but for good"
    case recoveryPoint = "recovery-point"
    case restoration = "recovery-point, whose backup is pending deletion"
    case oblivion = "recovery-point, and then not any more"
    case copies = "copies-and-clean-up"
    case retention = "shorter-retention"
    case freshness = "stale-backup"

    /// Those that can be told on this machine.
    static let told = allCases.filter {
        $0 != .initialization || FileManager.default.isExecutableFile(atPath: openSSL)
    }

    private static let openSSL = "/usr/bin/openssl"

    /// The folder in examples/ that it begins with.
    var example: String { rawValue.split(separator: ",").first.map(String.init) ?? rawValue }

    /// The emulator's options.
    var options: [String] { self == .initialization ? ["--auto-activate"] : [] }

    /// Whether later runs go on: once a person has done something, or once more is allowed.
    var goesOn: Bool { [.initialization, .copies, .retention].contains(self) }

    /// The calls that change something in it.
    var calls: [String] {
        switch self {
        case .creation: ["CreateCluster", "CreateHsm"]
        case .initialization: ["InitializeCluster", "CreateHsm", "CopyBackupToRegion"]
        case .scaling, .freshness: ["CreateHsm", "DeleteHsm"]
        case .parking: ["DeleteHsm", "TagResource", "ModifyBackupAttributes"]
        case .deletion: ["DeleteHsm", "TagResource", "ModifyBackupAttributes", "DeleteCluster"]
        case .recoveryPoint: ["TagResource", "ModifyBackupAttributes", "CopyBackupToRegion"]
        case .restoration:
            ["RestoreBackup", "TagResource", "ModifyBackupAttributes", "CopyBackupToRegion"]
        case .oblivion: ["ModifyBackupAttributes", "UntagResource"]
        case .copies: ["CopyBackupToRegion", "DeleteBackup"]
        case .retention: ["ModifyCluster"]
        }
    }

    private static let nominated = "backup-n3pukplmlvb"

    /// Changes the world and the manifests before anything begins.
    func edit(_ folder: Folder) throws {
        switch self {
        case .creation, .initialization, .scaling, .parking, .recoveryPoint, .oblivion, .copies,
            .retention, .freshness:
            return
        case .deletion:
            try folder.replace(
                "hsms: 0",
                with: "hsms: 0\n  ensure: absent\n  reason: no longer needed",
                in: "tree/payments.yaml"
            )
        case .restoration:
            try folder.replace(
                "takenBefore: 2026-10-25T00:00:00Z",
                with: "backup: \(Self.nominated)",
                in: "tree/payments.yaml"
            )
            // 2026-11-03, days after the world's beginning.
            try folder.replace(
                #""BackupId":"\#(Self.nominated)","BackupState":"READY""#,
                with: #""BackupId":"\#(Self.nominated)","BackupState":"PENDING_DELETION","#
                    + #""DeleteTimestamp":1793700000"#,
                in: folder.groupFile(below: "world")
            )
        }
    }

    /// Does, undisturbed, what comes before the runs that are disturbed.
    func begin(_ world: EmulatedWorld) async throws {
        switch self {
        case .creation, .scaling, .parking, .deletion, .recoveryPoint, .restoration, .copies,
            .retention, .freshness:
            return
        case .oblivion:
            try await Self.applied(world)
            let manifest = try world.folder.text("tree/payments.yaml")
            let rest = manifest.components(separatedBy: "  recoveryPoints:")
            try world.folder.write(try #require(rest.first), to: "tree/payments.yaml")
        case .initialization:
            try await Self.applied(world)
            try await Self.sign(in: world.folder)
        }
    }

    private static func applied(_ world: EmulatedWorld) async throws {
        let ended = try await world.apply()
        try #require(ended.status == 0, "\(ended.err)")
    }

    /// Signs a cluster's request as the service's guide shows it.
    ///
    /// Source: AWS CloudHSM User Guide, "Initialize the cluster in AWS CloudHSM".
    private static func sign(in folder: Folder) async throws {
        let group = try JSONSerialization.jsonObject(
            with: Data(contentsOf: folder.file(folder.groupFile(below: "tree/state")))
        )
        let cluster = (group as? [String: Any])?["Cluster"] as? [String: Any]
        let certificates = cluster?["Certificates"] as? [String: String]
        try folder.write(try #require(certificates?["ClusterCsr"]), to: "cluster.csr")
        try folder.write("", to: "tree/certs/.keep")
        let commands = [
            "req -new -x509 -days 3652 -newkey rsa:2048 -nodes -batch -subj /CN=customer "
                + "-keyout ca.key -out tree/certs/root.crt",
            "x509 -req -days 3652 -in cluster.csr -CA tree/certs/root.crt -CAkey ca.key "
                + "-CAcreateserial -out tree/certs/payments.crt",
        ]
        for command in commands {
            let ended = try await Program.start(
                command.split(separator: " ").map(String.init),
                in: folder,
                program: openSSL
            ).end()
            try #require(ended.status == 0, "\(ended.err)")
        }
    }
}
