import Foundation
import Testing

/// A world that is kept in a state directory.
@Suite("A world in a state directory", .enabled(if: Clients.areThere, Clients.missing))
struct StateTests {
    private static let cluster = #"{"HsmType": "hsm2m.medium", "SubnetIds": ["subnet-0a1b2c3d"]}"#

    @Test(
        "is there again after a clean end and after a kill",
        arguments: [SIGTERM, SIGINT, SIGKILL]
    )
    func survives(signal: Int32) async throws {
        let folder = try Folder()
        let options = ["--state", folder.path("state"), "--allow-volatile-state"]
        let first = try await Emulator(options[0], options[1], options[2], "--read-lag", "0s")
        let made = try await Clients.run("one.py", first.url, "create_cluster", Self.cluster)
        let id = try #require(Self.clusterID(in: made))
        let ended = try await first.end(signal)
        #expect(ended.status == (signal == SIGKILL ? 128 + SIGKILL : 0), "\(ended.err)")
        let second = try await Emulator(options[0], options[1], options[2])
        let listed = try await Clients.run("one.py", second.url, "describe_clusters")
        #expect(Self.clusterID(in: listed) == id)
    }

    @Test("is held by one emulator at a time")
    func held() async throws {
        let folder = try Folder()
        let options = ["--state", folder.path("state"), "--allow-volatile-state"]
        let emulator = try await Emulator(options[0], options[1], options[2])
        let second = try await Emulator.failing(options + ["--port", "0"])
        #expect(second.status == 75, "\(second.err)")
        #expect(second.err.hasPrefix("error: "))
        try await emulator.end()
    }

    @Test("can be opened by the strongroom command afterwards")
    func openedByStrongroom() async throws {
        let folder = try Folder()
        let emulator = try await Emulator(
            "--state",
            folder.path("state"),
            "--allow-volatile-state",
            "--read-lag",
            "0s"
        )
        let made = try await Clients.run("one.py", emulator.url, "create_cluster", Self.cluster)
        let id = try #require(Self.clusterID(in: made))
        try await emulator.end()
        try folder.write(
            """
            apiVersion: strongroom/v1
            kind: Fleet
            metadata: { name: emulated }
            spec: { service: simulator, state: ./state, regions: [us-east-1] }
            ---
            apiVersion: strongroom/v1
            kind: Cluster
            metadata: { name: payments }
            spec: { clusterId: \(id), region: us-east-1 }

            """,
            to: "fleet.yaml"
        )
        let status = try await Run(
            Emulator.path(of: "strongroom"),
            ["status", folder.url.path],
            environment: ["STRONGROOM_ALLOW_VOLATILE_STATE": "1"]
        ).end()
        #expect(status.status == 0, "\(status)")
        #expect(status.out.contains(id), "\(status.out)")
    }

    private static func clusterID(in text: String) -> String? {
        text.components(separatedBy: #""ClusterId": ""#).dropFirst().first?
            .split(separator: "\"").first.map(String.init)
    }
}
