/// An answer, read to its end.
public struct HTTPMessageResponse: Sendable {
    /// The status, such as 200; 3xx too, because redirects are not followed.
    public var status: Int

    /// Names and values, as they came.
    public var headers: [(name: String, value: String)]

    /// The body.
    public var body: [UInt8]

    /// Puts an answer together.
    ///
    /// - Parameters:
    ///   - status: The status.
    ///   - headers: Names and values.
    ///   - body: The body.
    public init(status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// Whether the answer points elsewhere; nothing was sent there.
    public var isRedirect: Bool { (300...399).contains(status) }

    /// The first value of a header.
    ///
    /// - Parameter name: The name in any case.
    /// - Returns: The value; `nil` if there is none.
    public func header(_ name: String) -> String? {
        let wanted = name.lowercased()
        return headers.first { $0.name.lowercased() == wanted }?.value
    }
}

extension HTTPMessageResponse: CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    /// Status and length only: headers and body may hold credentials.
    public var description: String { "HTTP \(status), \(body.count) bytes" }

    /// Status and length only.
    public var debugDescription: String { description }

    /// A mirror that shows nothing.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
