import CloudHSM
import CloudHSMWire
import Logging
import StrongroomAWS
import StrongroomModel
import Testing

/// Strongroom's own client of an emulator of its own.
struct OwnClient {
    let emulator: Emulator
    let exchange: NetworkExchange
    let service: AWSService
    let place: Place

    private let origin: HTTPOrigin

    /// Starts an emulator and makes a client of it.
    ///
    /// - Parameters:
    ///   - options: The emulator's options.
    ///   - sleep: How the client lets time pass, told of what may be asked of the emulator.
    /// - Throws: When the emulator does not listen.
    init(
        of options: [String],
        sleep: @escaping @Sendable (Duration, Interference) async throws -> Void
    ) async throws {
        emulator = try await Emulator(options + ["--access-key", "OWN:first-secret:111122223333"])
        let exchange = try NetworkExchange()
        self.exchange = exchange
        let region = try #require(Region("us-east-1"))
        place = Place(account: try #require(AccountID("111122223333")), region: region)
        let signing = SigningCredentials(
            accessKeyID: "OWN",
            secretAccessKey: Secret("first-secret")
        )
        let endpoints = try EndpointSettings(variables: ["AWS_ENDPOINT_URL": emulator.url])
        let origin = try endpoints.endpoint(of: .cloudHSM, in: region).origin
        self.origin = origin
        let began = ContinuousClock.now
        service = AWSService(
            sessions: AccountSessions(
                current: { _ in Credentials(signing: signing, expiresAt: nil, source: "test") },
                forget: { _, _ in }
            ),
            endpoints: endpoints,
            exchange: exchange,
            surroundings: AWSService.Surroundings(
                now: { RealClock.now },
                uptime: { ContinuousClock.now - began },
                sleep: { try await sleep($0, Interference(exchange: exchange, origin: origin)) },
                jitter: { 0 }
            ),
            logger: Logger(label: "emulator") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    /// What is asked of the emulator outside of the API.
    var interference: Interference { Interference(exchange: exchange, origin: origin) }

    /// Does something with a client, and closes its connections however that ends.
    static func with(
        _ options: [String],
        sleep: @escaping @Sendable (Duration, Interference) async throws -> Void = { span, _ in
            try await Task.sleep(for: span)
        },
        _ body: (OwnClient) async throws -> Void
    ) async throws {
        let client = try await OwnClient(of: options, sleep: sleep)
        let result: Result<Void, any Error>
        do {
            result = .success(try await body(client))
        } catch {
            result = .failure(error)
        }
        try await client.exchange.shutDown()
        try result.get()
    }
}

/// What people and time do to an emulator's world beside the API.
struct Interference {
    fileprivate let exchange: NetworkExchange
    fileprivate let origin: HTTPOrigin

    /// Why the emulator would not.
    struct Refused: Error {
        let deed: String
        let answer: String
    }

    /// Asks the emulator.
    ///
    /// - Parameter deed: Such as `advance?by=3d`.
    /// - Throws: ``Refused``; when it does not answer.
    func undergo(_ deed: String) async throws {
        let answer = try await exchange.send(
            HTTPMessageRequest("POST", to: origin, target: "/_strongroom/\(deed)"),
            within: .seconds(30)
        )
        guard answer.status == 200 else {
            throw Refused(deed: deed, answer: String(decoding: answer.body, as: UTF8.self))
        }
    }
}
