internal import CloudHSM
internal import CloudHSMWire

/// A signed request, as a message and as the bytes that stand for it until it is sent.
///
/// The bytes are an HTTP/1.1 message with the whole address in its first line (RFC 9112, section
/// 3.2.2), so that they say where they go. They hold a session's token and are never stored.
struct PreparedRequest: Sendable {
    let origin: HTTPOrigin
    let request: SignableRequest

    /// Builds and signs the request of a call.
    ///
    /// - Throws: What the encoder throws.
    init(
        _ call: Call,
        to endpoint: ServiceEndpoint,
        with credentials: SigningCredentials,
        at moment: Timestamp
    ) throws {
        origin = endpoint.origin
        let unsigned = SignableRequest(
            headers: [
                ("Host", endpoint.origin.hostHeader),
                ("Content-Type", CloudHSMEndpoint.contentType),
                (CloudHSMEndpoint.targetHeader, CloudHSMEndpoint.target(call.operation)),
                ("User-Agent", "strongroom"),
            ],
            body: try RequestCoding.encode(call)
        )
        request = SigV4.sign(
            unsigned,
            credentials: credentials,
            region: endpoint.region.description,
            service: endpoint.service.signingName,
            at: moment
        )
    }

    /// The message; it is sent as it is.
    func message(over connection: HTTPMessageRequest.Connection) -> HTTPMessageRequest {
        HTTPMessageRequest(
            request.method,
            to: origin,
            target: request.path,
            headers: request.headers.map { (name: $0.0, value: $0.1) },
            body: request.body,
            connection: connection
        )
    }

    /// What must not be shown, if an answer should repeat it.
    ///
    /// - Parameter held: The secrets that this process holds.
    /// - Returns: They, and the request's own.
    func secrets(beside held: SecretBook) -> KnownSecrets {
        KnownSecrets(
            sessionTokens: request.values(of: "X-Amz-Security-Token"),
            authorizations: request.values(of: "Authorization"),
            held: held
        )
    }
}

extension PreparedRequest {
    private static let lineEnd: [UInt8] = [0x0D, 0x0A]

    /// The request's bytes.
    var bytes: [UInt8] {
        let head =
            ["\(request.method) \(origin)\(request.path) HTTP/1.1"]
            + request.headers.map { "\($0.0): \($0.1)" }
        let lines = head.flatMap { Array($0.utf8) + Self.lineEnd }
        return lines + Self.lineEnd + request.body
    }

    /// Reads a request's bytes.
    ///
    /// - Throws: ``CallFault/notSigned`` if they are none of ours.
    init(bytes: [UInt8]) throws(CallFault) {
        var lines: [String] = []
        var rest = bytes[...]
        while true {
            guard let end = rest.firstIndex(of: 0x0D), end + 1 < rest.endIndex else {
                throw .notSigned
            }
            let line = String(decoding: rest[..<end], as: UTF8.self)
            rest = rest[(end + 2)...]
            if line.isEmpty { break }
            lines.append(line)
        }
        let first = (lines.first ?? "").split(separator: " ")
        guard
            first.count == 3, first[2] == "HTTP/1.1",
            let address = try? WebAddress(String(first[1]))
        else { throw .notSigned }
        origin = address.origin
        let headers = lines.dropFirst().map { line in
            let colon = line.firstIndex(of: ":") ?? line.endIndex
            return (String(line[..<colon]), String(line[colon...].dropFirst(2)))
        }
        request = SignableRequest(
            method: String(first[0]),
            path: address.path,
            headers: headers,
            body: Array(rest)
        )
    }
}
