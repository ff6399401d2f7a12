import Foundation
import StrongroomAWS
import Testing

/// What a request over the network ends in, and whether it may have been acted on.
@Suite("Requests over the network", .timeLimit(.minutes(5)))
struct NetworkExchangeTests {
    let exchange: NetworkExchange

    init() throws {
        exchange = try NetworkExchange.shared.get()
    }

    /// Sends a request that is never answered well.
    private func failing(
        of request: HTTPMessageRequest,
        by exchange: (any HTTPExchange)? = nil,
        within limit: Duration = .seconds(5)
    ) async -> HTTPFailure? {
        do {
            let answer = try await (exchange ?? self.exchange).send(request, within: limit)
            Issue.record("answered with \(answer)")
        } catch let failure as HTTPFailure {
            return failure
        } catch {
            Issue.record("not an HTTPFailure: \(error)")
        }
        return nil
    }

    @Test func whatIsSentArrivesAsItWasWritten() async throws {
        let server = try LocalServer { .reply(200, "yes", headers: ["X-Said": $0.method]) }
        defer { server.stop() }
        let answer = try await exchange.send(
            HTTPMessageRequest(
                "POST",
                to: server.origin(),
                target: "/a%2Fb/c?x=%20&y",
                headers: [(name: "X-Asked", value: "a  b")],
                body: Array("{\"é\"}".utf8)
            ),
            within: .seconds(5)
        )
        let seen = try #require(server.seen.first)
        #expect(seen.method == "POST")
        #expect(seen.target == "/a%2Fb/c?x=%20&y")
        #expect(seen.headers["x-asked"] == "a  b")
        #expect(seen.headers["host"] == "127.0.0.1:\(server.port)")
        #expect(seen.body == "{\"é\"}")
        #expect(answer.status == 200)
        #expect(answer.header("x-said") == "POST")
        #expect(String(decoding: answer.body, as: UTF8.self) == "yes")
    }

    /// What the other end does, and what that is taken for.
    struct Ending: Sendable, CustomTestStringConvertible {
        let name: String
        let answer: StandInAnswer
        let kind: HTTPFailure.Kind
        var limit = Duration.seconds(60)
        var testDescription: String { name }
    }

    static let endings = [
        Ending(
            name: "silence",
            answer: .silence,
            kind: .timeout(.milliseconds(300)),
            limit: .milliseconds(300)
        ),
        Ending(name: "cut before the answer", answer: .cut, kind: .connectionLost),
        Ending(name: "cut within the answer", answer: .half, kind: .connectionLost),
    ]

    @Test(arguments: endings, [HTTPMessageRequest.Connection.pooled, .fresh])
    func oneThatArrivedMayHaveBeenActedOn(
        ending: Ending,
        connection: HTTPMessageRequest.Connection
    ) async throws {
        let server = try LocalServer { _ in ending.answer }
        defer { server.stop() }
        let failure = await failing(
            of: HTTPMessageRequest(
                "POST",
                to: try server.origin(),
                body: Array("{}".utf8),
                connection: connection
            ),
            within: ending.limit
        )
        #expect(failure?.kind == ending.kind)
        #expect(failure?.sending == .mayHaveBeenSent)
        #expect(server.seen.count == 1, "it is sent once only")
    }

    @Test func aRefusedConnectionMeansNotSent() async throws {
        let server = try LocalServer { _ in .cut }
        let origin = try server.origin()
        server.stop()
        let failure = await failing(
            of: HTTPMessageRequest("POST", to: origin, body: Array("{}".utf8))
        )
        #expect(failure?.kind == .refused)
        #expect(failure?.sending == .certainlyNotSent)
    }

    @Test func aHostThatNobodyKnowsMeansNotSent() async throws {
        let origin = try EndpointSettings(
            variables: ["AWS_ENDPOINT_URL_STS": "https://strongroom.invalid"]
        ).endpoint(of: .sts, in: .usEast1).origin
        let failure = await failing(of: HTTPMessageRequest("GET", to: origin), within: .seconds(30))
        #expect(failure?.kind == .unknownHost)
        #expect(failure?.sending == .certainlyNotSent)
    }

    @Test func aHandshakeThatNeverEndsMeansNotSent() async throws {
        let server = try LocalServer { _ in .silence }
        defer { server.stop() }
        let origin = try EndpointSettings(
            variables: ["AWS_ENDPOINT_URL_STS": "https://127.0.0.1:\(server.port)"]
        ).endpoint(of: .sts, in: .usEast1).origin
        let failure = await failing(
            of: HTTPMessageRequest("POST", to: origin, body: Array("{}".utf8)),
            within: .milliseconds(300)
        )
        #expect(failure?.kind == .timeout(.milliseconds(300)))
        #expect(failure?.sending == .certainlyNotSent)
    }

