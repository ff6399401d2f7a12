import CloudHSM
import CloudHSMWire
import Foundation
import StrongroomAWS
import Synchronization

/// Values that must turn up nowhere but in requests to who they are for.
enum Canary {
    static let secret = "cAnArY/sEcReT+0123456789abcdefghijklmnop"
    static let session = "cAnArYsEsSiOn0123456789abcdefghijklmnopqrs=="
    static let bearer = "cAnArYbEaReR0123456789abcdefgh"

    /// Whether a text holds any of them, whole or the most of one.
    static func isIn(_ text: String) -> Bool {
        [secret, session, bearer].contains { text.contains($0) || text.contains($0.prefix(20)) }
    }
}

/// A folder that is gone after the test.
final class Folder: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "strongroom-aws-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: path,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes a file and gives its path.
    func write(_ text: String, to name: String, mode: Int = 0o600) throws -> String {
        let file = "\(path)/\(name)"
        try FileManager.default.createDirectory(
            atPath: (file as NSString).deletingLastPathComponent,
            withIntermediateDirectories: true
        )
        if mode & 0o100 != 0 {
            try writeProgram(text, to: file)
        } else {
            try Data(text.utf8).write(to: URL(fileURLWithPath: file))
        }
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file)
        return file
    }

    /// Writes a file that is to be started, by another process.
    ///
    /// A file that this process has open for writing is open for a moment in whatever it starts
    /// meanwhile, and the system starts no file that is open for writing ("Text file busy").
    private func writeProgram(_ text: String, to file: String) throws {
        let draft = file + ".draft"
        try Data(text.utf8).write(to: URL(fileURLWithPath: draft))
        let copying = Process()
        copying.executableURL = URL(fileURLWithPath: "/bin/cp")
        copying.arguments = [draft, file]
        try copying.run()
        copying.waitUntilExit()
    }
}

/// A clock that stands still until it is set.
final class TestClock: Sendable {
    private let moment = Mutex(Timestamp(milliseconds: 1_795_780_800_000))

    var now: Timestamp { moment.withLock { $0 } }

    func advance(by span: Duration) { moment.withLock { $0 = $0 + span } }
}

/// Lines that were warned with.
final class Warnings: Sendable {
    private let lines = Mutex<[String]>([])

    var all: [String] { lines.withLock { $0 } }

    func add(_ line: String) { lines.withLock { $0.append(line) } }
}

/// Sends what is meant for one origin to another, so that link-local hosts can be stood in for.
struct DetouringExchange: HTTPExchange {
    let exchange: any HTTPExchange
    let detours: [String: LocalServer]
    let asked = Asked()

    /// Every origin that was asked for.
    final class Asked: Sendable {
        private let origins = Mutex<[String]>([])
        var all: [String] { origins.withLock { $0 } }
        func add(_ origin: String) { origins.withLock { $0.append(origin) } }
    }

    func send(
        _ request: HTTPMessageRequest,
        within limit: Duration
    ) async throws -> HTTPMessageResponse {
        asked.add("\(request.origin)")
        guard let server = detours["\(request.origin)"] else {
            guard request.origin.isLoopback else {
                throw HTTPFailure(.unknownHost, .certainlyNotSent, at: request.origin)
            }
            return try await exchange.send(request, within: limit)
        }
        var detoured = request
        detoured.origin = try server.origin()
        return try await exchange.send(detoured, within: limit)
    }
}

extension LocalServer {
    /// The server's own origin, read from its address as a variable would give it.
    func origin() throws -> HTTPOrigin {
        try EndpointSettings(variables: ["AWS_ENDPOINT_URL_STS": address])
            .endpoint(of: .sts, in: .usEast1).origin
    }
}

extension Region {
    /// The Region most tests act in.
    static let usEast1 = named("us-east-1")

    /// A Region of a name that is surely one.
    static func named(_ name: String) -> Region {
        guard let region = Region(name) else { preconditionFailure("no Region \(name)") }
        return region
    }
}

extension NetworkExchange {
    /// One for all tests that trust the system's roots; it lives as long as they do.
    static let shared = Result { try NetworkExchange() }
}

/// What STS says, in its own form.
enum TokenServiceText {
    static func session(
        of operation: String,
        key: String,
        role: String,
        until end: Timestamp
    ) -> String {
        let parts = role.split(separator: ":").map(String.init)
        let arn =
            parts.count == 5
            ? "arn:\(parts[1]):sts::\(parts[3]):assumed-\(parts[4])/session" : "none"
        return """
            <\(operation)Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
              <\(operation)Result>
                <AssumedRoleUser>
                  <AssumedRoleId>AROA123EXAMPLE:session</AssumedRoleId>
                  <Arn>\(arn)</Arn>
                </AssumedRoleUser>
                <Credentials>
                  <AccessKeyId>\(key)</AccessKeyId>
                  <SecretAccessKey>\(Canary.secret)</SecretAccessKey>
                  <SessionToken>\(Canary.session)</SessionToken>
                  <Expiration>\(end)</Expiration>
                </Credentials>
                <PackedPolicySize>6</PackedPolicySize>
              </\(operation)Result>
              <ResponseMetadata><RequestId>c6104cbe</RequestId></ResponseMetadata>
            </\(operation)Response>
            """
    }

    static func identity(_ arn: String) -> String {
        let account = arn.split(separator: ":").dropFirst(3).first ?? ""
        return """
            <GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
              <GetCallerIdentityResult>
                <Arn>\(arn)</Arn><UserId>AIDA123EXAMPLE</UserId><Account>\(account)</Account>
              </GetCallerIdentityResult>
              <ResponseMetadata><RequestId>01234567</RequestId></ResponseMetadata>
            </GetCallerIdentityResponse>
            """
    }

    static func refusal(_ code: String) -> String {
        """
        <ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
          <Error><Type>Sender</Type><Code>\(code)</Code>
          <Message>quotes \(Canary.session)</Message></Error>
          <RequestId>01234567</RequestId>
        </ErrorResponse>
        """
    }
}

/// The JSON in which containers and instances hand out credentials.
func keyDocument(_ key: String, until end: Timestamp, code: String? = nil) -> String {
    let first = code.map { "\"Code\": \"\($0)\", " } ?? ""
    return """
        {\(first)"AccessKeyId": "\(key)", "SecretAccessKey": "\(Canary.secret)",
         "Token": "\(Canary.session)", "Expiration": "\(end)"}
        """
}

/// Prints what a test did, in the one line that `scripts/torture` looks for.
func close(_ test: String, _ counts: [(name: String, value: Int)]) {
    let pairs = counts.map { "\($0.name) \($0.value)" }
    let line = "torture \(test) | \(pairs.joined(separator: " | "))\n"
    FileHandle.standardOutput.write(Data(line.utf8))
}
