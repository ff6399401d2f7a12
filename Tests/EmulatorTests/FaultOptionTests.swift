import Foundation
import Testing

/// Failures that were asked for.
@Suite("Failures on purpose", .enabled(if: Clients.areThere, Clients.missing))
struct FaultOptionTests {
    private static let cluster = #"{"HsmType": "hsm2m.medium", "SubnetIds": ["subnet-0a1b2c3d"]}"#

    @Test("a throttled call was not done")
    func throttled() async throws {
        let folder = try Folder()
        let state = folder.path("state")
        let emulator = try await Emulator(
            "--throttle",
            "1",
            "--state",
            state,
            "--allow-volatile-state"
        )
        let said = try await Clients.run("one.py", emulator.url, "create_cluster", Self.cluster)
        #expect(said == "ThrottlingException")
        try await emulator.end()
        #expect(try await Self.clusters(in: state) == 0)
    }

    @Test("of calls with a server error some were done and some were not, by the seed")
    func failed() async throws {
        let folder = try Folder()
        let state = folder.path("state")
        let emulator = try await Emulator(
            "--fail",
            "1",
            "--seed",
            "7",
            "--state",
            state,
            "--allow-volatile-state",
            "--cluster-quota",
            "100"
        )
        let said = try await Clients.run(
            "one.py",
            emulator.url,
            "create_cluster",
            Self.cluster,
            "12"
        )
        #expect(said == "CloudHsmInternalFailureException")
        try await emulator.end()
        let made = try await Self.clusters(in: state)
        #expect((1...11).contains(made), "\(made) of 12")
    }

    private static func clusters(in state: String) async throws -> Int {
        let emulator = try await Emulator(
            "--state",
            state,
            "--allow-volatile-state",
            "--speed",
            "60"
        )
        let listed = try await Clients.run("one.py", emulator.url, "describe_clusters")
        return listed.components(separatedBy: #""ClusterId""#).count - 1
    }
}
