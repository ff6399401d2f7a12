import Foundation
import Glibc
import StrongroomAWS
import Synchronization

/// A request as a stand-in saw it.
struct SeenRequest: Sendable {
    let method: String
    let target: String
    let headers: [String: String]
    let body: String

    /// Everything that came, to look for secrets in.
    var text: String {
        let lines = headers.map { "\($0.key): \($0.value)" }.sorted()
        return (["\(method) \(target)"] + lines + [body]).joined(separator: "\n")
    }

    /// The fields of a form.
    var form: [String: String] {
        var fields: [String: String] = [:]
        for pair in body.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { continue }
            fields[String(parts[0])] = percentDecoded(parts[1])
        }
        return fields
    }
}

/// What a stand-in does with a request.
enum StandInAnswer: Sendable {
    case reply(Int, String, headers: [String: String] = [:])
    /// Nothing is ever said.
    case silence
    /// The connection ends before a word is said.
    case cut
    /// The connection ends within the answer.
    case half
}

/// A tiny HTTP/1.1 server on this machine: one thread a connection, everything that comes is kept.
final class LocalServer: Sendable {
    let port: Int
    private let listener: Int32
    private let connectionCount = Atomic(0)
    private let seenRequests = Mutex<[SeenRequest]>([])
    private let handler: @Sendable (SeenRequest) -> StandInAnswer

    init(_ handler: @escaping @Sendable (SeenRequest) -> StandInAnswer) throws {
        signal(SIGPIPE, SIG_IGN)
        self.handler = handler
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(O_CLOEXEC), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = listener
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(listener, pointer, length) == 0 && listen(listener, 64) == 0
                    && getsockname(listener, pointer, &length) == 0
            }
        }
        guard isBound else { throw Unbound(errno: errno) }
        port = Int(UInt16(bigEndian: address.sin_port))
        startThread { [self] in
            accept(on: listener)
            close(listener)
        }
    }

    struct Unbound: Error {
        let errno: Int32
    }

    var address: String { "http://127.0.0.1:\(port)" }

    /// How many connections were opened.
    var connections: Int { connectionCount.load(ordering: .relaxed) }

    var seen: [SeenRequest] { seenRequests.withLock { $0 } }

    /// Takes no more connections.
    func stop() {
        // The thread that accepts closes it: until then nobody else can be given its number.
        shutdown(listener, Int32(SHUT_RDWR))
    }

    private func accept(on listener: Int32) {
        while true {
            let connection = Glibc.accept(listener, nil, nil)
            guard connection >= 0 else {
                if errno == EINTR || errno == ECONNABORTED { continue }
                return
            }
            connectionCount.add(1, ordering: .relaxed)
            startThread { [self] in
                serve(connection)
                close(connection)
            }
        }
    }

    private func serve(_ connection: Int32) {
        var kept: [UInt8] = []
        while let request = read(from: connection, &kept) {
            seenRequests.withLock { $0.append(request) }
            switch handler(request) {
            case .reply(let status, let body, let headers):
                let lines = headers.map { "\($0.key): \($0.value)\r\n" }.joined()
                write(
                    "HTTP/1.1 \(status) Some\r\nContent-Length: \(body.utf8.count)\r\n\(lines)\r\n"
                        + body,
                    to: connection
                )
            case .silence:
                var byte: UInt8 = 0
                while recv(connection, &byte, 1, 0) > 0 {}
                return
            case .cut: return
            case .half:
                write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"Half", to: connection)
                return
            }
        }
    }

    private func write(_ text: String, to connection: Int32) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { send(connection, $0.baseAddress, $0.count, 0) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    private func read(from connection: Int32, _ kept: inout [UInt8]) -> SeenRequest? {
        var buffer = [UInt8](repeating: 0, count: 1 << 14)
        while true {
            if let request = Self.request(in: &kept) { return request }
            let count = recv(connection, &buffer, buffer.count, 0)
            guard count > 0 else { return nil }
            kept += buffer.prefix(count)
        }
    }

    /// Takes a whole request from the front of what has come.
    private static func request(in kept: inout [UInt8]) -> SeenRequest? {
        let end = Array("\r\n\r\n".utf8)
        guard
            let split = kept.indices.first(where: { kept[$0...].starts(with: end) })
        else { return nil }
        let lines = String(decoding: kept[..<split], as: UTF8.self).split(separator: "\r\n")
        let words = lines[0].split(separator: " ")
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            headers[parts[0].lowercased()] =
                parts.count > 1
                ? String(parts[1].drop { $0 == " " }) : ""
        }
        let length = headers["content-length"].flatMap { Int($0) } ?? 0
        let start = split + end.count
        guard kept.count >= start + length else { return nil }
        let body = String(decoding: kept[start..<start + length], as: UTF8.self)
        kept.removeFirst(start + length)
        return SeenRequest(
            method: String(words[0]),
            target: words.count > 1 ? String(words[1]) : "",
            headers: headers,
            body: body
        )
    }
}

/// Starts a thread that nobody waits for; it ends when its socket is closed.
private func startThread(_ work: @escaping @Sendable () -> Void) {
    Thread.detachNewThread(work)
}

private func percentDecoded(_ text: Substring) -> String {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
        if byte == 0x25, rest.count >= 2,
            let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
        {
            bytes.append(value)
            rest = rest.dropFirst(2)
        } else {
            bytes.append(byte == 0x2B ? 0x20 : byte)
        }
    }
    return String(decoding: bytes, as: UTF8.self)
}
