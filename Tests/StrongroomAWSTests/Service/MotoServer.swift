import CloudHSM
import CloudHSMWire
import Foundation
import StrongroomAWS
import Synchronization

/// moto's stand-in for AWS, on a port of this machine: software that is not ours at the other end.
///
/// It is a check of the transport only: its ids are bare UUIDs, and its subnets have no zones.
final class MotoServer: Sendable {
    struct Failure: Error {
        let words: String
    }

    private static let python =
        ProcessInfo.processInfo.environment["STRONGROOM_PYTHON"] ?? "python3"

    /// Whether moto can be started.
    static let isInstalled: Bool = {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [python, "-c", "import moto.server, flask, flask_cors"]
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }()

    private let process: Process
    private let folder: URL

    /// Where it listens.
    let address: String

    /// Starts a server with nothing in it.
    ///
    /// - Throws: When it does not come up within a minute.
    init() async throws {
        folder = FileManager.default.temporaryDirectory
            .appending(path: "strongroom-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        // A file, because nobody would read a pipe to its end.
        let said = folder.appending(path: "said")
        try Data().write(to: said)
        process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [Self.python, "-m", "moto.server", "-H", "127.0.0.1", "-p", "0"]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = try FileHandle(forWritingTo: said)
        try process.run()
        var words = ""
        for _ in 0..<600 {
            words = String(decoding: try Data(contentsOf: said), as: UTF8.self)
            if let match = words.firstMatch(of: /http:\/\/127\.0\.0\.1:[0-9]+/) {
                address = String(match.output)
                return
            }
            try await Task.sleep(for: .milliseconds(100))
        }
        kill(process.processIdentifier, SIGKILL)
        throw Failure(words: words)
    }

    /// Ends it; whoever started it must.
    func stop() {
        guard process.isRunning else { return }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        try? FileManager.default.removeItem(at: folder)
    }
}

/// Carries requests to moto, and gives its things names that the service could have given them.
final class MotoExchange: HTTPExchange {
    private let network: NetworkExchange
    private let names = Mutex<[String: String]>([:])

    init() throws {
        network = try NetworkExchange()
    }

    func send(
        _ request: HTTPMessageRequest,
        within limit: Duration
    ) async throws -> HTTPMessageResponse {
        var translated = request
        translated.body = rewrite(request.body) { text in
            names.withLock { names in
                names.reduce(text) { $0.replacing($1.value, with: $1.key) }
            }
        }
        var response = try await network.send(translated, within: limit)
        response.body = rewrite(response.body, named)
        return response
    }

    func shutDown() async throws { try await network.shutDown() }

    private func rewrite(_ body: [UInt8], _ change: (String) -> String) -> [UInt8] {
        Array(change(String(decoding: body, as: UTF8.self)).utf8)
    }

    /// Gives each UUID a name, the same each time; which kind follows from the member it stands in.
    private func named(_ text: String) -> String {
        let uuid = /"(ClusterId|BackupId)": "([0-9a-f-]{36})"/
        return names.withLock { names in
            for match in text.matches(of: uuid) {
                let (member, id) = (match.output.1, String(match.output.2))
                guard names[id] == nil else { continue }
                let bits = id.utf8.reduce(UInt64(7)) { $0 &* 31 &+ UInt64($1) }
                names[id] =
                    member == "ClusterId"
                    ? ClusterID(bits: bits).description : BackupID(bits: bits).description
            }
            // Each subnet's zone is called like the Region.
            return names.reduce(text) { $0.replacing($1.key, with: $1.value) }
                .replacing(#"{"us-east-1": "subnet-"#, with: #"{"us-east-1a": "subnet-"#)
        }
    }
}
