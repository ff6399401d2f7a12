import CloudHSM
import CloudHSMWire
import Foundation
import Glibc
import StrongroomAWS
import Synchronization
import Testing

/// A run that would end up somewhere else sends nothing there.
@Suite("The wrong place", .timeLimit(.minutes(10)))
struct WrongPlaceTests {
    /// One way to end up in the wrong place.
    struct Variant: Sendable, CustomTestStringConvertible {
        let name: String
        var variables: [String: String] = [:]
        var region = "us-east-1"
        var role: AccountCredentials.Role?
        /// Who AWS takes us for; each session after the last is like the last.
        var identities = ["arn:aws:iam::111122223333:user/ana"]
        /// Whose session STS gives.
        var session: String?
        /// What STS answers to everything.
        var sts: StandInAnswer?
        /// What the service answers to everything.
        var service: StandInAnswer?
        /// What the machine's own endpoints answer to everything.
        var machine: StandInAnswer?
        /// How many mutating calls reach the right endpoint before or while it goes wrong.
        var rightCalls = 0
        /// What the error says.
        let says: String

        var testDescription: String { name }
    }

    private static let ours = "arn:aws:iam::111122223333:role/strongroom"
    private static func override(_ address: String) -> [String: String] {
        ["AWS_ENDPOINT_URL_CLOUDHSMV2": address]
    }
    private static let container = [
        "AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN": Canary.bearer,
    ]
    private static let away = StandInAnswer.reply(307, "", headers: ["Location": "FOREIGN/"])

