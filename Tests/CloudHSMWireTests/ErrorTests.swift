import CloudHSM
import CloudHSMWire
import Testing

@Suite("Errors")
struct ErrorTests {
    struct Written: Codable {
        let status: Int
        let body: String
    }

    struct Opinion: Decodable {
        let code: String
        let message: String
    }

    @Test func botocoreUnderstandsOurErrors() throws {
        let exceptions = ServiceException.Kind.allCases.map {
            ServiceException($0, "nöt \"now\": \($0)")
        }
        let written = exceptions.map { exception in
            let (status, body) = ErrorCoding.encode(exception)
            return Written(status: status, body: String(decoding: body, as: UTF8.self))
        }
        let opinions: [Opinion] = try Botocore.opinion("errors", on: written)
        for (exception, opinion) in zip(exceptions, opinions) {
            #expect(opinion.code == exception.kind.rawValue)
            #expect(opinion.message == exception.message)
        }
        #expect(opinions.count == exceptions.count)
        #expect(written.map(\.status) == exceptions.map { $0.kind == .internalFailure ? 500 : 400 })
    }

    @Test(arguments: ServiceException.Kind.allCases) func ourErrorsReadBack(
        _ kind: ServiceException.Kind
    ) {
        let exception = ServiceException(kind, "why")
        let (status, body) = ErrorCoding.encode(exception)
        let expected: WireFailure =
            kind == .throttling
            ? .throttled(name: "ThrottlingException", message: "why") : .exception(exception)
        #expect(ErrorCoding.decode(status: status, headers: [], body: body) == expected)
    }

    struct Case: Sendable {
        let status: Int
        let body: String
        let failure: WireFailure
        let headers: [(String, String)]

        init(
            _ status: Int,
            _ body: String,
            _ failure: WireFailure,
            headers: [(String, String)] = []
        ) {
            self.status = status
            self.body = body
            self.failure = failure
            self.headers = headers
        }
    }

    private static let invalid = "CloudHsmInvalidRequestException"

    static let cases: [Case] = [
        Case(
            400,
            #"{"__type":"com.amazonaws.cloudhsm#\#(invalid)","message":"no"}"#,
            .exception(.invalid("no"))
        ),
        Case(
            400,
            #"{"Message":"no"}"#,
            .exception(.invalid("no")),
            headers: [("X-Amzn-ErrorType", "\(invalid):http://internal.amazon.com/coral/")]
        ),
        Case(
            400,
            #"{"__type":"AccessDeniedException","Message":"not you"}"#,
            .exception(ServiceException(.accessDenied, "not you"))
        ),
        Case(
            400,
            #"{"__type":"ThrottlingException","message":"Rate exceeded"}"#,
            .throttled(name: "ThrottlingException", message: "Rate exceeded")
        ),
        Case(
            400,
            #"{"__type":"TooManyRequestsException"}"#,
            .throttled(name: "TooManyRequestsException", message: "")
        ),
        Case(429, "slow down", .throttled(name: "HTTP 429", message: "slow down")),
        Case(
            400,
            #"{"__type":"ExpiredTokenException","message":"run out"}"#,
            .expiredToken(name: "ExpiredTokenException", message: "run out")
        ),
        Case(
            400,
            #"{"__type":"InvalidSignatureException","message":"Signature expired: 1 is now"}"#,
            .clock(name: "InvalidSignatureException", message: "Signature expired: 1 is now")
        ),
        Case(
            400,
            #"{"__type":"InvalidSignatureException","message":"does not match"}"#,
            .signature(name: "InvalidSignatureException", message: "does not match")
        ),
        Case(
            400,
            #"{"__type":"UnrecognizedClientException","message":"invalid"}"#,
            .signature(name: "UnrecognizedClientException", message: "invalid")
        ),
        Case(
            403,
            #"{"__type":"RequestTimeTooSkewed","message":"skewed"}"#,
            .clock(name: "RequestTimeTooSkewed", message: "skewed")
        ),
        Case(
            418,
            #"{"__type":"TeapotException","message":"short"}"#,
            .unrecognised(status: 418, name: "TeapotException", message: "short")
        ),
        Case(
            502,
            "<html>\n<b>Bad Gateway</b></html>",
            .notJSON(status: 502, excerpt: "<html> <b>Bad Gateway</b></html>")
        ),
        Case(503, "", .notJSON(status: 503, excerpt: "")),
        Case(500, "\"text\"", .notJSON(status: 500, excerpt: "\"text\"")),
        Case(500, #"{"__type":7}"#, .notJSON(status: 500, excerpt: #"{"__type":7}"#)),
    ]

    @Test func aBodyWithoutAKnownErrorIsNotCalledBroken() {
        let failure = ErrorCoding.decode(status: 500, headers: [], body: Array("{}".utf8))
        #expect("\(failure)" == "HTTP 500 without a known error in its body: {}")
    }

    @Test(arguments: cases) func isTakenForWhatItIs(_ error: Case) {
        let failure = ErrorCoding.decode(
            status: error.status,
            headers: error.headers,
            body: Array(error.body.utf8)
        )
        #expect(failure == error.failure)
    }
}
