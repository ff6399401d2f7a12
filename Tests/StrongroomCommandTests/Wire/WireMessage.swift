import Foundation

/// A request or an answer of HTTP/1.1, as its bytes came.
struct WireMessage: Sendable {
    /// The first line and the headers, the empty line included.
    let head: String

    /// What follows.
    let body: [UInt8]

    /// All of it.
    var bytes: [UInt8] { Array(head.utf8) + body }

    /// Reads one message.
    ///
    /// - Parameter wire: Where it comes from.
    /// - Returns: The message; `nil` if the other end closed before it was whole.
    static func next(on wire: WireSocket) -> WireMessage? {
        var bytes: [UInt8] = []
        while true {
            if let end = end(ofHeadIn: bytes) {
                let head = String(decoding: bytes[..<end], as: UTF8.self)
                let length = header("content-length", in: head).flatMap { Int($0) } ?? 0
                if bytes.count >= end + length {
                    return WireMessage(head: head, body: Array(bytes[end..<(end + length)]))
                }
            }
            let more = wire.read()
            guard !more.isEmpty else { return nil }
            bytes += more
        }
    }

    /// An answer.
    ///
    /// - Parameters:
    ///   - status: Its status.
    ///   - type: What its body is said to be.
    ///   - body: Its body.
    ///   - headers: Other headers.
    /// - Returns: The answer.
    static func answer(
        _ status: Int,
        _ type: String,
        _ body: [UInt8],
        headers: [String] = []
    ) -> WireMessage {
        let lines =
            ["HTTP/1.1 \(status) On-Purpose", "Content-Type: \(type)"]
            + ["Content-Length: \(body.count)"] + headers
        return WireMessage(head: lines.joined(separator: "\r\n") + "\r\n\r\n", body: body)
    }

    /// A header's value.
    func header(_ name: String) -> String? { Self.header(name, in: head) }

    private static func header(_ name: String, in head: String) -> String? {
        for line in head.split(separator: "\r\n").dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, parts[0].lowercased() == name else { continue }
            return parts[1].trimmingCharacters(in: .whitespaces)
        }
        return nil
    }

    private static func end(ofHeadIn bytes: [UInt8]) -> Int? {
        let mark = Array("\r\n\r\n".utf8)
        guard bytes.count >= mark.count else { return nil }
        for start in 0...(bytes.count - mark.count)
        where bytes[start] == 13 && Array(bytes[start..<(start + mark.count)]) == mark {
            return start + mark.count
        }
        return nil
    }
}

/// A request, as far as faults are chosen by it.
struct WireRequest: Sendable {
    /// The operation; `clock` for the world's clock and `sts` for a request for credentials.
    let operation: String

    /// The Region of its signature; empty without one.
    let region: String

    /// Whether it asks for a page behind the first.
    let isLaterPage: Bool

    /// How often the operation was asked for so far, this request included.
    let number: Int

    /// How often it was asked for in this Region.
    let numberInRegion: Int

    /// The operation of a request.
    static func operation(of message: WireMessage) -> String {
        guard let target = message.header("x-amz-target") else {
            return message.head.contains(" /_strongroom/clock ") ? "clock" : "sts"
        }
        return target.split(separator: ".").last.map(String.init) ?? target
    }

    /// The Region of a request's signature; empty without one.
    static func region(of message: WireMessage) -> String {
        let scope = message.header("authorization")?.split(separator: "/") ?? []
        return scope.count > 2 ? String(scope[2]) : ""
    }

    init(_ message: WireMessage, number: Int, inRegion numberInRegion: Int) {
        operation = Self.operation(of: message)
        region = Self.region(of: message)
        isLaterPage = String(decoding: message.body, as: UTF8.self).contains("NextToken")
        self.number = number
        self.numberInRegion = numberInRegion
    }

    /// Whether it only reads.
    var isReading: Bool { operation.hasPrefix("Describe") || operation == "ListTags" }

    /// Whether it changes something.
    var isChanging: Bool { !isReading && operation != "clock" && operation != "sts" }
}