    static let variants: [Variant] = [
        // Account.
        Variant(
            name: "keys of another account",
            identities: ["arn:aws:iam::444455556666:user/ana"],
            says: "are of account 444455556666"
        ),
        Variant(
            name: "the root user of another account",
            identities: ["arn:aws:iam::444455556666:root"],
            says: "are of account 444455556666"
        ),
        Variant(
            name: "a role of another account",
            role: .init(arn: "arn:aws:iam::444455556666:role/strongroom"),
            says: "is not a role of account 111122223333"
        ),
        Variant(
            name: "a session of another account",
            role: .init(arn: ours),
            session: "arn:aws:iam::444455556666:role/strongroom",
            says: "session of another account"
        ),
        Variant(
            name: "a session that turns out to be of another account",
            role: .init(arn: ours),
            identities: ["arn:aws:sts::444455556666:assumed-role/strongroom/run-1"],
            says: "are of account 444455556666"
        ),
        Variant(
            name: "a later session of another account",
            role: .init(arn: ours),
            identities: [
                "arn:aws:sts::111122223333:assumed-role/strongroom/run-1",
                "arn:aws:sts::444455556666:assumed-role/strongroom/run-1",
            ],
            rightCalls: 1,
            says: "are of account 444455556666"
        ),
        Variant(
            name: "an identity that is none",
            identities: ["arn:aws:s3:::a-bucket"],
            says: "names no account"
        ),
        Variant(
            name: "an answer whose account is another than its ARN's",
            sts: .reply(
                200,
                TokenServiceText.identity("arn:aws:iam::111122223333:user/ana")
                    .replacingOccurrences(of: "<Account>1111", with: "<Account>4444")
            ),
            says: "names no account"
        ),
        Variant(
            name: "a role whose owner asks for another external id",
            role: .init(arn: ours, externalID: "not-theirs"),
            sts: .reply(403, TokenServiceText.refusal("AccessDenied")),
            says: "AccessDenied"
        ),
        Variant(
            name: "an external id with a line break",
            role: .init(arn: ours, externalID: "a\nb"),
            says: "external_id"
        ),
        // Partition.
        Variant(
            name: "an identity of GovCloud",
            identities: ["arn:aws-us-gov:iam::111122223333:user/ana"],
            says: "of the partition aws-us-gov"
        ),
        Variant(
            name: "a role of GovCloud",
            role: .init(arn: "arn:aws-us-gov:iam::111122223333:role/strongroom"),
            says: "is of the partition aws-us-gov"
        ),
        Variant(
            name: "a role of China",
            role: .init(arn: "arn:aws-cn:iam::111122223333:role/strongroom"),
            says: "not the ARN of a role"
        ),
        Variant(
            name: "an identity of China",
            identities: ["arn:aws-cn:iam::111122223333:user/ana"],
            says: "names no account"
        ),
        // Region.
        Variant(name: "a Region of China", region: "cn-north-1", says: "aws-cn (China)"),
        Variant(name: "a Region of nobody's", region: "us-iso-east-1", says: "aws-iso"),
        Variant(name: "a Region that is none", region: "us-east-1.evil.example", says: "no Region"),
        Variant(
            name: "an endpoint of another Region",
            variables: override("https://cloudhsmv2.eu-west-1.amazonaws.com"),
            says: "not of us-east-1"
        ),
        Variant(
            name: "an endpoint of GovCloud",
            variables: override("https://cloudhsmv2.us-gov-west-1.api.aws"),
            says: "not of us-east-1"
        ),
        Variant(
            name: "an STS of another Region",
            variables: ["AWS_ENDPOINT_URL_STS": "https://sts.eu-west-1.amazonaws.com"],
            says: "not of us-east-1"
        ),
        // Endpoint and http.
        Variant(
            name: "http to elsewhere",
            variables: override("http://a.example"),
            says: "plain http to a.example"
        ),
        Variant(
            name: "http to what looks like this machine",
            variables: override("http://127.0.0.1.a.example"),
            says: "plain http"
        ),
        Variant(
            name: "http to a link-local address",
            variables: override("http://169.254.169.254"),
            says: "plain http"
        ),
        Variant(
            name: "STS over http",
            variables: ["AWS_ENDPOINT_URL_STS": "http://sts.us-east-1.amazonaws.com"],
            says: "plain http"
        ),
        Variant(
            name: "an endpoint with a user name",
            variables: override("https://cloudhsmv2.us-east-1.amazonaws.com@a.example"),
            says: "user name or password"
        ),
        Variant(
            name: "an endpoint with a query",
            variables: override("https://a.example?cloudhsmv2.us-east-1.amazonaws.com"),
            says: "has a query"
        ),
        Variant(
            name: "an endpoint with a fragment",
            variables: override("https://a.example#.us-east-1.amazonaws.com"),
            says: "has a fragment"
        ),
        Variant(
            name: "an endpoint with a path",
            variables: override("https://a.example/cloudhsmv2"),
            says: "has a path"
        ),
        Variant(
            name: "an endpoint with a backslash",
            variables: override("https://a.example\\@cloudhsmv2.us-east-1.amazonaws.com"),
            says: "characters"
        ),
        Variant(
            name: "an endpoint beside the FIPS switch",
            variables: override("https://a.example").merging(["AWS_USE_FIPS_ENDPOINT": "true"]) {
                $1
            },
            says: "AWS_USE_FIPS_ENDPOINT"
        ),
        Variant(
            name: "two endpoints",
            variables: override("https://a.example")
                .merging(["AWS_ENDPOINT_URL_CLOUDHSM_V2": "https://b.example"]) { $1 },
            says: "different endpoints"
        ),
        // Redirects.
        Variant(
            name: "a service that points elsewhere",
            service: away,
            rightCalls: 1,
            says: "HTTP 307"
        ),
        Variant(name: "an STS that points elsewhere", sts: away, says: "HTTP 307"),
        Variant(
            name: "a container endpoint that points elsewhere",
            variables: container.merging(["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/x"]) { $1 },
            machine: away,
            says: "HTTP 307"
        ),
        Variant(
            name: "an instance that points elsewhere",
            variables: ["AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""],
            machine: away,
            says: "no IMDSv2 token"
        ),
        // Addresses that give credentials.
        Variant(
            name: "a container endpoint elsewhere",
            variables:
                container
                .merging(["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://a.example/x"]) { $1 },
            says: "plain http to a.example"
        ),
        Variant(
            name: "a container endpoint that looks like this machine",
            variables:
                container
                .merging(["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1@a.example/"]) {
                    $1
                },
            says: "user name or password"
        ),
        Variant(
            name: "a container path that leads to another host",
            variables:
                container
                .merging(["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "@a.example/x"]) { $1 },
            says: "does not begin with /"
        ),
        Variant(
            name: "an instance endpoint elsewhere",
            variables: [
                "AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "",
                "AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://a.example",
            ],
            says: "plain http to a.example"
        ),
    ]

    @Test func theRightPlaceIsCalled() async throws {
        let scene = try Scene(Variant(name: "right", says: ""))
        try await scene.run()
        #expect(scene.service.seen.count == 2)
        #expect(scene.foreignRequests == 0)
        let call = try #require(scene.service.seen.first)
        #expect(call.headers["authorization"]?.contains("/us-east-1/cloudhsm/") == true)
        scene.stop()
    }

    @Test func nothingIsSentToTheWrongPlace() async throws {
        var wrongCalls = 0
        var foreignRequests = 0
        for variant in Self.variants {
            let scene = try Scene(variant)
            var error: (any Error)?
            do { try await scene.run() } catch let thrown { error = thrown }
            scene.stop()
            let text = error.map { "\($0)" } ?? "nothing is wrong"
            #expect(text.contains(variant.says), "\(variant.name): \(text)")
            #expect(!Canary.isIn("\(text) \(String(reflecting: error))"), "\(variant.name)")
            #expect(scene.service.seen.count == variant.rightCalls, "\(variant.name)")
            #expect(scene.foreignRequests == 0, "\(variant.name)")
            wrongCalls += max(scene.service.seen.count - variant.rightCalls, 0)
            foreignRequests += scene.foreignRequests
        }
        let overTLS = try await UntrustedServers().variants()
        for (name, result, requests) in overTLS {
            #expect(requests == 0, "\(name)")
            #expect(result == .certainlyNotSent, "\(name)")
            wrongCalls += requests
        }
        let count = Self.variants.count + overTLS.count
        #expect(count >= 30)
        close(
            "F21",
            [
                ("variants", count), ("mutating calls to the wrong place", wrongCalls),
                ("requests to foreign hosts", foreignRequests),
            ]
        )
    }
}

/// One machine, the services it knows, and a host that must hear nothing.
private struct Scene {
    let variant: WrongPlaceTests.Variant
    let sts: LocalServer
    let service: LocalServer
    let machine: LocalServer
    let foreign: LocalServer
    let exchange: DetouringExchange
    let clock = TestClock()

    private static let right = [
        "https://sts.us-east-1.amazonaws.com", "https://cloudhsmv2.us-east-1.amazonaws.com",
        "http://169.254.170.2", "http://169.254.169.254",
    ]

    init(_ variant: WrongPlaceTests.Variant) throws {
        self.variant = variant
        foreign = try LocalServer { _ in .reply(200, "{}") }
        let address = foreign.address
        let clock = clock
        let identities = Identities(variant.identities)
        sts = try LocalServer { request in
            if let answer = variant.sts { return answer.leading(to: address) }
            guard request.form["Action"] == "AssumeRole" else {
                return .reply(200, TokenServiceText.identity(identities.next()))
            }
            return .reply(
                200,
                TokenServiceText.session(
                    of: "AssumeRole",
                    key: "ASIAROLE000000000001",
                    role: variant.session ?? request.form["RoleArn"] ?? "",
                    until: clock.now + .hours(1)
                )
            )
        }
        service = try LocalServer { _ in
            variant.service?.leading(to: address) ?? .reply(200, "{}")
        }
        machine = try LocalServer { _ in variant.machine?.leading(to: address) ?? .reply(404, "") }
        let servers = [sts, service, machine, machine]
        exchange = DetouringExchange(
            exchange: try NetworkExchange.shared.get(),
            detours: Dictionary(uniqueKeysWithValues: zip(Self.right, servers))
        )
    }

    /// What was sent to anybody else, or came to who must hear nothing.
    var foreignRequests: Int {
        exchange.asked.all.filter { !Self.right.contains($0) }.count + foreign.connections
    }

    func stop() { [sts, service, machine, foreign].forEach { $0.stop() } }

    /// Deletes two backups, an hour apart.
    func run() async throws {
        let keys = [
            "AWS_ACCESS_KEY_ID": "AKIAENVIRONMENT00001", "AWS_SECRET_ACCESS_KEY": Canary.secret,
        ]
        let variables = keys.merging(variant.variables) { $1 }
        let clock = clock
        let settings = try EndpointSettings(variables: variables)
        let region = try RegionName.read(variant.region)
        let endpoint = try settings.endpoint(of: .cloudHSM, in: region)
        let chain = CredentialChain(
            CredentialEnvironment(
                variables: variables,
                homeDirectory: nil,
                fallbackRegion: region,
                userID: getuid(),
                now: { clock.now }
            ),
            over: exchange,
            endpoints: settings,
            sessionName: "run-1",
            warn: { _ in }
        )
        let credentials = try AccountCredentials(
            account: AccountID("111122223333"),
            region: region,
            role: variant.role,
            on: CredentialBase(chain),
            of: chain
        )
        for _ in 0..<2 {
            try await deleteBackup(at: endpoint, as: credentials.current())
            clock.advance(by: .minutes(57))
        }
    }

    private func deleteBackup(at endpoint: ServiceEndpoint, as credentials: Credentials)
        async throws
    {
        let request = SigV4.sign(
            SignableRequest(
                headers: [
                    ("Host", endpoint.origin.hostHeader),
                    ("Content-Type", CloudHSMEndpoint.contentType),
                    (CloudHSMEndpoint.targetHeader, CloudHSMEndpoint.target("DeleteBackup")),
                ],
                body: Array("{\"BackupId\":\"backup-aaaaaaaaaaa\"}".utf8)
            ),
            credentials: credentials.signing,
            region: endpoint.region.description,
            service: endpoint.service.signingName,
            at: clock.now
        )
        let answer = try await exchange.send(
            HTTPMessageRequest(
                "POST",
                to: endpoint.origin,
                headers: request.headers.map { (name: $0.0, value: $0.1) },
                body: request.body,
                connection: .fresh
            ),
            within: .seconds(20)
        )
        guard answer.status == 200 else { throw Refused(status: answer.status) }
    }

    struct Refused: Error, CustomStringConvertible {
        let status: Int
        var description: String { "HTTP \(status)" }
    }
}

/// Servers that speak TLS, and that must not be told anything.
private struct UntrustedServers {
    typealias Outcome = (name: String, sending: HTTPFailure.Sending?, requests: Int)

    func variants() async throws -> [Outcome] {
        let trusted = try await Certificates()
        let other = try await Certificates()
        var outcomes: [Outcome] = []
        let here = try await trusted.certificate(for: "DNS:localhost")
        let elsewhere = try await trusted.certificate(for: "DNS:a.example")
        for (name, certificate, roots, highest) in [
            ("signed by nobody the system trusts", here, TrustRoots.system, "1.3"),
            ("signed by another root", here, .file(other.root), "1.3"),
            ("for another host", elsewhere, .file(trusted.root), "1.3"),
            ("an old version of TLS", here, .file(trusted.root), "1.1"),
        ] {
            let server = try await TLSServer(
                certificate,
                in: trusted.folder,
                from: "1.0",
                to: highest
            )
            let exchange = try NetworkExchange(trusting: roots)
            let sending = await sending(to: try server.origin(named: "localhost"), over: exchange)
            try await exchange.shutDown()
            outcomes.append((name, sending, try await server.stop().count))
        }
        let plain = try LocalServer { _ in .reply(200, "{}") }
        let address = ["AWS_ENDPOINT_URL": "https://localhost:\(plain.port)"]
        let origin = try EndpointSettings(variables: address)
            .endpoint(of: .cloudHSM, in: .usEast1).origin
        let sending = await sending(to: origin, over: try NetworkExchange.shared.get())
        outcomes.append(("no TLS where there should be", sending, plain.seen.count))
        plain.stop()
        return outcomes
    }

    private func sending(
        to origin: HTTPOrigin,
        over exchange: NetworkExchange
    ) async -> HTTPFailure.Sending? {
        let request = HTTPMessageRequest(
            "POST",
            to: origin,
            headers: [(name: "Authorization", value: Canary.bearer)],
            body: Array("{}".utf8),
            connection: .fresh
        )
        do {
            _ = try await exchange.send(request, within: .seconds(20))
            return nil
        } catch {
            return (error as? HTTPFailure)?.sending
        }
    }
}

/// Who AWS takes us for, one after the other.
private final class Identities: Sendable {
    private let texts: [String]
    private let asked = Atomic(0)

    init(_ texts: [String]) { self.texts = texts }

    func next() -> String {
        let count = asked.add(1, ordering: .relaxed).newValue
        return texts[min(count, texts.count) - 1]
    }
}

extension StandInAnswer {
    /// The answer with an address in the place of its mark.
    fileprivate func leading(to address: String) -> StandInAnswer {
        guard case .reply(let status, let body, let headers) = self else { return self }
        return .reply(
            status,
            body,
            headers: headers.mapValues { $0.replacingOccurrences(of: "FOREIGN", with: address) }
        )
    }
}
