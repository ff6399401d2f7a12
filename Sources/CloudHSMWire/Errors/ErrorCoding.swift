public import CloudHSM

/// The bodies of errors, in both directions.
///
/// Source: fact sheet, section 1: `__type` names the exception, the text is in `Message`.
public enum ErrorCoding {
    /// Writes an exception.
    ///
    /// - Parameter exception: The exception.
    /// - Returns: The HTTP status and the body.
    public static func encode(_ exception: ServiceException) -> (status: Int, body: [UInt8]) {
        let status = exception.kind == .internalFailure ? 500 : 400
        let body = encode(name: exception.kind.rawValue, message: exception.message)
        return (status, body)
    }

    /// Writes an error that the service's model does not declare, such as those of signatures.
    ///
    /// - Parameters:
    ///   - name: The exception's name.
    ///   - message: Its text.
    /// - Returns: The body.
    public static func encode(name: String, message: String) -> [UInt8] {
        // Declared exceptions have their text in `Message`, those of AWS's front in `message`.
        let key = name.hasPrefix("CloudHsm") ? "Message" : "message"
        let fields: [String: JSONValue] = ["__type": .string(name), key: .string(message)]
        // Text has always a form in JSON.
        return (try? JSONText.bytes(fields)) ?? Array("{}".utf8)
    }

    /// Reads what an answer that is no success says.
    ///
    /// - Parameters:
    ///   - status: The HTTP status.
    ///   - headers: The headers; `x-amzn-errortype` names the exception where the body does not.
    ///   - body: The body, of whatever kind.
    /// - Returns: What it says.
    public static func decode(
        status: Int,
        headers: [(String, String)],
        body: [UInt8]
    ) -> WireFailure {
        let fields = (try? JSONText.fields(body)) ?? [:]
        guard let name = name(headers, fields) else {
            if status == 429 { return .throttled(name: "HTTP 429", message: excerpt(of: body)) }
            return .notJSON(status: status, excerpt: excerpt(of: body))
        }
        let message = fields.text("Message") ?? fields.text("message") ?? ""
        return failure(name: name, message: message, status: status)
    }

    /// The name that an answer that is no success gives to what went wrong, as it is written.
    ///
    /// - Parameters:
    ///   - headers: The headers.
    ///   - body: The body, of whatever kind.
    /// - Returns: The name; `nil` if there is none.
    public static func name(headers: [(String, String)], body: [UInt8]) -> String? {
        name(headers, (try? JSONText.fields(body)) ?? [:])
    }

    private static func name(
        _ headers: [(String, String)],
        _ fields: [String: JSONValue]
    ) -> String? {
        let header = headers.first { $0.0.lowercased() == "x-amzn-errortype" }?.1
        return (fields.text("__type") ?? header ?? fields.text("code")).map(bareName)
    }

    /// Without a namespace before `#` and a link after `:`.
    private static func bareName(_ type: String) -> String {
        let name = type.split(separator: "#").last ?? ""
        return String(name.prefix { $0 != ":" })
    }

    private static func failure(name: String, message: String, status: Int) -> WireFailure {
        if throttlingNames.contains(name) { return .throttled(name: name, message: message) }
        if let kind = ServiceException.Kind(rawValue: name) ?? sharedNames[name] {
            return .exception(ServiceException(kind, message))
        }
        if expiryNames.contains(name) { return .expiredToken(name: name, message: message) }
        if clockNames.contains(name) || isClock(name, message) {
            return .clock(name: name, message: message)
        }
        if signatureNames.contains(name) { return .signature(name: name, message: message) }
        if status == 429 { return .throttled(name: name, message: message) }
        return .unrecognised(status: status, name: name, message: message)
    }

    /// One exception stands for a wrong key and for a wrong clock; only its text tells them apart.
    private static func isClock(_ name: String, _ message: String) -> Bool {
        signatureNames.contains(name)
            && (message.hasPrefix("Signature expired")
                || message.hasPrefix("Signature not yet current"))
    }

    private static func excerpt(of body: [UInt8]) -> String {
        let text = String(decoding: body.prefix(400), as: UTF8.self)
        let printable = text.unicodeScalars.map { (0x20...0x7E).contains($0.value) ? $0 : " " }
        let words = String(String.UnicodeScalarView(printable)).split(separator: " ")
        return String(words.joined(separator: " ").prefix(160))
    }
}

/// The names that AWS's services share.
///
/// Source: botocore 1.43.11, `retries/standard.py`; "Common Errors" of the AWS API references.
extension ErrorCoding {
    private static let throttlingNames: Set<String> = [
        "BandwidthLimitExceeded", "EC2ThrottledException", "LimitExceededException",
        "PriorRequestNotComplete", "ProvisionedThroughputExceededException",
        "RequestLimitExceeded", "RequestThrottled", "RequestThrottledException", "SlowDown",
        "ThrottledException", "Throttling", "ThrottlingException", "TooManyRequestsException",
        "TransactionInProgressException",
    ]

    private static let expiryNames: Set<String> = [
        "ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired",
    ]

    private static let clockNames: Set<String> = ["RequestInTheFuture", "RequestTimeTooSkewed"]

    private static let signatureNames: Set<String> = [
        "AuthFailure", "IncompleteSignature", "IncompleteSignatureException",
        "InvalidAccessKeyId", "InvalidClientTokenId", "InvalidSignatureException",
        "MissingAuthenticationToken", "MissingAuthenticationTokenException", "NotAuthorized",
        "OptInRequired", "SignatureDoesNotMatch", "UnrecognizedClientException",
    ]

    private static let sharedNames: [String: ServiceException.Kind] = [
        "AccessDenied": .accessDenied,
        "AccessDeniedException": .accessDenied,
        "InternalFailure": .internalFailure,
        "InternalFailureException": .internalFailure,
        "InternalServerError": .internalFailure,
        "InternalServerException": .internalFailure,
        "SerializationException": .invalidRequest,
        "ServiceUnavailable": .internalFailure,
        "ServiceUnavailableException": .internalFailure,
        "UnknownOperationException": .invalidRequest,
        "ValidationError": .invalidRequest,
        "ValidationException": .invalidRequest,
    ]
}

extension [String: JSONValue] {
    fileprivate func text(_ name: String) -> String? {
        guard case .string(let text)? = self[name] else { return nil }
        return text
    }
}
