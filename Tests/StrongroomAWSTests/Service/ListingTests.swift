import CloudHSM
import CloudHSMWire
import StrongroomAWS
import StrongroomModel
import Testing

@Suite("Listings")
struct ListingTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let reply: ScriptedExchange.Reply
        let attempts: Int
        let words: String

        init(_ name: String, _ reply: ScriptedExchange.Reply, _ attempts: Int, _ words: String) {
            testDescription = name
            self.reply = reply
            self.attempts = attempts
            self.words = words
        }
    }

    static let cases: [Case] = [
        Case("a bad gateway", .text(502, "<html>oops"), 5, "failed 5 times"),
        Case(
            "an internal failure",
            .exception("CloudHsmInternalFailureException", status: 500),
            5,
            "why"
        ),
        Case("an unspecific failure", .exception("CloudHsmServiceException"), 5, "why"),
        Case("throttling", .exception("ThrottlingException"), 5, "ThrottlingException"),
        Case("too many requests", .text(429, ""), 5, "429"),
        Case("a cut connection", .failure(.connectionLost, .mayHaveBeenSent), 5, "ended before"),
        Case("a timeout", .failure(.timeout(.seconds(30)), .mayHaveBeenSent), 5, "no whole answer"),
        Case("a refused connection", .failure(.refused, .certainlyNotSent), 5, "refused"),
        Case("half a page", .text(200, #"{"Clusters":["#), 5, "HTTP 200"),
        Case("a refusal", .exception("CloudHsmInvalidRequestException"), 1, "why"),
        Case("a denial", .exception("AccessDeniedException"), 1, "why"),
        Case("a wrong signature", .exception("InvalidSignatureException"), 1, "why"),
        Case("a redirect", .text(302, "", headers: [("Location", "/x")]), 1, "never followed"),
        Case(
            "another's certificate",
            .failure(.untrusted("x"), .certainlyNotSent),
            1,
            "not trusted"
        ),
        Case("a huge answer", .failure(.answerTooLong(7), .mayHaveBeenSent), 1, "longer than 7"),
        Case("a proxy's refusal", .text(407, "<html>"), 1, "407"),
        Case(
            "an ended session that never ends",
            .exception("ExpiredTokenException"),
            3,
            "a new one"
        ),
        Case("a date never taken", .exception("RequestTimeTooSkewed", status: 403), 3, "date"),
    ]

    @Test(arguments: cases) func isTriedAsOftenAsItMayHelp(_ listing: Case) async throws {
        let stage = try Stage([listing.reply])
        let error = await #expect(throws: (any Error).self) {
            try await stage.service.read(Stage.listing, at: Stage.place)
        }
        let words = error.map { "\($0)" } ?? ""
        #expect(words.contains(listing.words), "\(words)")
        #expect(stage.exchange.requests.count == listing.attempts)
    }

    @Test(arguments: 1...4) func anAnswerEndsTheTrying(_ failures: Int) async throws {
        let replies = [ScriptedExchange.Reply](repeating: .text(503, ""), count: failures)
        let stage = try Stage(replies + [.emptyPage])
        let answer = try await stage.service.read(Stage.listing, at: Stage.place)
        #expect(answer == .clusters([], nextToken: nil))
        #expect(stage.exchange.requests.count == failures + 1)
    }

    @Test func pausesGrowWithFullJitter() async throws {
        let full = try Stage([.text(503, "")], jitter: 1)
        _ = try? await full.service.read(Stage.listing, at: Stage.place)
        #expect(full.time.sleeps == [.seconds(1), .seconds(2), .seconds(4), .seconds(8)])
        let half = try Stage([.text(503, "")], jitter: 0.25)
        _ = try? await half.service.read(Stage.listing, at: Stage.place)
        #expect(
            half.time.sleeps == [.milliseconds(250), .milliseconds(500), .seconds(1), .seconds(2)]
        )
    }

    @Test func eachAttemptIsSignedAnew() async throws {
        let stage = try Stage([.text(503, ""), .emptyPage])
        _ = try await stage.service.read(Stage.listing, at: Stage.place)
        let dates = stage.exchange.requests.compactMap { $0.header("X-Amz-Date") }
        #expect(dates == ["20261118T110640Z", "20261118T110641Z"])
    }

    @Test func anEndedSessionIsRenewedAtOnce() async throws {
        let stage = try Stage([.exception("ExpiredTokenException"), .emptyPage])
        _ = try await stage.service.read(Stage.listing, at: Stage.place)
        #expect(stage.time.sleeps.isEmpty)
        #expect(stage.keys.forgotten == ["AKIDEXAMPLE1"])
        let keys = stage.exchange.requests.compactMap { $0.header("Authorization") }
        #expect(keys.first?.contains("Credential=AKIDEXAMPLE1/") == true)
        #expect(keys.last?.contains("Credential=AKIDEXAMPLE2/") == true)
    }

    @Test func aClockThatIsOffIsPutRightByTheServicesOwn() async throws {
        let stage = try Stage([
            .following { request in
                let date = request.header("X-Amz-Date") ?? ""
                let isRight = date.hasPrefix("20261118T1106")
                let headers = [(name: "Date", value: "Wed, 18 Nov 2026 11:06:40 GMT")]
                let body =
                    isRight
                    ? Array(#"{"Clusters":[]}"#.utf8)
                    : ErrorCoding.encode(
                        name: "InvalidSignatureException",
                        message: "Signature not yet current: \(date)"
                    )
                return HTTPMessageResponse(
                    status: isRight ? 200 : 400,
                    headers: headers,
                    body: body
                )
            }
        ])
        stage.time.setSkew(.hours(2))
        _ = try await stage.service.read(Stage.listing, at: Stage.place)
        #expect(stage.exchange.requests.count == 2)
        #expect(stage.time.sleeps.isEmpty)
        #expect(abs((stage.service.skew() - .hours(2)) / .seconds(1)) <= 1)
        let now = try await stage.service.now()
        #expect(abs((now - stage.time.serviceNow) / .seconds(1)) <= 1)
    }

    @Test func callsThatChangeSomethingAreNotSentThisWay() async throws {
        let stage = try Stage([.emptyPage])
        await #expect(throws: CallFault.notReading(operation: "DeleteHsm")) {
            try await stage.service.read(Stage.removal, at: Stage.place)
        }
        #expect(stage.exchange.requests.isEmpty)
    }

    @Test func aCancelledRunSendsNothingMore() async throws {
        let stage = try Stage([.text(503, "")])
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await stage.service.read(Stage.listing, at: Stage.place)
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(stage.exchange.requests.count <= 1)
    }

    @Test func throttlingSlowsThatPlaceDownAndNoOther() async throws {
        let stage = try Stage([.exception("ThrottlingException"), .emptyPage], jitter: 0)
        let elsewhere = Place(
            account: Stage.place.account,
            region: try #require(Region("eu-west-1"))
        )
        _ = try await stage.service.read(Stage.listing, at: Stage.place)
        // One request was too much for a second, so half a one is left.
        #expect(stage.time.sleeps == [.seconds(2)])
        _ = try await stage.service.read(Stage.listing, at: elsewhere)
        #expect(stage.time.sleeps.count == 1)
    }
}
