import CloudHSM
import CloudHSMWire
import Foundation
import Glibc
import StrongroomAWS
import Testing

/// Which addresses a container's credentials may be asked of, and what is shown there.
@Suite("The container endpoint", .timeLimit(.minutes(5)))
struct ContainerSourceTests {
    let folder: Folder
    let clock = TestClock()

    init() throws {
        folder = try Folder()
    }

    private func source(
        _ variables: [String: String],
        over exchange: any HTTPExchange
    ) throws -> CredentialBase {
        let clock = clock
        let environment = CredentialEnvironment(
            variables: variables,
            homeDirectory: folder.path,
            fallbackRegion: .usEast1,
            userID: getuid(),
            now: { clock.now }
        )
        return try CredentialBase(
            CredentialChain(
                environment,
                over: exchange,
                endpoints: EndpointSettings(variables: [:]),
                sessionName: "run-1",
                warn: { _ in }
            )
        )
    }

    @Test(arguments: [
        "http://10.0.0.1/x", "http://169.254.169.254/x", "http://169.254.170.3/x",
        "http://169.254.170.2.example/x", "http://169.254.170.2@a.example/x",
        "http://a.example/x", "http://[fd00:ec2::24]/x", "http://2852039170/x",
        "http://0xa9.0xfe.0xaa.2/x", "http://127.0.0.1.example/x", "ftp://127.0.0.1/x",
        "127.0.0.1/x", "/relative", "http://localhost.a.example/x", "http://user@127.0.0.1/x",
        "http://127.0.0.1/#x",
    ])
    func otherAddressesAreAskedForNothing(address: String) async throws {
        let exchange = DetouringExchange(exchange: try NetworkExchange.shared.get(), detours: [:])
        let source = try source(
            [
                "AWS_CONTAINER_CREDENTIALS_FULL_URI": address,
                "AWS_CONTAINER_AUTHORIZATION_TOKEN": Canary.bearer,
            ],
            over: exchange
        )
        let fault = await #expect(throws: CredentialFault.self) { try await source.credentials() }
        #expect(!Canary.isIn("\(String(describing: fault))"))
        #expect(exchange.asked.all.isEmpty)
    }

    @Test(arguments: [
        "https://pods.example", "http://127.0.0.1:9", "http://localhost:9", "http://[::1]:9",
        "http://169.254.170.2", "http://169.254.170.23", "http://[fd00:ec2::23]",
    ])
    func theDocumentedOnesAreAsked(origin: String) async throws {
        let now = clock.now
        let server = try LocalServer { request in
            request.headers["authorization"] == Canary.bearer && request.target == "/v1/x?y=z"
                ? .reply(200, keyDocument("ASIA1", until: now + .hours(1))) : .reply(400, "")
        }
        defer { server.stop() }
        let exchange = DetouringExchange(
            exchange: try NetworkExchange.shared.get(),
            detours: [origin: server]
        )
        let source = try source(
            [
                "AWS_CONTAINER_CREDENTIALS_FULL_URI": "\(origin)/v1/x?y=z",
                "AWS_CONTAINER_AUTHORIZATION_TOKEN": Canary.bearer,
            ],
            over: exchange
        )
        #expect(try await source.credentials().signing.accessKeyID == "ASIA1")
        #expect(exchange.asked.all == [origin])
    }

    @Test func theTokenFileGoesFirstAndIsReadEachTime() async throws {
        let clock = clock
        let server = try LocalServer { request in
            .reply(
                200,
                keyDocument(
                    "ASIA_\(request.headers["authorization"] ?? "")",
                    until: clock.now + .hours(1)
                )
            )
        }
        defer { server.stop() }
        let path = try folder.write("first\n", to: "token")
        let source = try source(
            [
                "AWS_CONTAINER_CREDENTIALS_FULL_URI": server.address,
                "AWS_CONTAINER_AUTHORIZATION_TOKEN": "variable",
                "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": path,
            ],
            over: try NetworkExchange.shared.get()
        )
        #expect(try await source.credentials().signing.accessKeyID == "ASIA_first")
        _ = try folder.write("second", to: "token")
        clock.advance(by: .minutes(58))
        #expect(try await source.credentials().signing.accessKeyID == "ASIA_second")
        _ = try folder.write("\(Canary.bearer)\r\nX-Other: 1", to: "token")
        clock.advance(by: .hours(2))
        let fault = await #expect(throws: CredentialFault.self) { try await source.credentials() }
        #expect(!Canary.isIn("\(String(describing: fault))"))
        #expect(server.seen.count == 2)
    }
}
