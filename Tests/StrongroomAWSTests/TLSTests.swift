import Foundation
import StrongroomAWS
import Testing

/// Which certificates and versions of TLS are taken.
@Suite("TLS", .timeLimit(.minutes(5)))
struct TLSTests {
    let certificates: Certificates

    init() async throws {
        certificates = try await Certificates()
    }

    private func send(
        to server: TLSServer,
        named host: String,
        trusting roots: TrustRoots
    ) async throws -> Result<HTTPMessageResponse, HTTPFailure> {
        let exchange = try NetworkExchange(trusting: roots)
        let request = HTTPMessageRequest(
            "POST",
            to: try server.origin(named: host),
            headers: [(name: "Authorization", value: Canary.bearer)],
            body: Array("{}".utf8)
        )
        let result: Result<HTTPMessageResponse, HTTPFailure>
        do {
            result = .success(try await exchange.send(request, within: .seconds(20)))
        } catch let failure as HTTPFailure {
            result = .failure(failure)
        }
        try await exchange.shutDown()
        return result
    }

    @Test(arguments: ["1.2", "1.3"])
    func aServerWhoseRootIsInTheFileIsTrusted(version: String) async throws {
        let server = try await TLSServer(
            certificates.certificate(for: "DNS:localhost,IP:127.0.0.1"),
            in: certificates.folder,
            from: version,
            to: version
        )
        let roots = TrustRoots(variables: ["AWS_CA_BUNDLE": certificates.root])
        let answer = try await send(to: server, named: "localhost", trusting: roots).get()
        #expect(String(decoding: answer.body, as: UTF8.self) == "TLSv\(version)")
        #expect(try await server.stop().count == 1)
    }

    @Test(arguments: ["1.0", "1.1"])
    func olderVersionsAreNotSpoken(version: String) async throws {
        let server = try await TLSServer(
            certificates.certificate(for: "DNS:localhost"),
            in: certificates.folder,
            from: version,
            to: version
        )
        let result = try await send(
            to: server,
            named: "localhost",
            trusting: .file(certificates.root)
        )
        guard case .failure(let failure) = result, case .tls = failure.kind else {
            Issue.record("\(result)")
            return
        }
        #expect(failure.sending == .certainlyNotSent)
        #expect(try await server.stop().isEmpty)
    }

    @Test func aServerThatNobodyTrustedSignedGetsNothing() async throws {
        let server = try await TLSServer(
            certificates.certificate(for: "DNS:localhost"),
            in: certificates.folder,
            from: "1.2",
            to: "1.3"
        )
        let other = try await Certificates()
        for roots in [TrustRoots.system, .file(other.root)] {
            let result = try await send(to: server, named: "localhost", trusting: roots)
            guard case .failure(let failure) = result, case .untrusted = failure.kind else {
                Issue.record("\(result)")
                continue
            }
            #expect(failure.sending == .certainlyNotSent)
            #expect(failure.description.contains("AWS_CA_BUNDLE"))
        }
        #expect(try await server.stop().isEmpty)
    }

    @Test func aCertificateForAnotherHostIsNotTaken() async throws {
        let server = try await TLSServer(
            certificates.certificate(for: "DNS:elsewhere.example"),
            in: certificates.folder,
            from: "1.2",
            to: "1.3"
        )
        let result = try await send(
            to: server,
            named: "localhost",
            trusting: .file(certificates.root)
        )
        guard case .failure(let failure) = result, case .untrusted = failure.kind else {
            Issue.record("\(result)")
            return
        }
        #expect(failure.sending == .certainlyNotSent)
        #expect(try await server.stop().isEmpty)
    }

    @Test(.enabled(if: TLSServer.isThere("node"), "the stand-in for HTTP/2 needs node"))
    func whereTheServerOffersItHTTP2IsSpoken() async throws {
        let server = try await TLSServer(
            http2: certificates.certificate(for: "DNS:localhost"),
            in: certificates.folder
        )
        let exchange = try NetworkExchange(trusting: .file(certificates.root))
        let origin = try server.origin(named: "localhost")
        let bodies = try await withThrowingTaskGroup(of: String.self) { group in
            for number in 0..<20 {
                group.addTask {
                    let request = HTTPMessageRequest(
                        "POST",
                        to: origin,
                        headers: [(name: "Host", value: origin.hostHeader)],
                        body: Array("{\(number)}".utf8),
                        connection: number.isMultiple(of: 2) ? .pooled : .fresh
                    )
                    let answer = try await exchange.send(request, within: .seconds(30))
                    return String(decoding: answer.body, as: UTF8.self)
                }
            }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(bodies == Set((0..<20).map { "HTTP/2 POST \(origin.hostHeader) {\($0)}" }))
        for (target, kind) in [
            ("/silence", HTTPFailure.Kind.timeout(.milliseconds(300))), ("/cut", .connectionLost),
        ] {
            let limit = kind == .connectionLost ? Duration.seconds(30) : .milliseconds(300)
            let request = HTTPMessageRequest(
                "POST",
                to: origin,
                target: target,
                body: [0x7B, 0x7D]
            )
            let failure = await #expect(throws: HTTPFailure.self) {
                try await exchange.send(request, within: limit)
            }
            #expect(failure?.kind == kind)
            #expect(failure?.sending == .mayHaveBeenSent)
        }
        try await exchange.shutDown()
        _ = try await server.stop()
    }

    @Test(arguments: ["", "no certificate\n"])
    func aFileWithoutCertificatesIsRefusedAndNotPassedOver(content: String) throws {
        let path = try certificates.folder.write(content, to: "empty.pem")
        #expect(throws: TrustRoots.Unusable.self) {
            try NetworkExchange(trusting: .file(path))
        }
        #expect(throws: TrustRoots.Unusable.self) {
            try NetworkExchange(trusting: .file("\(path)-not-there"))
        }
    }
}
