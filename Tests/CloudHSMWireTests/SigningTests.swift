import CloudHSM
import CloudHSMWire
import Testing

@Suite("Signatures")
struct SigningTests {
    static let seed: UInt64 = 20_261_127
    static let count = 240

    /// The vector of the notes on the platform: what every listing sends.
    @Test func aListingIsSignedAsBotocoreSignsIt() {
        let request = SignableRequest(
            headers: [
                ("Host", "cloudhsmv2.us-east-1.amazonaws.com"),
                ("Content-Type", CloudHSMEndpoint.contentType),
                ("X-Amz-Target", CloudHSMEndpoint.target("DescribeClusters")),
            ],
            body: Array("{}".utf8)
        )
        let signed = SigV4.sign(
            request,
            credentials: SigningCredentials(
                accessKeyID: "AKIDEXAMPLE",
                secretAccessKey: Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
            ),
            region: "us-east-1",
            service: CloudHSMEndpoint.signingName,
            at: Timestamp(milliseconds: 1_795_000_000_999)
        )
        #expect(signed.values(of: "x-amz-date") == ["20261118T110640Z"])
        #expect(
            signed.values(of: "authorization") == [
                "AWS4-HMAC-SHA256 "
                    + "Credential=AKIDEXAMPLE/20261118/us-east-1/cloudhsm/aws4_request, "
                    + "SignedHeaders=content-type;host;x-amz-date;x-amz-target, "
                    + "Signature=b60d13396e53d92dad02d7114ca42acd66983cfc48a8bd2626a37c091fe5f765"
            ]
        )
    }

    @Test func botocoreSignsSeededRequestsAlike() throws {
        let vectors = try Vector.made(seed: Self.seed, count: Self.count)
        #expect(vectors.count == Self.count + 1)
        for (number, vector) in vectors.enumerated() {
            let signed = vector.signedByUs()
            #expect(
                Set(signed.headers.map { Header($0) }) == vector.headersByBotocore,
                "seed \(Self.seed), vector \(number): \(vector.method) \(vector.path)"
            )
        }
    }

    @Test func whatBotocoreSignedIsFoundValid() throws {
        for (number, vector) in try Vector.made(seed: Self.seed + 1, count: 60).enumerated() {
            var request = vector.request
            request.headers = vector.signed.map { ($0[0], $0[1]) }
            let verdict = SigV4.verify(request, now: vector.moment) {
                $0 == vector.accessKeyID ? Secret(vector.secret) : nil
            }
            let expected = SignatureVerdict.valid(
                accessKeyID: vector.accessKeyID,
                region: vector.region,
                service: vector.service
            )
            #expect(verdict == expected, "seed \(Self.seed + 1), vector \(number)")
        }
    }
}

/// A request, and the headers botocore gave it.
struct Vector: Decodable {
    let method: String
    let path: String
    let query: [[String]]
    let headers: [[String]]
    let body: String
    let accessKeyID: String
    let secret: String
    let token: String?
    let region: String
    let service: String
    let seconds: Int64
    let signed: [[String]]

    private struct Order: Encodable {
        let seed: UInt64
        let count: Int
    }

    static func made(seed: UInt64, count: Int) throws -> [Vector] {
        try Botocore.opinion("sign", on: Order(seed: seed, count: count))
    }

    var moment: Timestamp { Timestamp(milliseconds: seconds * 1000) }

    var request: SignableRequest {
        SignableRequest(
            method: method,
            path: path,
            query: query.map { ($0[0], $0[1]) },
            headers: headers.map { ($0[0], $0[1]) },
            body: Array(body.utf8)
        )
    }

    var headersByBotocore: Set<Header> { Set(signed.map { Header(($0[0], $0[1])) }) }

    func signedByUs() -> SignableRequest {
        SigV4.sign(
            request,
            credentials: SigningCredentials(
                accessKeyID: accessKeyID,
                secretAccessKey: Secret(secret),
                sessionToken: token.map(Secret.init)
            ),
            region: region,
            service: service,
            at: moment
        )
    }
}

/// A header whose name's case does not matter.
struct Header: Hashable {
    let name: String
    let value: String

    init(_ header: (String, String)) {
        name = header.0.lowercased()
        value = header.1
    }
}
