import Foundation

/// A connected socket, read and written by one thread at a time.
final class WireSocket: Sendable {
    private let descriptor: Int32

    init(_ descriptor: Int32) {
        self.descriptor = descriptor
        // A program that is started meanwhile must not keep the connection open.
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    }

    deinit { close(descriptor) }

    /// Connects to a port of this machine.
    ///
    /// - Throws: When nobody listens there.
    static func connected(to port: UInt16) throws -> WireSocket {
        let wire = WireSocket(socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0))
        let status = LocalAddress(port: port).withPointer { address, length in
            connect(wire.descriptor, address, length)
        }
        guard status == 0 else { throw POSIXError(.ECONNREFUSED) }
        return wire
    }

    /// What comes next; nothing once the other end has closed.
    func read() -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        return count > 0 ? Array(buffer[..<count]) : []
    }

    /// Writes everything, or as much as the other end takes.
    func write(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    /// Lets the closing be a reset: what was sent and not yet read is lost.
    func resetWhenClosed() {
        var now = linger(l_onoff: 1, l_linger: 0)
        let size = socklen_t(MemoryLayout<linger>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &now, size)
    }

    /// Ends the talk in both directions, so that a thread that reads goes on.
    func shut() { shutdown(descriptor, Int32(SHUT_RDWR)) }
}

/// A socket that others connect to.
final class WireListener: Sendable {
    private let descriptor: Int32

    /// Where it listens.
    let port: UInt16

    /// Listens on a free port.
    ///
    /// - Parameter host: The last part of the loopback address, 127.0.0.x.
    /// - Throws: When that cannot be.
    init(host: UInt8 = 1) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        let listening = LocalAddress(host: host).withPointer { [descriptor] address, length in
            bind(descriptor, address, length) == 0 && listen(descriptor, 128) == 0
        }
        guard listening else { throw POSIXError(.EADDRINUSE) }
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) { [descriptor] pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = getsockname(descriptor, $0, &length)
            }
        }
        port = UInt16(bigEndian: address.sin_port)
    }

    deinit { close(descriptor) }

    /// The next who connects; `nil` once it was shut.
    func accepted() -> WireSocket? {
        let connection = accept(descriptor, nil, nil)
        return connection >= 0 ? WireSocket(connection) : nil
    }

    /// Listens no longer.
    func shut() { shutdown(descriptor, Int32(SHUT_RDWR)) }
}

/// An address of this machine.
private struct LocalAddress {
    private var address = sockaddr_in()

    init(host: UInt8 = 1, port: UInt16 = 0) {
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0000 | UInt32(host)).bigEndian
        address.sin_port = port.bigEndian
    }

    func withPointer<Value>(
        _ body: (UnsafePointer<sockaddr>, socklen_t) throws -> Value
    ) rethrows -> Value {
        try withUnsafePointer(to: address) { pointer in
            try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                try body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}
