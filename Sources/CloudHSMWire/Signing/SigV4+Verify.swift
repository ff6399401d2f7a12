public import CloudHSM
internal import Crypto

extension SigV4 {
    /// How far a signature's date may be from the server's clock.
    ///
    /// Source: the texts of AWS's refusals name 5 minutes.
    public static let tolerance = Duration.minutes(5)

    /// Checks a request's signature, as the service would.
    ///
    /// - Parameters:
    ///   - request: The request as it came.
    ///   - now: The server's clock.
    ///   - secret: The secret of a key's id; `nil` if nobody has it.
    /// - Returns: What was signed for, or why the signature is refused.
    public static func verify(
        _ request: SignableRequest,
        now: Timestamp,
        secret: (_ accessKeyID: String) -> Secret?
    ) -> SignatureVerdict {
        do throws(SignatureRefusal) {
            let given = try Authorization(of: request)
            let date = try given.date(of: request, now: now)
            guard let secret = secret(given.accessKeyID) else {
                throw SignatureRefusal(
                    name: .unrecognizedClient,
                    message: "The security token included in the request is invalid."
                )
            }
            let canonical = CanonicalRequest(
                verifying: request,
                signedHeaders: given.signedHeaders
            )
            let right = given.scope.signature(of: canonical, at: date, with: secret)
            // MACs compare in constant time.
            guard right == given.signature else { throw .invalid(mismatch) }
            return .valid(
                accessKeyID: given.accessKeyID,
                region: given.scope.region,
                service: given.scope.service
            )
        } catch {
            return .refused(error)
        }
    }

    private static let mismatch = """
        The request signature we calculated does not match the signature you provided. Check your \
        AWS Secret Access Key and signing method. Consult the service documentation for details.
        """
}

/// The parts of an Authorization header.
private struct Authorization {
    let accessKeyID: String
    let scope: SigningScope
    let signedHeaders: Set<String>
    let signature: [UInt8]

    init(of request: SignableRequest) throws(SignatureRefusal) {
        guard let header = request.values(of: "authorization").first, !header.isEmpty else {
            throw SignatureRefusal(
                name: .missingAuthenticationToken,
                message: "Missing Authentication Token"
            )
        }
        guard header.hasPrefix("\(SigV4.algorithm) ") else {
            throw .incomplete("Authorization header requires \(SigV4.algorithm). (\(header))")
        }
        let fields = Self.fields(of: header.dropFirst(SigV4.algorithm.count))
        let credential = try Self.required("Credential", among: fields)
        let signature = try Self.required("Signature", among: fields)
        let headers = try Self.required("SignedHeaders", among: fields)
        let parts = credential.split(separator: "/", omittingEmptySubsequences: false)
            .map(String.init)
        guard parts.count == 5 else {
            throw .incomplete(
                "Credential must have exactly 5 slash-delimited elements, e.g. "
                    + "keyid/date/region/service/term, got '\(credential)'"
            )
        }
        guard parts[4] == SigningScope.end else {
            throw .invalid(
                "Credential should be scoped with a valid terminator: '\(SigningScope.end)', not '\(parts[4])'."
            )
        }
        accessKeyID = parts[0]
        scope = SigningScope(day: parts[1], region: parts[2], service: parts[3])
        signedHeaders = Set(headers.split(separator: ";").map { $0.lowercased() })
        self.signature = [UInt8](hexadecimal: signature) ?? []
        try requireSignedHeaders(of: request)
    }

    private static func fields(of text: Substring) -> [Substring: Substring] {
        var fields: [Substring: Substring] = [:]
        for field in text.split(whereSeparator: { $0 == "," || $0 == " " }) {
            guard let equals = field.firstIndex(of: "=") else { continue }
            fields[field[..<equals]] = field[field.index(after: equals)...]
        }
        return fields
    }

    private static func required(
        _ name: String,
        among fields: [Substring: Substring]
    ) throws(SignatureRefusal) -> String {
        guard let value = fields[name[...]], !value.isEmpty else {
            throw .incomplete("Authorization header requires '\(name)' parameter.")
        }
        return String(value)
    }

    /// `host` and everything of AWS's own must be covered, or it could be changed on the way.
    private func requireSignedHeaders(of request: SignableRequest) throws(SignatureRefusal) {
        guard signedHeaders.contains("host") || signedHeaders.contains(":authority") else {
            throw .invalid(
                "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."
            )
        }
        for (name, _) in request.headers {
            let name = name.lowercased()
            guard !name.hasPrefix("x-amz-") || signedHeaders.contains(name) else {
                throw .invalid("'\(name)' must be a 'SignedHeader' in the AWS Authorization.")
            }
        }
    }

    /// The moment of signing, if it is near enough and belongs to the scope.
    func date(
        of request: SignableRequest,
        now: Timestamp
    ) throws(SignatureRefusal) -> SigningDate {
        guard let text = request.values(of: "x-amz-date").first else {
            throw .incomplete("Authorization header requires existence of a 'X-Amz-Date' header.")
        }
        guard let date = SigningDate(text) else {
            throw .incomplete("Date must be in ISO-8601 'basic format'. Got '\(text)'.")
        }
        guard date.day == scope.day else {
            throw .invalid(
                "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date "
                    + "from HTTP: '\(scope.day)' != '\(date.day)', from '\(text)'."
            )
        }
        let (earliest, latest) = (now - SigV4.tolerance, now + SigV4.tolerance)
        guard date.moment >= earliest else {
            throw .invalid(
                "Signature expired: \(text) is now earlier than \(SigningDate(earliest).text) "
                    + "(\(SigningDate(now).text) - 5 min.)"
            )
        }
        guard date.moment <= latest else {
            throw .invalid(
                "Signature not yet current: \(text) is still later than "
                    + "\(SigningDate(latest).text) (\(SigningDate(now).text) + 5 min.)"
            )
        }
        return date
    }
}

extension SignatureRefusal {
    fileprivate static func invalid(_ message: String) -> SignatureRefusal {
        SignatureRefusal(name: .invalidSignature, message: message)
    }

    fileprivate static func incomplete(_ message: String) -> SignatureRefusal {
        SignatureRefusal(name: .incompleteSignature, message: message)
    }
}

extension [UInt8] {
    /// Reads pairs of hexadecimal digits; `nil` for anything else.
    fileprivate init?(hexadecimal text: String) {
        let digits = text.utf8.map { Hexadecimal.lower.firstIndex(of: $0) }
        guard digits.count.isMultiple(of: 2), !digits.contains(nil) else { return nil }
        self = stride(from: 0, to: digits.count, by: 2).map { place in
            UInt8((digits[place] ?? 0) << 4 | (digits[place + 1] ?? 0))
        }
    }
}
