/// What of an HTTP request a signature covers.
public struct SignableRequest: Sendable {
    /// The method, such as `POST`.
    public var method: String

    /// The path as it stands in the request line, percent-encoded, without the query.
    public var path: String

    /// The query's names and values, decoded, in any order.
    public var query: [(String, String)]

    /// The headers in the order sent, `host` among them; a name may come more than once.
    public var headers: [(String, String)]

    /// The body.
    public var body: [UInt8]

    /// Describes a request.
    ///
    /// - Parameters:
    ///   - method: The method.
    ///   - path: The path as it stands in the request line.
    ///   - query: The query's names and values, decoded.
    ///   - headers: The headers in the order sent.
    ///   - body: The body.
    public init(
        method: String = "POST",
        path: String = "/",
        query: [(String, String)] = [],
        headers: [(String, String)],
        body: [UInt8]
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
    }

    /// The values of a header, in the order sent.
    ///
    /// - Parameter name: The header's name, in any case.
    /// - Returns: Its values; empty if it is not there.
    public func values(of name: String) -> [String] {
        let name = name.lowercased()
        return headers.filter { $0.0.lowercased() == name }.map(\.1)
    }

    /// Replaces a header, whatever it was before.
    mutating func set(_ name: String, _ value: String) {
        remove(name)
        headers.append((name, value))
    }

    /// Takes a header out.
    mutating func remove(_ name: String) {
        let name = name.lowercased()
        headers.removeAll { $0.0.lowercased() == name }
    }
}