    @Test(arguments: [301, 302, 303, 307, 308])
    func aRedirectIsAnAnswerAndNotFollowed(status: Int) async throws {
        let other = try LocalServer { _ in .reply(200, "") }
        let address = other.address
        let server = try LocalServer { _ in .reply(status, "", headers: ["Location": address]) }
        defer {
            server.stop()
            other.stop()
        }
        let answer = try await exchange.send(
            HTTPMessageRequest("GET", to: server.origin()),
            within: .seconds(5)
        )
        #expect(answer.status == status)
        #expect(answer.isRedirect)
        #expect(other.connections == 0)
    }

    @Test func anAnswerLongerThanAllowedIsNotRead() async throws {
        let server = try LocalServer { _ in .reply(200, String(repeating: "x", count: 5_000)) }
        defer { server.stop() }
        let failure = await failing(
            of: HTTPMessageRequest("GET", to: try server.origin(), answerLimit: 4_999)
        )
        #expect(failure?.kind == .answerTooLong(4_999))
        let request = HTTPMessageRequest("GET", to: try server.origin(), answerLimit: 5_000)
        #expect(try await exchange.send(request, within: .seconds(5)).body.count == 5_000)
    }

    @Test func aFreshConnectionIsUsedOnce() async throws {
        let server = try LocalServer { _ in .reply(200, "") }
        defer { server.stop() }
        for _ in 0..<3 {
            let request = HTTPMessageRequest("GET", to: try server.origin())
            _ = try await exchange.send(request, within: .seconds(5))
        }
        #expect(server.connections == 1, "pooled requests share one")
        for _ in 0..<3 {
            let request = HTTPMessageRequest("GET", to: try server.origin(), connection: .fresh)
            _ = try await exchange.send(request, within: .seconds(5))
        }
        #expect(server.connections == 4)
    }

    @Test(arguments: ["\(Canary.bearer)\r\nX-Other: 1", "\(Canary.bearer)\n", "\(Canary.bearer)\0"])
    func aHeaderWithALineBreakIsNotSentAndNotRepeated(value: String) async throws {
        let server = try LocalServer { _ in .reply(200, "") }
        defer { server.stop() }
        let failure = await failing(
            of: HTTPMessageRequest(
                "GET",
                to: try server.origin(),
                headers: [(name: "Authorization", value: value)]
            )
        )
        #expect(failure?.sending == .certainlyNotSent)
        #expect(!Canary.isIn("\(String(describing: failure)) \(String(reflecting: failure))"))
        #expect(server.seen.isEmpty)
    }

    @Test func aCancelledRequestMayHaveBeenSent() async throws {
        let server = try LocalServer { _ in .silence }
        defer { server.stop() }
        let origin = try server.origin()
        let task = Task {
            await failing(
                of: HTTPMessageRequest("POST", to: origin, body: Array("{}".utf8)),
                within: .seconds(60)
            )
        }
        while server.seen.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
        task.cancel()
        let failure = await task.value
        #expect(failure?.kind == .cancelled)
        #expect(failure?.sending == .mayHaveBeenSent)
    }

    @Test func aCancelledQuestionIsCancelledAndNoFailure() async throws {
        let server = try LocalServer { _ in .silence }
        defer { server.stop() }
        let request = HTTPMessageRequest("GET", to: try server.origin())
        let task = Task { try await exchange.ask(request, within: .seconds(60)) }
        while server.seen.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test func nothingIsSentAfterTheClientWasShutDown() async throws {
        let exchange = try NetworkExchange()
        let server = try LocalServer { _ in .reply(200, "") }
        defer { server.stop() }
        let request = HTTPMessageRequest("POST", to: try server.origin(), body: [0x7B, 0x7D])
        _ = try await exchange.send(request, within: .seconds(5))
        try await exchange.shutDown()
        let failure = await failing(of: request, by: exchange)
        #expect(failure?.kind == .shutDown)
        #expect(failure?.sending == .certainlyNotSent)
        #expect(server.seen.count == 1)
    }

    @Test func neitherRequestNorAnswerShowsWhatItHolds() {
        let origin = HTTPMessageRequest.Connection.fresh
        let request = HTTPMessageResponse(
            status: 200,
            headers: [(name: "X-Token", value: Canary.bearer)],
            body: Array(Canary.secret.utf8)
        )
        var text = ""
        dump(request, to: &text)
        dump(origin, to: &text)
        #expect(!Canary.isIn("\(request) \(String(reflecting: request)) \(text)"))
    }
}
