public import CloudHSM
internal import Crypto

/// AWS Signature Version 4 over headers.
///
/// Source: AWS Identity and Access Management User Guide, "Create a signed AWS API request".
public enum SigV4 {
    static let algorithm = "AWS4-HMAC-SHA256"

    /// Signs a request.
    ///
    /// Whatever it had of the three headers that a signature sets is replaced.
    ///
    /// - Parameters:
    ///   - request: The request; its headers must have `host`.
    ///   - credentials: What it is signed with.
    ///   - region: The Region of the scope, which is the endpoint's.
    ///   - service: The service's signing name.
    ///   - moment: When it is signed, by the service's clock.
    /// - Returns: The request with X-Amz-Date, X-Amz-Security-Token for temporary credentials, and
    ///   Authorization; nothing of what was signed may be changed any more.
    public static func sign(
        _ request: SignableRequest,
        credentials: SigningCredentials,
        region: String,
        service: String,
        at moment: Timestamp
    ) -> SignableRequest {
        var signed = request
        let date = SigningDate(moment)
        signed.remove("Authorization")
        signed.remove("Date")
        signed.set("X-Amz-Date", date.text)
        signed.remove("X-Amz-Security-Token")
        if let token = credentials.sessionToken {
            signed.set("X-Amz-Security-Token", token.revealed)
        }
        let canonical = CanonicalRequest(signing: signed)
        let scope = SigningScope(day: date.day, region: region, service: service)
        let signature = Array(
            scope.signature(of: canonical, at: date, with: credentials.secretAccessKey)
        )
        let fields = [
            "\(algorithm) Credential=\(credentials.accessKeyID)/\(scope.text)",
            "SignedHeaders=\(canonical.signedHeaders)",
            "Signature=\(signature.hexadecimal)",
        ]
        signed.headers.append(("Authorization", fields.joined(separator: ", ")))
        return signed
    }
}

/// What a signature holds for: a day, a Region, a service.
struct SigningScope: Hashable {
    let day: String
    let region: String
    let service: String

    static let end = "aws4_request"

    var text: String { "\(day)/\(region)/\(service)/\(Self.end)" }

    /// The signature of a request.
    func signature(
        of request: CanonicalRequest,
        at date: SigningDate,
        with secret: Secret
    ) -> HMAC<SHA256>.MAC {
        let text = [SigV4.algorithm, date.text, text, request.digest].joined(separator: "\n")
        return HMAC.authenticationCode(for: Array(text.utf8), using: key(from: secret))
    }

    private func key(from secret: Secret) -> SymmetricKey {
        [day, region, service, Self.end].reduce(
            SymmetricKey(data: Array("AWS4\(secret.revealed)".utf8))
        ) { key, part in
            SymmetricKey(data: HMAC<SHA256>.authenticationCode(for: Array(part.utf8), using: key))
        }
    }
}

/// A moment as signatures write it, whole seconds only: `20261120T090000Z`.
struct SigningDate: Hashable {
    let text: String

    /// The first eight digits.
    var day: String { String(text.prefix(8)) }

    init(_ moment: Timestamp) {
        let seconds = moment.milliseconds - (moment.milliseconds % 1000 + 1000) % 1000
        text = Timestamp(milliseconds: seconds).description
            .filter { $0 != "-" && $0 != ":" }
    }

    /// Reads a date; `nil` if it is written in another way.
    init?(_ text: String) {
        guard Self.moment(text) != nil else { return nil }
        self.text = text
    }

    /// The moment the date means.
    var moment: Timestamp { Self.moment(text) ?? Timestamp(milliseconds: 0) }

    private static func moment(_ text: String) -> Timestamp? {
        let digits = Array(text.utf8)
        guard digits.count == 16 else { return nil }
        func part(_ range: Range<Int>) -> String { String(decoding: digits[range], as: UTF8.self) }
        return Timestamp(
            "\(part(0..<4))-\(part(4..<6))-\(part(6..<11)):\(part(11..<13)):\(part(13..<16))"
        )
    }
}
