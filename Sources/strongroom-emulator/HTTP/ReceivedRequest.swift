import CloudHSMWire
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// A request as it came, body and all.
struct ReceivedRequest: Sendable {
    /// What a signature covers of it.
    let signable: SignableRequest

    /// Whether it came from this machine.
    let isFromLoopback: Bool

    /// The most bytes a body may have: two certificates and their frame are far below.
    static let largestBody = 1 << 20

    /// Reads a request to its end.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - isFromLoopback: Whether it came from this machine.
    /// - Throws: ``Refusal`` if its body is too large.
    init(_ request: Request, isFromLoopback: Bool) async throws {
        let body: ByteBuffer
        do {
            body = try await request.body.collect(upTo: Self.largestBody)
        } catch is NIOTooManyBytesError {
            throw Refusal.tooLarge
        }
        let target = request.head.path ?? "/"
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        var headers: [(String, String)] = []
        // HTTP/1.1's Host and HTTP/2's :authority are one thing here.
        if let host = request.head.authority { headers.append(("host", host)) }
        for field in request.headers { headers.append((field.name.rawName, field.value)) }
        signable = SignableRequest(
            method: request.method.rawValue,
            path: parts.first.map(String.init) ?? "/",
            query: parts.count > 1 ? QueryText.pairs(of: parts[1]) : [],
            headers: headers,
            body: Array(buffer: body)
        )
        self.isFromLoopback = isFromLoopback
    }

    /// The first value of a header.
    ///
    /// - Parameter name: The header's name, in any case.
    /// - Returns: Its value.
    func header(_ name: String) -> String? { signable.values(of: name).first }

    /// The host it was sent to, without the port, in lower case.
    var host: String {
        let host = (header("host") ?? "").lowercased()
        if host.hasPrefix("[") { return String(host.prefix { $0 != "]" }) + "]" }
        return String(host.prefix { $0 != ":" })
    }

    /// Its media type, without parameters, in lower case.
    var mediaType: String {
        let type = (header("content-type") ?? "").prefix { $0 != ";" }
        return type.lowercased().trimmingCharacters(in: .whitespaces)
    }

    /// The decoded value of a name in its query.
    ///
    /// - Parameter name: The name.
    /// - Returns: The value; `nil` if the query has no such name.
    func query(_ name: String) -> String? { signable.query.first { $0.0 == name }?.1 }
}

/// Names and values as queries and forms write them.
enum QueryText {
    /// Reads names and values.
    ///
    /// - Parameter text: A query or a form.
    /// - Returns: The pairs, decoded.
    static func pairs(of text: some StringProtocol) -> [(String, String)] {
        text.split(separator: "&").map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (decoded(parts[0]), parts.count > 1 ? decoded(parts[1]) : "")
        }
    }

    private static func decoded(_ text: some StringProtocol) -> String {
        let spaced = text.replacingOccurrences(of: "+", with: " ")
        return spaced.removingPercentEncoding ?? spaced
    }
}
