import CloudHSM
import CloudHSMWire
import Testing

@Suite("Refused signatures")
struct SignatureRefusalTests {
    private static let now = Timestamp(milliseconds: 1_795_000_000_000)
    private static let credentials = SigningCredentials(
        accessKeyID: "AKIDEXAMPLE",
        secretAccessKey: Secret("kiwi-0451-secret")
    )

    private static func signed(at moment: Timestamp = now) -> SignableRequest {
        SigV4.sign(
            SignableRequest(
                headers: [
                    ("Host", "localhost:8443"), ("X-Amz-Target", "BaldrApiService.DeleteHsm"),
                ],
                body: Array("{}".utf8)
            ),
            credentials: credentials,
            region: "us-east-1",
            service: "cloudhsm",
            at: moment
        )
    }

    private static func verdict(on request: SignableRequest) -> SignatureVerdict {
        SigV4.verify(request, now: now) {
            $0 == credentials.accessKeyID ? credentials.secretAccessKey : nil
        }
    }

    private static func refusal(of request: SignableRequest) -> SignatureRefusal.Name? {
        guard case .refused(let refusal) = verdict(on: request) else { return nil }
        return refusal.name
    }

    struct Tampering: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let name: SignatureRefusal.Name
        let change: @Sendable (inout SignableRequest) -> Void

        init(
            _ words: String,
            _ name: SignatureRefusal.Name,
            _ change: @escaping @Sendable (inout SignableRequest) -> Void
        ) {
            testDescription = words
            self.name = name
            self.change = change
        }
    }

    static let tamperings: [Tampering] = [
        Tampering("another body", .invalidSignature) { $0.body = Array("{ }".utf8) },
        Tampering("another path", .invalidSignature) { $0.path = "/x" },
        Tampering("another method", .invalidSignature) { $0.method = "GET" },
        Tampering("a query", .invalidSignature) { $0.query = [("a", "b")] },
        Tampering("another host", .invalidSignature) { $0.replace("Host", "elsewhere") },
        Tampering("another operation", .invalidSignature) {
            $0.replace("X-Amz-Target", "BaldrApiService.DeleteCluster")
        },
        Tampering("an AWS header that is not signed", .invalidSignature) {
            $0.headers.append(("X-Amz-Security-Token", "token"))
        },
        Tampering("another date", .invalidSignature) {
            $0.replace("X-Amz-Date", "20261118T110641Z")
        },
        Tampering("a date of another day", .invalidSignature) {
            $0.replace("X-Amz-Date", "20261119T110640Z")
        },
        Tampering("a date in another form", .incompleteSignature) {
            $0.replace("X-Amz-Date", "2026-11-18T11:06:40Z")
        },
        Tampering("no date", .incompleteSignature) { $0.replace("X-Amz-Date", nil) },
        Tampering("no signature", .missingAuthenticationToken) {
            $0.replace("Authorization", nil)
        },
        Tampering("another scheme", .incompleteSignature) {
            $0.replace("Authorization", "Bearer kiwi")
        },
        Tampering("half a header", .incompleteSignature) {
            $0.rewrite { String($0.prefix { $0 != "," }) }
        },
        Tampering("a short scope", .incompleteSignature) {
            $0.rewrite { $0.replacing("/cloudhsm", with: "") }
        },
        Tampering("another end of the scope", .invalidSignature) {
            $0.rewrite { $0.replacing("aws4_request", with: "aws5_request") }
        },
        Tampering("another Region in the scope", .invalidSignature) {
            $0.rewrite { $0.replacing("us-east-1", with: "us-east-2") }
        },
        Tampering("a key nobody has", .unrecognizedClient) {
            $0.rewrite { $0.replacing("AKIDEXAMPLE", with: "AKIDOTHER") }
        },
        Tampering("a host that is not signed", .invalidSignature) {
            $0.rewrite { $0.replacing("SignedHeaders=host;", with: "SignedHeaders=") }
        },
        Tampering("no hexadecimal digits", .invalidSignature) {
            $0.rewrite { $0.replacing("Signature=", with: "Signature=z") }
        },
        Tampering("a shorter signature", .invalidSignature) {
            $0.rewrite { String($0.dropLast(2)) }
        },
    ]

    @Test func anUntouchedRequestIsValid() {
        #expect(
            Self.verdict(on: Self.signed())
                == .valid(accessKeyID: "AKIDEXAMPLE", region: "us-east-1", service: "cloudhsm")
        )
    }

    @Test(arguments: tamperings) func tamperingIsNoticed(_ tampering: Tampering) {
        var request = Self.signed()
        tampering.change(&request)
        #expect(Self.refusal(of: request) == tampering.name)
    }

    @Test func everyBitOfTheSignatureCounts() throws {
        let request = Self.signed()
        let header = try #require(request.values(of: "authorization").first)
        for place in header.utf8.count - 64..<header.utf8.count {
            var bytes = Array(header.utf8)
            bytes[place] = bytes[place] == 0x30 ? 0x31 : 0x30
            var other = request
            other.replace("Authorization", String(decoding: bytes, as: UTF8.self))
            #expect(Self.refusal(of: other) == .invalidSignature)
        }
    }

    @Test(arguments: [
        (Duration.seconds(-301), "Signature expired: "),
        (.seconds(301), "Signature not yet current: "),
    ])
    func aSignatureHoldsForFiveMinutes(_ distance: Duration, _ beginning: String) {
        guard case .refused(let refusal) = Self.verdict(on: Self.signed(at: Self.now + distance))
        else {
            Issue.record("a signature \(distance) off was accepted")
            return
        }
        #expect(refusal.name == .invalidSignature)
        #expect(refusal.message.hasPrefix(beginning))
        let nearer = distance < .zero ? Duration.seconds(-300) : .seconds(300)
        #expect(Self.refusal(of: Self.signed(at: Self.now + nearer)) == nil)
    }

    @Test func theTokenIsCoveredByTheSignature() {
        let temporary = SigningCredentials(
            accessKeyID: "AKIDEXAMPLE",
            secretAccessKey: Self.credentials.secretAccessKey,
            sessionToken: Secret("kiwi-token")
        )
        var request = SigV4.sign(
            SignableRequest(headers: [("Host", "localhost")], body: []),
            credentials: temporary,
            region: "us-east-1",
            service: "cloudhsm",
            at: Self.now
        )
        #expect(Self.refusal(of: request) == nil)
        request.replace("X-Amz-Security-Token", "another")
        #expect(Self.refusal(of: request) == .invalidSignature)
    }
}

extension SignableRequest {
    fileprivate mutating func replace(_ name: String, _ value: String?) {
        headers.removeAll { $0.0.lowercased() == name.lowercased() }
        if let value { headers.append((name, value)) }
    }

    fileprivate mutating func rewrite(_ change: (String) -> String) {
        replace("Authorization", change(values(of: "authorization").first ?? ""))
    }
}
