internal import Crypto

/// A request in the one form that both sides compute the signature of.
///
/// Source: AWS Identity and Access Management User Guide, "Create a signed AWS API request"; where
/// the guide leaves something open, botocore 1.43.11, `auth.py`, is followed.
struct CanonicalRequest {
    /// The names of the signed headers, sorted and joined.
    let signedHeaders: String

    /// The text.
    let text: String

    /// Headers that connections and proxies change, so that they are never signed.
    private static let unsigned: Set<String> = [
        "authorization", "connection", "expect", "keep-alive", "proxy-authenticate",
        "proxy-authorization", "te", "trailer", "transfer-encoding", "upgrade", "user-agent",
        "x-amzn-trace-id",
    ]

    /// The form of a request that is to be signed.
    init(signing request: SignableRequest) {
        self.init(request) { !Self.unsigned.contains($0) }
    }

    /// The form of a request that was signed, over the headers that its signature names.
    init(verifying request: SignableRequest, signedHeaders: Set<String>) {
        self.init(request) { signedHeaders.contains($0) }
    }

    private init(_ request: SignableRequest, where isSigned: (String) -> Bool) {
        var values: [String: [String]] = [:]
        for (name, value) in request.headers where isSigned(name.lowercased()) {
            values[name.lowercased(), default: []].append(Self.trimmed(value))
        }
        let names = values.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        signedHeaders = names.joined(separator: ";")
        let headers = names.map { "\($0):\(values[$0, default: []].joined(separator: ","))\n" }
        text = [
            request.method.uppercased(),
            Self.path(request.path),
            Self.query(request.query),
            headers.joined(),
            signedHeaders,
            request.values(of: "x-amz-content-sha256").first
                ?? SHA256.hash(data: request.body).hexadecimal,
        ].joined(separator: "\n")
    }

    /// The SHA-256 of the text.
    var digest: String { SHA256.hash(data: Array(text.utf8)).hexadecimal }

    /// Without outer spaces, and inner ones made one.
    private static func trimmed(_ value: String) -> String {
        value.unicodeScalars.split { $0 == " " || (0x09...0x0D).contains($0.value) }
            .map(String.init).joined(separator: " ")
    }

    /// Without dot segments and empty ones, and encoded once more.
    private static func path(_ path: String) -> String {
        guard !path.isEmpty else { return "/" }
        var segments: [Substring] = []
        for segment in path.split(separator: "/") where segment != "." {
            if segment == ".." {
                _ = segments.popLast()
            } else {
                segments.append(segment)
            }
        }
        let joined = segments.map { percentEncoded(String($0)) }.joined(separator: "/")
        let beginning = path.hasPrefix("/") ? "/" : ""
        return beginning + joined + (path.hasSuffix("/") && !segments.isEmpty ? "/" : "")
    }

    private static func query(_ query: [(String, String)]) -> String {
        let encoded = query.map { (percentEncoded($0.0), percentEncoded($0.1)) }
        let sorted = encoded.sorted { left, right in
            left.0 == right.0
                ? left.1.utf8.lexicographicallyPrecedes(right.1.utf8)
                : left.0.utf8.lexicographicallyPrecedes(right.0.utf8)
        }
        return sorted.map { "\($0.0)=\($0.1)" }.joined(separator: "&")
    }

    /// Every byte but RFC 3986's unreserved ones as `%` and two hexadecimal digits.
    private static func percentEncoded(_ text: String) -> String {
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: bytes.append(byte)
            default:
                bytes += [
                    0x25, Hexadecimal.upper[Int(byte >> 4)], Hexadecimal.upper[Int(byte & 15)],
                ]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// The digits of base 16.
enum Hexadecimal {
    static let upper = Array("0123456789ABCDEF".utf8)
    static let lower = Array("0123456789abcdef".utf8)
}

extension Sequence<UInt8> {
    /// Two lower-case hexadecimal digits for each byte.
    var hexadecimal: String {
        let digits = flatMap { [Hexadecimal.lower[Int($0 >> 4)], Hexadecimal.lower[Int($0 & 15)]] }
        return String(decoding: digits, as: UTF8.self)
    }
}
