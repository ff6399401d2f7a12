import CloudHSM
import CloudHSMWire
import StrongroomAWS
import StrongroomModel
import Testing

@Suite("Calls that change something")
struct SendingTests {
    /// How a call ended, as the executor tells ends apart.
    enum End: Hashable, Sendable {
        case answered
        case refused(ServiceException.Kind)
        case notDone
        case inDoubt
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let reply: ScriptedExchange.Reply
        let end: End
        let words: String

        init(_ name: String, _ reply: ScriptedExchange.Reply, _ end: End, _ words: String = "") {
            testDescription = name
            self.reply = reply
            self.end = end
            self.words = words
        }
    }

    private static let done = #"{"HsmId":"\#(HSMID(bits: 2))"}"#

    static let cases: [Case] =
        [
            Case("an answer", .text(200, done), .answered),
            Case("half an answer", .text(200, String(done.dropLast(4))), .inDoubt, "HTTP 200"),
            Case("an answer to another call", .text(200, "{}"), .inDoubt, "HsmId is missing"),
            Case("a page of a proxy's", .text(200, "<html>"), .inDoubt),
            Case("no content", .text(204, ""), .inDoubt),
            Case(
                "a redirect",
                .text(307, "", headers: [("Location", "https://elsewhere.example/?a=b")]),
                .notDone,
                "elsewhere.example"
            ),
            Case("a redirect to nowhere", .text(301, ""), .notDone, "never followed"),
            Case("a name nobody knows", .exception("Teapot", status: 418), .notDone, "Teapot"),
            Case("a fault nobody knows", .exception("Teapot", status: 500), .inDoubt, "Teapot"),
            Case("a timeout by name", .exception("RequestTimeoutException"), .inDoubt),
            Case("a page of a proxy's refusal", .text(403, "<html>"), .inDoubt),
            Case("a bad gateway", .text(502, "<html>Bad Gateway"), .inDoubt, "Bad Gateway"),
            Case("an overloaded front", .text(503, ""), .inDoubt),
            Case("a timeout of the front's", .text(504, ""), .inDoubt),
            Case("a timeout said as a refusal", .text(408, ""), .inDoubt),
            Case(
                "a refusal said as a fault",
                .exception("CloudHsmInvalidRequestException", status: 500),
                .inDoubt
            ),
            Case("too many requests", .text(429, ""), .refused(.throttling)),
            Case("throttling by name", .exception("ThrottlingException"), .refused(.throttling)),
            Case(
                "throttling by another name",
                .exception("TooManyRequestsException", status: 429),
                .refused(.throttling),
                "TooManyRequestsException"
            ),
            Case("slow down", .exception("SlowDown", status: 503), .refused(.throttling)),
            Case("an ended session", .exception("ExpiredTokenException"), .notDone, "has ended"),
            Case(
                "a date too old",
                .exception("InvalidSignatureException", "Signature expired: 1 is earlier"),
                .notDone,
                "set this machine's clock right"
            ),
            Case("a skewed date", .exception("RequestTimeTooSkewed", status: 403), .notDone),
            Case("a wrong signature", .exception("InvalidSignatureException"), .notDone),
            Case("an unknown key", .exception("UnrecognizedClientException"), .notDone),
            Case("a policy's denial", .exception("AccessDeniedException"), .refused(.accessDenied)),
        ]
        + ServiceException.Kind.allCases.map { kind in
            let status = kind == .internalFailure ? 500 : 400
            return Case(
                kind.rawValue,
                .exception(kind.rawValue, status: status),
                .refused(kind),
                "why"
            )
        }
        + lost

    private static let lost: [Case] = [
        Case("a refused connection", .failure(.refused, .certainlyNotSent), .notDone),
        Case("an unknown host", .failure(.unknownHost, .certainlyNotSent), .notDone),
        Case("another's certificate", .failure(.untrusted("x"), .certainlyNotSent), .notDone),
        Case(
            "a timeout before sending",
            .failure(.timeout(.seconds(30)), .certainlyNotSent),
            .notDone
        ),
        Case("a timeout", .failure(.timeout(.seconds(30)), .mayHaveBeenSent), .inDoubt),
        Case("a cut connection", .failure(.connectionLost, .mayHaveBeenSent), .inDoubt),
        Case("a huge answer", .failure(.answerTooLong(9), .mayHaveBeenSent), .inDoubt),
        Case("a cancelled task", .failure(.cancelled, .mayHaveBeenSent), .inDoubt),
        Case("a task cancelled before", .failure(.cancelled, .certainlyNotSent), .notDone),
    ]

    @Test(arguments: cases) func endsAsTheExecutorMustKnow(_ sent: Case) async throws {
        let stage = try Stage([sent.reply])
        let ended = await Self.end(of: Stage.removal, on: stage)
        let (end, words) = (ended.end, ended.words)
        #expect(end == sent.end, "\(words)")
        #expect(words.contains(sent.words), "\(words)")
        #expect(stage.exchange.requests.count == 1)
        #expect(stage.time.sleeps.isEmpty)
    }

