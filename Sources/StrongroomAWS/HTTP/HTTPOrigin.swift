/// Where a request goes: a scheme, a host and a port.
public struct HTTPOrigin: Hashable, Sendable {
    /// How the host is spoken to.
    public enum Scheme: String, Sendable {
        /// Without encryption; allowed to this machine and to the documented link-local hosts.
        case http
        /// Over TLS.
        case https
    }

    /// The scheme.
    public let scheme: Scheme

    /// A name or an address in lower case; an IPv6 address without brackets.
    public let host: String

    /// The port, from 1 to 65535.
    public let port: Int

    /// Names an origin.
    ///
    /// - Parameters:
    ///   - scheme: The scheme.
    ///   - host: A name or an address that is known to be well formed.
    ///   - port: From 1 to 65535; the scheme's own by default.
    init(_ scheme: Scheme, host: String, port: Int? = nil) {
        self.scheme = scheme
        self.host = host.lowercased()
        self.port = port ?? scheme.port
    }

    /// The value of the header `Host`: the port only where it is not the scheme's own.
    public var hostHeader: String {
        port == scheme.port ? bracketedHost : "\(bracketedHost):\(port)"
    }

    /// Whether the host is this machine itself: `localhost`, 127.0.0.0/8 or ::1.
    public var isLoopback: Bool {
        host == "localhost" || host == "::1" || isIPv4(startingWith: "127.")
    }

    private var bracketedHost: String { host.contains(":") ? "[\(host)]" : host }

    private func isIPv4(startingWith prefix: String) -> Bool {
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return host.hasPrefix(prefix) && parts.count == 4
            && parts.allSatisfy { $0.count <= 3 && UInt8($0) != nil }
    }
}

extension HTTPOrigin: CustomStringConvertible {
    /// The origin as it stands in an address, such as `https://localhost:8443`.
    public var description: String { "\(scheme.rawValue)://\(hostHeader)" }
}

extension HTTPOrigin.Scheme {
    /// The scheme's own port.
    var port: Int {
        switch self {
        case .http: 80
        case .https: 443
        }
    }
}
