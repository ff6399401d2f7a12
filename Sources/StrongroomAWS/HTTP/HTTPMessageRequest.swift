/// A request as its bytes will be: nothing is added to the path, the query or the body.
public struct HTTPMessageRequest: Sendable {
    /// Which connection may carry a request.
    public enum Connection: Sendable {
        /// One that is open already, or a new one.
        case pooled
        /// A new one that nothing was sent over before, for calls that may be sent once only: an
        /// open connection may have been closed at its other end without our knowing.
        case fresh
    }

    /// The method, such as `POST`.
    public var method: String

    /// Where it goes.
    public var origin: HTTPOrigin

    /// The path and query, encoded, from the first slash.
    public var target: String

    /// Names and values; `Host` is derived from the origin if it is not among them.
    public var headers: [(name: String, value: String)]

    /// The body; none if empty.
    public var body: [UInt8]

    /// Which connection may carry it.
    public var connection: Connection

    /// The longest answer taken, in bytes.
    public var answerLimit: Int

    /// Puts a request together.
    ///
    /// - Parameters:
    ///   - method: Such as `POST`.
    ///   - origin: Where it goes.
    ///   - target: The path and query, encoded.
    ///   - headers: Names and values.
    ///   - body: The body.
    ///   - connection: Which connection may carry it.
    ///   - answerLimit: The longest answer taken, in bytes; 16 MiB by default.
    public init(
        _ method: String,
        to origin: HTTPOrigin,
        target: String = "/",
        headers: [(name: String, value: String)] = [],
        body: [UInt8] = [],
        connection: Connection = .pooled,
        answerLimit: Int = 16 << 20
    ) {
        self.method = method
        self.origin = origin
        self.target = target
        self.headers = headers
        self.body = body
        self.connection = connection
        self.answerLimit = answerLimit
    }
}

extension HTTPMessageRequest: CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    /// Method and host only: headers, query and body may hold credentials.
    public var description: String { "\(method) \(origin)" }

    /// Method and host only.
    public var debugDescription: String { description }

    /// A mirror that shows nothing.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
