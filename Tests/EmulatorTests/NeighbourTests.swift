import Foundation
import Testing

/// What others may do who can reach the emulator.
@Suite("An emulator that others can reach")
struct NeighbourTests {
    @Test(
        "serves them the API, and keeps the control paths to this machine",
        .enabled(if: Clients.areThere, Clients.missing),
        .enabled(if: Neighbour.address != nil, "needs an address besides the loopback's")
    )
    func controlPaths() async throws {
        let address = try #require(Neighbour.address)
        let emulator = try await Emulator("--host", "0.0.0.0", "--no-signatures")
        let told = try await Clients.run("neighbour.py", emulator.url, address)
        #expect(told == "a neighbour changes nothing")
    }
}

/// This machine as others see it.
enum Neighbour {
    /// An IPv4 address that is not the loopback's; `nil` if there is none.
    static let address: String? = {
        var first: UnsafeMutablePointer<ifaddrs>?
        guard getifaddrs(&first) == 0 else { return nil }
        defer { freeifaddrs(first) }
        var next = first
        while let entry = next?.pointee {
            next = entry.ifa_next
            guard
                let address = entry.ifa_addr, address.pointee.sa_family == UInt16(AF_INET),
                entry.ifa_flags & UInt32(IFF_LOOPBACK) == 0
            else { continue }
            var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            let length = socklen_t(MemoryLayout<sockaddr_in>.size)
            guard
                getnameinfo(
                    address,
                    length,
                    &text,
                    socklen_t(text.count),
                    nil,
                    0,
                    NI_NUMERICHOST
                ) == 0
            else { continue }
            return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self)
        }
        return nil
    }()
}
