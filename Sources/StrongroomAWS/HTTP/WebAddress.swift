/// An address of http or https, read strictly: what is read is what is written, or it is refused.
///
/// There is no user info and no fragment, and nothing is decoded, so no two readers can take the
/// same text for different hosts.
struct WebAddress: Hashable, Sendable {
    let origin: HTTPOrigin

    /// The path as written, from its slash; `/` if there is none.
    let path: String

    /// What stands behind the question mark; `nil` if there is none.
    let query: String?

    /// What is sent as the target of a request.
    var target: String { query.map { "\(path)?\($0)" } ?? path }

    /// Why a text is no address.
    enum Fault: Error, Hashable, Sendable {
        case characters
        case scheme
        case userInfo
        case fragment
        case host
        case port
    }

    /// Reads an address.
    ///
    /// - Parameter text: For example `https://localhost:8443/`.
    /// - Throws: ``Fault`` if it is not exactly an address.
    init(_ text: String) throws(Fault) {
        guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != 0x5C }) else {
            throw .characters
        }
        guard !text.contains("#") else { throw .fragment }
        let (scheme, rest) = try Self.scheme(of: text)
        let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        let authority = rest[..<end]
        guard !authority.contains("@") else { throw .userInfo }
        let (host, port) = try Self.hostAndPort(of: authority)
        origin = HTTPOrigin(scheme, host: host, port: port)
        let parts = rest[end...].split(
            separator: "?",
            maxSplits: 1,
            omittingEmptySubsequences: false
        )
        path = parts.first.flatMap { $0.isEmpty ? nil : String($0) } ?? "/"
        query = parts.count > 1 ? String(parts[1]) : nil
    }

    private static func scheme(
        of text: String
    ) throws(Fault) -> (scheme: HTTPOrigin.Scheme, rest: Substring) {
        for scheme in [HTTPOrigin.Scheme.http, .https] {
            let prefix = "\(scheme.rawValue)://"
            if text.prefix(prefix.count).lowercased() == prefix {
                return (scheme, text.dropFirst(prefix.count))
            }
        }
        throw .scheme
    }

    private static func hostAndPort(
        of authority: Substring
    ) throws(Fault) -> (host: String, port: Int?) {
        var host = authority
        var portText: Substring?
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { throw .host }
            host = authority[authority.index(after: authority.startIndex)..<end]
            let rest = authority[authority.index(after: end)...]
            guard rest.isEmpty || rest.hasPrefix(":") else { throw .host }
            portText = rest.isEmpty ? nil : rest.dropFirst()
            guard host.contains(":"), host.allSatisfy({ $0.isHexDigit || $0 == ":" }) else {
                throw .host
            }
        } else {
            if let colon = authority.firstIndex(of: ":") {
                host = authority[..<colon]
                portText = authority[authority.index(after: colon)...]
            }
            guard isName(host) else { throw .host }
        }
        return (String(host), try port(portText))
    }

    private static func isName(_ host: Substring) -> Bool {
        let labels = host.split(separator: ".", omittingEmptySubsequences: false)
        return host.count <= 253
            && labels.allSatisfy { label in
                !label.isEmpty && label.count <= 63 && !label.hasPrefix("-")
                    && !label.hasSuffix("-")
                    && label.allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" }
            }
    }

    private static func port(_ text: Substring?) throws(Fault) -> Int? {
        guard let text else { return nil }
        guard text.count <= 5, text.allSatisfy(\.isNumber), let port = Int(text),
            (1...65_535).contains(port)
        else { throw .port }
        return port
    }
}

extension WebAddress.Fault: CustomStringConvertible {
    /// What is wrong with the address, without repeating it: it may hold a password.
    var description: String {
        switch self {
        case .characters: "has characters that no address may have"
        case .scheme: "does not begin with https:// or http://"
        case .userInfo: "has a user name or password in it"
        case .fragment: "has a fragment, the part behind #"
        case .host: "has no well-formed host"
        case .port: "has a port that is not from 1 to 65535"
        }
    }
}
