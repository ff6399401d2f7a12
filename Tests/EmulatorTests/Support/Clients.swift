import Foundation
import Testing

/// Other people's clients, through the Python scripts beside the tests.
enum Clients {
    /// Why the tests are skipped that need them.
    static let missing: Comment =
        "needs Python with boto3 and awscli of 2026 or later: pip install boto3==1.43.11 awscli==1.45.11"

    /// The Python that `scripts/test` found, or the system's.
    private static let python =
        ProcessInfo.processInfo.environment["STRONGROOM_PYTHON"] ?? "python3"

    /// Whether Python has boto3 and the AWS command line, and they know all 18 operations.
    static let areThere: Bool = {
        let question = """
            import awscli, boto3
            client = boto3.client("cloudhsmv2", region_name="us-east-1")
            assert "NetworkType" in client.meta.service_model.shape_for("Cluster").members
            assert len(client.meta.service_model.operation_names) == 18
            """
        return answer(["-c", question]) != nil
    }()

    /// What a script prints, asked for before any test runs.
    ///
    /// - Parameter script: Its name.
    /// - Returns: The line; `nil` if it failed.
    static func answer(_ script: String) -> String? {
        answer([scripts.appending(path: script).path])
    }

    private static func answer(_ arguments: [String]) -> String? {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [python] + arguments
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        do {
            try process.run()
        } catch {
            return nil
        }
        let told = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { return nil }
        return String(decoding: told, as: UTF8.self).trimmingCharacters(in: .newlines)
    }

    private static let scripts = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Scripts")

    /// Runs a script to its end.
    ///
    /// - Parameters:
    ///   - script: Its name.
    ///   - arguments: What follows.
    ///   - environment: What is set besides.
    /// - Returns: The last line it printed.
    /// - Throws: When it cannot be started.
    @discardableResult
    static func run(
        _ script: String,
        _ arguments: String...,
        environment: [String: String] = [:]
    ) async throws -> String {
        let words = [python, scripts.appending(path: script).path] + arguments
        let quiet = ["PYTHONDONTWRITEBYTECODE": "1", "PYTHONWARNINGS": "ignore"]
        let ended = try await Run(
            "/usr/bin/env",
            words,
            environment: quiet.merging(environment) { _, new in new }
        ).end()
        #expect(ended.status == 0, "\(script): \(ended.out)\(ended.err)")
        return ended.out.split(separator: "\n").last.map(String.init) ?? ""
    }
}
