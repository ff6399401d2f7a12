import Foundation
import StrongroomAWS

/// Certificates made for one test: a root of our own, and what it signed.
struct Certificates {
    let folder: Folder
    let root: String

    /// Makes a root.
    init() async throws {
        folder = try Folder()
        root = "\(folder.path)/root.pem"
        try await openssl([
            "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
            "-subj", "/CN=Strongroom test root", "-keyout", "\(folder.path)/root.key", "-out", root,
        ])
    }

    /// A certificate and the key that belongs to it.
    struct CertificateFiles {
        let path: String
        let key: String
    }

    /// Makes a certificate for hosts, such as `DNS:localhost,IP:127.0.0.1`.
    func certificate(for names: String) async throws -> CertificateFiles {
        let base = "\(folder.path)/\(UUID().uuidString)"
        try await openssl([
            "req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=stand-in",
            "-keyout", "\(base).key", "-out", "\(base).csr",
        ])
        let extensions = try folder.write("subjectAltName=\(names)\n", to: "\(UUID()).cnf")
        try await openssl([
            "x509", "-req", "-in", "\(base).csr", "-CA", root, "-CAkey",
            "\(folder.path)/root.key", "-CAcreateserial", "-days", "2", "-extfile", extensions,
            "-out", "\(base).pem",
        ])
        return CertificateFiles(path: "\(base).pem", key: "\(base).key")
    }

    private func openssl(_ words: [String]) async throws {
        let result = try await HelperProcess(
            path: "/usr/bin/env",
            arguments: ["env", "openssl"] + words,
            environment: ProcessInfo.processInfo.environment,
            timeLimit: .seconds(120)
        ).run()
        guard result.status == 0 else { throw Failed(words: words) }
    }

    struct Failed: Error {
        let words: [String]
    }
}

/// A stand-in over TLS, in a process of its own.
final class TLSServer: Sendable {
    let port: Int
    private let path: String
    private let running: Task<HelperProcess.Result, any Error>

    /// Starts a server of HTTP/1.1 that speaks some versions of TLS.
    convenience init(
        _ certificate: Certificates.CertificateFiles,
        in folder: Folder,
        from lowest: String,
        to highest: String
    ) async throws {
        try await self.init(
            ["python3", "tls_server.py"],
            [certificate.path, certificate.key, lowest, highest],
            in: folder
        )
    }

    /// Starts a server of HTTP/2.
    convenience init(http2 certificate: Certificates.CertificateFiles, in folder: Folder)
        async throws
    {
        let words = [certificate.path, certificate.key]
        try await self.init(["node", "http2_server.js"], words, in: folder)
    }

    private init(_ program: [String], _ words: [String], in folder: Folder) async throws {
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Support/\(program[1])").path
        let path = "\(folder.path)/\(UUID().uuidString)"
        let server = HelperProcess(
            path: "/usr/bin/env",
            arguments: ["env", program[0], script] + words + [path],
            environment: ProcessInfo.processInfo.environment,
            timeLimit: .seconds(240)
        )
        running = Task { try await server.run() }
        self.path = path
        var port: Int?
        for _ in 0..<3_000 where port == nil {
            try await Task.sleep(for: .milliseconds(20))
            port = (try? String(contentsOfFile: "\(path).port", encoding: .utf8))
                .flatMap { Int($0) }
        }
        guard let port else { throw NotStarted() }
        self.port = port
    }

    /// Whether a program is there to be started.
    static func isThere(_ program: String) -> Bool {
        let folders = ProcessInfo.processInfo.environment["PATH"]?.split(separator: ":") ?? []
        return folders.contains { isExecutable("\($0)/\(program)") }
    }

    struct NotStarted: Error {}

    /// Ends the server and gives one line for each request that came through.
    func stop() async throws -> [String] {
        _ = FileManager.default.createFile(atPath: "\(path).stop", contents: nil)
        let output = try await running.value.output
        return String(decoding: output, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    /// The server as an origin, by a name of this machine.
    func origin(named host: String) throws -> HTTPOrigin {
        try EndpointSettings(variables: ["AWS_ENDPOINT_URL": "https://\(host):\(port)"])
            .endpoint(of: .cloudHSM, in: .usEast1).origin
    }
}