    /// How a call ended, and in which words.
    struct Ended {
        let end: End
        let words: String
    }

    static func end(of call: Call, on stage: Stage) async -> Ended {
        do {
            return Ended(end: .answered, words: "\(try await stage.perform(call))")
        } catch let refusal as ServiceException {
            return Ended(end: .refused(refusal.kind), words: "\(refusal)")
        } catch let turnedAway as CallNotDone {
            return Ended(end: .notDone, words: "\(turnedAway)")
        } catch let doubt as CallInDoubt {
            return Ended(end: .inDoubt, words: "\(doubt)")
        } catch {
            Issue.record("an error of no known kind: \(error)")
            return Ended(end: .inDoubt, words: "\(error)")
        }
    }

    @Test func theSignedBytesAreSentAndNoOthers() async throws {
        let stage = try Stage([.text(200, Self.done)])
        let signed = try await stage.service.sign(Stage.removal, at: Stage.place, in: nil)
        // Whatever happens between signing and sending changes nothing.
        stage.time.pass(.seconds(40))
        stage.keys.forget(stage.keys.current())
        _ = try await stage.service.send(signed)
        let request = try #require(stage.exchange.requests.first)
        #expect(request.header("X-Amz-Date") == "20261118T110640Z")
        #expect(request.header("Host") == "cloudhsmv2.us-east-1.amazonaws.com")
        #expect("\(request.origin)" == "https://cloudhsmv2.us-east-1.amazonaws.com")
        #expect(request.header("X-Amz-Target") == "BaldrApiService.DeleteHsm")
        #expect(request.header("X-Amz-Security-Token") == StageKeys.token)
        #expect(request.body == (try RequestCoding.encode(Stage.removal)))
        let verdict = SigV4.verify(request.signable, now: Stage.began) {
            $0 == "AKIDEXAMPLE1" ? Secret(StageKeys.secret) : nil
        }
        #expect(
            verdict
                == .valid(accessKeyID: "AKIDEXAMPLE1", region: "us-east-1", service: "cloudhsm")
        )
    }

    @Test func eachIsSentOverAConnectionOfItsOwnWithinThirtySeconds() async throws {
        let stage = try Stage([.text(200, Self.done)])
        _ = try await stage.perform(Stage.removal)
        #expect(stage.exchange.limits == [.seconds(30)])
        guard case .fresh? = stage.exchange.requests.first?.connection else {
            Issue.record("an idle connection may be dead at its other end")
            return
        }
    }

    @Test func anEndedSessionIsNotUsedAgain() async throws {
        let stage = try Stage([.exception("ExpiredTokenException"), .text(200, Self.done)])
        #expect(await Self.end(of: Stage.removal, on: stage).end == .notDone)
        #expect(stage.keys.forgotten == ["AKIDEXAMPLE1"])
        #expect(await Self.end(of: Stage.removal, on: stage).end == .answered)
    }

    @Test func bytesThatWereNotSignedHereAreNotSent() async throws {
        let stage = try Stage([.text(200, Self.done)])
        for bytes in [[], Array("GET / HTTP/1.1\r\n\r\n".utf8), Array("nonsense".utf8)] {
            let call = SignedCall(
                Stage.removal,
                at: Stage.place,
                in: nil,
                signedAt: Stage.began,
                bytes: bytes
            )
            await #expect(throws: CallNotDone.self) { try await stage.service.send(call) }
        }
        #expect(stage.exchange.requests.isEmpty)
    }

    @Test func anEndpointOfOnesOwnIsSignedForTheRegion() async throws {
        let stage = try Stage(
            [.text(200, Self.done)],
            variables: ["AWS_ENDPOINT_URL_CLOUDHSMV2": "http://127.0.0.1:5000"]
        )
        _ = try await stage.perform(Stage.removal)
        let request = try #require(stage.exchange.requests.first)
        #expect("\(request.origin)" == "http://127.0.0.1:5000")
        #expect(request.header("Host") == "127.0.0.1:5000")
        #expect(request.header("Authorization")?.contains("/us-east-1/cloudhsm/") == true)
    }

    @Test func nothingIsSentWithCredentialsOfAnotherAccount() async throws {
        let stage = try Stage([.text(200, Self.done)])
        stage.keys.setIdentity("arn:aws:sts::999999999999:assumed-role/strongroom/run")
        await #expect(throws: WrongPlace.self) {
            try await stage.service.sign(Stage.removal, at: Stage.place, in: nil)
        }
        await #expect(throws: WrongPlace.self) {
            try await stage.service.read(Stage.listing, at: Stage.place)
        }
        #expect(stage.exchange.requests.isEmpty)
        stage.keys.setIdentity("arn:aws:sts::111122223333:assumed-role/strongroom/run")
        _ = try await stage.perform(Stage.removal)
        #expect(stage.exchange.requests.count == 1)
    }
}
